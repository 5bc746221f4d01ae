// HTTP for guests: only hosts of the manifest, only public addresses, within bytes and time. Redirects are handed to the guest, not followed.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import { type Capability, checkedArgs, grantOf, readAnswer } from './capability.ts';
import type { Grants } from './grants.ts';
import { type Resolve, requestOutside } from './outside-request.ts';

export interface HttpOptions {
  /** Hosts (with port) of the operator's own network that guests may reach all the same, such as "erp.internal:8080". */
  readonly privateHosts?: readonly string[];
  /** Resolves names; the system's resolver when absent. */
  readonly resolve?: Resolve;
}

const args = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(4_096),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
      z
        .string()
        .max(4_096)
        .regex(/^[^\r\n\0]*$/),
    )
    .default({}),
  body: z.string().optional(),
});

/** What belongs to the connection, not to the guest. */
const ownHeaders = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'],
  ...['proxy-authorization', 'proxy-connection', 'keep-alive', 'idempotency-key', 'accept-encoding'],
]);
const maxHeaders = 32;

/** Whether a host (`name` or `name:port`) is one that the list allows: exactly, or below `*.`. */
export function hostAllowed(url: URL, hosts: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return hosts.some((pattern) => {
    const [name = '', wanted] = pattern.split(':');
    if (wanted === undefined ? url.port !== '' : wanted !== port) return false;
    return name.startsWith('*.')
      ? url.hostname.endsWith(name.slice(1)) && url.hostname.length > name.length - 1
      : url.hostname === name;
  });
}

export function httpCapability(options: HttpOptions = {}): Capability {
  return {
    name: 'http.fetch',
    async act(step) {
      const grant = grantOf(step, 'http');
      const { url: text, method, headers, body } = checkedArgs(step, args);
      const url = new URL(text);
      checkPolicy(url, method, headers, body, grant);
      const safe = method === 'GET' || method === 'HEAD';
      if (!safe) await step.begin();
      const answer = await send(url, method, headers, body, {
        grant,
        signal: AbortSignal.any([step.signal, AbortSignal.timeout(grant.timeoutMs)]),
        key: safe ? undefined : step.key,
        options,
      });
      if (safe) return readAnswer(step, answer);
      await step.answered({ ok: answer });
      return { ok: answer };
    },
  };
}

function checkPolicy(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
  grant: NonNullable<Grants['http']>,
): void {
  if (url.username || url.password)
    throw new AiosError(
      'URL_NOT_ALLOWED',
      'A URL with a name and password is refused. Send an authorization header.',
    );
  if (!hostAllowed(url, grant.hosts)) {
    throw new AiosError(
      'HOST_NOT_ALLOWED',
      `${url.host} is not among the hosts of the manifest. Add it to capabilities.http.hosts and deploy a new version.`,
    );
  }
  if (!grant.methods.some((allowed) => allowed === method)) {
    throw new AiosError(
      'METHOD_NOT_ALLOWED',
      `${method} is not among the methods of the manifest. Add it to capabilities.http.methods and deploy a new version.`,
    );
  }
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const wrong = names.find((name) => ownHeaders.has(name));
  if (wrong || names.length > maxHeaders)
    throw new AiosError(
      'HEADER_NOT_ALLOWED',
      `The header ${wrong ?? ''} is refused; at most ${maxHeaders} others may be set. Leave it out.`,
    );
  if (body !== undefined && Buffer.byteLength(body) > grant.bytes)
    throw new AiosError(
      'REQUEST_TOO_LARGE',
      `The body is over ${grant.bytes} bytes. Send less, or raise capabilities.http.bytes.`,
    );
}

interface SendContext {
  readonly grant: NonNullable<Grants['http']>;
  readonly signal: AbortSignal;
  readonly key: string | undefined;
  readonly options: HttpOptions;
}

async function send(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
  { grant, signal, key, options }: SendContext,
): Promise<Json> {
  try {
    const response = await requestOutside(url, {
      ...{ method, body, signal },
      headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      mayBePrivate: hostAllowed(url, options.privateHosts ?? []),
      resolve: options.resolve,
    });
    const bytes = await readBody(response, grant.bytes);
    const text = decode(bytes);
    return {
      status: response.statusCode ?? 0,
      headers: plainHeaders(response.headers),
      ...(text === undefined ? { bodyBase64: bytes.toString('base64') } : { body: text }),
    };
  } catch (error) {
    if (error instanceof AiosError) throw error;
    if (signal.aborted)
      throw new AiosError(
        'HTTP_TIMEOUT',
        `${url.host} did not answer within ${grant.timeoutMs} ms. Try again later, or raise capabilities.http.timeoutMs.`,
      );
    throw new AiosError(
      'HTTP_FAILED',
      `${url.host} could not be reached: ${messageOf(error)}. Try again later.`,
      { cause: error },
    );
  }
}

async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw new AiosError(
        'RESPONSE_TOO_LARGE',
        `The answer is over ${limit} bytes. Ask for less, or raise capabilities.http.bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'set-cookie'
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
