export async function test(_folder: string, _options: object): Promise<void> {}
