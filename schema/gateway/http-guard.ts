// What stands before the GraphQL runtime on HTTP: paths, media types, body size, and requests that a foreign page may
// make without asking (CSRF).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerEarly } from '#node/platform/answer-early.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { GatewayLimits } from './gateway-options.ts';
import { toGraphQLError } from './public-errors.ts';
import { readBody } from './read-body.ts';

export interface HttpGuardOptions {
  readonly path: string;
  readonly limits: GatewayLimits;
  readonly logger: Logger;
  readonly corsOrigins: '*' | readonly string[];
  /** Whether the request's credentials are those of a viewer. @throws AiosError when they are bad */
  readonly isSignedIn: (request: IncomingMessage) => Promise<boolean>;
}

const BODY_STATUS: Readonly<Record<string, number>> = { BODY_TOO_LARGE: 413, UNAUTHENTICATED: 401 };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Headers of which a browser makes a foreign page ask first; clients without a browser may send any of them. */
const PREFLIGHTED = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-graphql-csrf',
  'authorization',
];

function answer(
  options: HttpGuardOptions,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: AiosError,
) {
  const { message, extensions } = toGraphQLError(error);
  const { http: _, ...shown } = extensions;
  const text = JSON.stringify({ errors: [{ message, extensions: shown }] });
  const asked = request.headers.accept ?? '';
  const type = asked.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    ...(options.corsOrigins === '*' && { 'access-control-allow-origin': '*' }),
    ...(status === 405 && { allow: 'GET, POST, OPTIONS' }),
    // The rest of a body that is not read would be taken for the next request.
    ...(status === 413 && { connection: 'close' }),
  });
  if (status === 413) answerEarly(request, response, text);
  else response.end(text);
}

/** A request that a page of another site made and that the browser did not ask about before. */
function isForeignSimpleRequest(request: IncomingMessage): boolean {
  if (PREFLIGHTED.some((header) => request.headers[header] !== undefined)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = request.headers; // browsers of before 2023 without Sec-Fetch-Site
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

/** Wraps the runtime's request handler. Everything it refuses is answered as a GraphQL error, with the fix. */
export function guardHttp(options: HttpGuardOptions, handle: Handler): Handler {
  const { path, limits, logger, isSignedIn } = options;

  /** Bodies beyond the usual limit are only for those who have signed in, which is looked at before the body is. */
  const bodyLimit = async (request: IncomingMessage): Promise<number> => {
    const { maxBodyBytes, maxSignedInBodyBytes } = limits;
    const large = Number(request.headers['content-length'] ?? 0) > maxBodyBytes;
    return large && request.headers.authorization && (await isSignedIn(request))
      ? Math.max(maxBodyBytes, maxSignedInBodyBytes)
      : maxBodyBytes;
  };

  const post = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== 'application/json') {
      const message = 'send the operation as JSON, with content-type: application/json';
      answer(options, request, response, 415, new AiosError('UNSUPPORTED_MEDIA_TYPE', message));
      return;
    }
    const refuse = (message: string) =>
      answer(options, request, response, 400, new AiosError('BAD_REQUEST', message));
    let body: unknown;
    try {
      const bytes = await readBody(request, await bodyLimit(request));
      try {
        body = JSON.parse(bytes.toString('utf8'));
      } catch {
        return refuse('the body is not JSON');
      }
    } catch (error) {
      if (!(error instanceof AiosError)) throw error;
      return answer(options, request, response, BODY_STATUS[error.code] ?? 400, error);
    }
    if (Array.isArray(body)) return refuse('batching is off: send one operation a request');
    if (typeof body !== 'object' || body === null || Object.keys(body).length === 0)
      return refuse(
        'the body must be an object with "query", and optionally "variables" and "operationName"',
      );
    // The runtime takes a parsed body as it is, instead of piping the request through a limiting stream of its own.
    Object.assign(request, { body });
    handle(request, response);
  };

  return (request, response) => {
    const { method, url = '/' } = request;
    if (url !== path && !url.startsWith(`${path}?`)) {
      answer(options, request, response, 404, new AiosError('NOT_FOUND', `GraphQL is served at ${path}`));
    } else if (method === 'POST') {
      post(request, response).catch((error: unknown) => {
        logger.warn({ err: error }, 'a request broke off');
        response.destroy();
      });
    } else if (method === 'GET' && isForeignSimpleRequest(request)) {
      const message =
        'refused as a possible cross-site request forgery: send POST with content-type application/json, or add the header apollo-require-preflight';
      answer(options, request, response, 403, new AiosError('CSRF_REFUSED', message));
    } else if (method === 'GET' || method === 'OPTIONS') {
      handle(request, response);
    } else {
      answer(options, request, response, 405, new AiosError('METHOD_NOT_ALLOWED', 'use GET or POST'));
    }
  };
}
