// The client's address, for rate limits and audit.
import type { IncomingMessage } from 'node:http';

/** Behind a trusted proxy the last hop it reports, else the peer. IPv4 in IPv6 clothes is undressed. */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  if (trustProxy) {
    const forwarded = request.headers['x-forwarded-for'];
    const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
    if (last) return last;
  }
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
