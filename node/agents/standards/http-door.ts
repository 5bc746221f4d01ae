// What every protocol endpoint beside GraphQL checks before it looks at a request: where a browser's page comes from, who asks, how much.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import type { Json } from '../runtime/runtime.ts';

export interface HttpDoorOptions {
  /** Who sends this `authorization` header; null without one. @throws AiosError UNAUTHENTICATED */
  readonly authenticate: (authorization: string | undefined) => Promise<Viewer | null>;
  /** Where users reach this server: pages from there may call, and from this machine's own names for itself. */
  readonly publicUrl: string;
  /** Other origins whose pages may call. */
  readonly origins?: readonly string[];
  readonly maxBodyBytes: number;
}

const local = new Set(['localhost', '127.0.0.1', '[::1]']);

export class HttpDoor {
  readonly #options: HttpDoorOptions;
  readonly #origins: ReadonlySet<string>;

  constructor(options: HttpDoorOptions) {
    this.#options = options;
    this.#origins = new Set([new URL(options.publicUrl).origin, ...(options.origins ?? [])]);
  }

  /** False, and answered, when the page that calls is a stranger's; answers preflights too. */
  admits(request: IncomingMessage, response: ServerResponse, methods: string): boolean {
    const { origin } = request.headers;
    if (origin !== undefined) {
      if (!this.#knows(origin)) {
        sendError(
          response,
          403,
          'ORIGIN_NOT_ALLOWED',
          `Pages of ${origin.slice(0, 200)} may not call this endpoint. Let the operator add the origin to agents.origins.`,
        );
        return false;
      }
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
      response.setHeader('access-control-expose-headers', 'mcp-session-id, www-authenticate');
    }
    if (request.method !== 'OPTIONS') return true;
    response.writeHead(204, {
      'access-control-allow-methods': methods,
      'access-control-allow-headers':
        'authorization, content-type, accept, mcp-session-id, mcp-protocol-version, last-event-id, a2a-version, a2a-extensions',
      'access-control-max-age': '600',
    });
    response.end();
    return false;
  }

  /** The viewer; undefined, and answered with 401, when there is none. */
  async viewer(request: IncomingMessage, response: ServerResponse): Promise<Viewer | undefined> {
    const { authorization } = request.headers;
    try {
      const viewer = await this.#options.authenticate(authorization);
      if (viewer) return viewer;
      challenge(response, 'Bearer realm="AiOS Studio", scope="read write"');
      sendError(
        response,
        401,
        'UNAUTHENTICATED',
        'Sign in (mutation signIn) and send the access token as "authorization: Bearer …".',
      );
    } catch (error) {
      if (!(error instanceof AiosError)) throw error;
      const said = error.message.replace(/["\\\r\n]/g, ' ');
      challenge(
        response,
        `Bearer realm="AiOS Studio", error="invalid_token", error_description="${said}", scope="read write"`,
      );
      sendError(response, 401, error.code, error.message);
    }
    return undefined;
  }

  /** False, and answered with 403, when the token does not allow to act. */
  mayAct(viewer: Viewer, response: ServerResponse): boolean {
    if (viewer.scopes.includes('write')) return true;
    challenge(response, 'Bearer realm="AiOS Studio", error="insufficient_scope", scope="read write"');
    sendError(response, 403, 'FORBIDDEN', 'This needs the scope write: ask for it when signing in.');
    return false;
  }

  /** The body as JSON; undefined, and answered, when it is too large or none. */
  async json(request: IncomingMessage, response: ServerResponse): Promise<Json | undefined> {
    const limit = this.#options.maxBodyBytes;
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () => {
      // What still comes is not read: the connection ends with the answer.
      response.setHeader('connection', 'close');
      sendError(response, 413, 'BODY_TOO_LARGE', `The request body may have ${limit} bytes. Send less.`);
    };
    if (Number(request.headers['content-length'] ?? 0) > limit) return void tooLarge();
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limit) return void tooLarge();
        chunks.push(chunk);
      }
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))) as Json;
    } catch (error) {
      sendError(response, 400, 'PARSE_ERROR', `The body is not JSON in UTF-8: ${messageOf(error)}.`, -32700);
      return undefined;
    }
  }

  #knows(origin: string): boolean {
    if (this.#origins.has(origin)) return true;
    return URL.canParse(origin) && local.has(new URL(origin).hostname);
  }
}

function challenge(response: ServerResponse, value: string): void {
  response.setHeader('www-authenticate', value);
}

/** An error in JSON-RPC's clothes, which both protocols wear. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  rpcCode = -32000,
): void {
  sendBody(response, status, { jsonrpc: '2.0', error: { code: rpcCode, message, data: { code } }, id: null });
}

export function sendBody(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

export const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';

export const peerOf = (request: IncomingMessage): string =>
  (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
