// The address of a subgraph that has none: join__graph wants a URL, and this one can never be reached by mistake.

/** `.invalid` never resolves (RFC 2606). */
const HOST_SUFFIX = '.in-process.invalid';

export function inProcessUrl(name: string): string {
  return `http://${name.toLowerCase().replaceAll('_', '-')}${HOST_SUFFIX}/graphql`;
}

/** Whether a subgraph's URL in the supergraph says that it is served by an executor in this process. */
export function isInProcessUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname.endsWith(HOST_SUFFIX);
}
