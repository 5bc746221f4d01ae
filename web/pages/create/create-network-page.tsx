export function CreateNetworkPage() { return null; }
