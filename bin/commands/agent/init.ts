export async function init(_name: string | undefined, _options: object): Promise<void> {}
