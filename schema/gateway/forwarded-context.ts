// The operation context on its way to a subgraph in another process: viewer and read point in one signed header.
// Bound to the request's body and to a minute, so that a captured header is worth nothing elsewhere or later.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';
import {
  type BlockPointer,
  type OperationContext,
  ReadPoint,
  ReadSet,
  type Viewer,
} from '#node/platform/operation.ts';

export const FORWARDED_CONTEXT_HEADER = 'x-aios-context';

/** A read point of a hundred deployments takes about 15 KB: start servers of subgraphs with this `maxHeaderSize`. */
export const FORWARDED_MAX_HEADER_BYTES = 128 * 1024;

/** Seconds a signature is good for: the longest a request may queue, clocks of one installation apart included. */
const VALID_SECONDS = 60;

interface Payload {
  readonly viewer: Viewer | null;
  readonly heads: readonly (readonly [deployment: string, number: number, hash: string])[];
  readonly requestId: string;
  readonly ip: string;
  /** Seconds since the epoch after which the signature is refused. */
  readonly expires: number;
  /** SHA-256 of the body, base64url. */
  readonly body: string;
}

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('base64url');
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();

/** The header's value for a request with this body. Pins the read point, since the subgraph must see the same blocks. */
export async function signForwardedContext(
  context: OperationContext,
  body: string,
  secret: string,
): Promise<string> {
  const heads = await context.readPoint.all();
  const payload: Payload = {
    viewer: context.viewer,
    heads: [...heads].map(([deployment, { number, hash }]) => [deployment, number, hash] as const),
    requestId: context.requestId,
    ip: context.ip,
    expires: Math.floor(Date.now() / 1000) + VALID_SECONDS,
    body: sha256(body),
  };
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${text}.${hmac(secret, text).toString('base64url')}`;
}

const refused = (why: string) =>
  new AiosError(
    'FORWARDED_CONTEXT_INVALID',
    `the request does not come from our gateway: ${why}; check that both sides share one forwarding secret and one time`,
  );

/**
 * The operation context that a gateway has signed. Reads are collected anew; send them back with the answer.
 * @throws AiosError `FORWARDED_CONTEXT_INVALID` when header, body, secret or time do not fit together.
 */
export function verifyForwardedContext(
  header: string | undefined,
  body: string | Uint8Array,
  secret: string,
  signal: AbortSignal,
): OperationContext {
  const [text, signature] = header?.split('.') ?? [];
  if (!text || !signature) throw refused(`header ${FORWARDED_CONTEXT_HEADER} is missing`);
  const given = Buffer.from(signature, 'base64url');
  const wanted = hmac(secret, text);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw refused('the signature is wrong');
  const payload = JSON.parse(Buffer.from(text, 'base64url').toString()) as Payload;
  if (payload.expires * 1000 < Date.now()) throw refused('the signature has expired');
  if (payload.body !== sha256(body)) throw refused('the signature belongs to another body');
  const heads = new Map<string, BlockPointer>(
    payload.heads.map(([deployment, number, hash]) => [deployment, { number, hash }]),
  );
  return {
    viewer: payload.viewer,
    readPoint: new ReadPoint(async () => heads, heads),
    reads: new ReadSet(),
    signal,
    requestId: payload.requestId,
    ip: payload.ip,
  };
}

/** A read set as it travels back in a response's `extensions.aios.reads`. */
export interface ForwardedReads {
  readonly entities: Readonly<Record<string, readonly string[]>>;
  readonly topics: readonly string[];
}

export function serializeReads(reads: ReadSet): ForwardedReads | undefined {
  if (reads.entities.size === 0 && reads.topics.size === 0) return undefined;
  return {
    entities: Object.fromEntries([...reads.entities].map(([deployment, names]) => [deployment, [...names]])),
    topics: [...reads.topics],
  };
}

export function mergeReads(reads: ReadSet, forwarded: ForwardedReads): void {
  for (const [deployment, names] of Object.entries(forwarded.entities)) {
    for (const name of names) reads.addEntity(deployment, name);
  }
  for (const topic of forwarded.topics) reads.addTopic(topic);
}
