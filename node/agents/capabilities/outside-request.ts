// One HTTP request to the world outside for a guest: to public addresses only, and the address that was checked is the one connected to, so
// that a name which resolves differently the second time gains nothing. Nothing is followed, nothing is kept alive.
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AiosError } from '#node/platform/errors.ts';
import { isPublicAddress } from './public-address.ts';

/** Resolves names; the system's resolver when absent. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface OutsideRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** The operator lets guests reach it whatever address it has. */
  readonly mayBePrivate: boolean;
  readonly resolve?: Resolve;
}

/** @throws AiosError ADDRESS_NOT_ALLOWED; and what the system says of connections that fail */
export async function requestOutside(url: URL, request: OutsideRequest): Promise<IncomingMessage> {
  const { method, headers, body, signal, mayBePrivate, resolve } = request;
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) && !mayBePrivate && !isPublicAddress(literal)) throw privateAddress(url.host);
  const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise<IncomingMessage>((resolved, rejected) => {
    const sent = make(url, {
      ...{ method, signal },
      headers: { 'user-agent': 'aios-agent', ...headers },
      lookup: checkedLookup(url.host, mayBePrivate, resolve),
      agent: false,
      maxHeaderSize: 16_384,
    });
    sent.once('response', resolved).once('error', rejected);
    sent.end(body);
  });
}

function privateAddress(host: string): AiosError {
  return new AiosError(
    'ADDRESS_NOT_ALLOWED',
    `${host} is an address of a private network. Use a public host, or let the operator allow it.`,
  );
}

/** Resolves a name once, refuses it when any of its addresses is private, and hands the socket exactly what was checked. */
function checkedLookup(host: string, mayBePrivate: boolean, resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const first = addresses[0];
        if (!first) return callback(new Error(`${hostname} has no address`), '', 0);
        if (!mayBePrivate && !addresses.every(({ address }) => isPublicAddress(address)))
          return callback(privateAddress(host), '', 0);
        if (lookupOptions.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function systemLookup(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}
