// graph-node's HTTP endpoints of deployments, `/subgraphs/name/X` and `/subgraphs/id/Qm…`, with its statuses, headers and error shapes.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, type ExecutionResult, GraphQLError, parse } from 'graphql';
import { answerEarly } from '#node/platform/answer-early.ts';
import { messageOf } from '#node/platform/errors.ts';
import { type HeadLoader, type OperationContext, ReadPoint, ReadSet } from '#node/platform/operation.ts';
import type { TextExecutor } from './executor.ts';

export interface SubgraphEndpointOptions {
  /** The executor, in graph-node's face, of a deployment by name or by content id; undefined when there is none. */
  find(target: { readonly by: 'name' | 'id'; readonly value: string }): Promise<TextExecutor | undefined>;
  readonly heads: HeadLoader;
  /** Bytes of a request body; longer ones are refused. */
  readonly maxBodyBytes?: number;
  /** Milliseconds after which a query is given up between two statements. */
  readonly timeoutMs?: number;
  /** Told of errors that are nobody's query's fault; the client learns no more than that there was one. */
  onError?(error: unknown): void;
}

/** Handles a request when its path is one of these endpoints; otherwise leaves it alone and returns false. */
export type SubgraphEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface GraphQLBody {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'Content-Type, User-Agent',
  'access-control-allow-methods': 'GET, OPTIONS, POST',
} as const;

/** Parsed documents are kept, as executors remember what they know of a document for as long as it lives. */
const MAX_DOCUMENTS = 500;
const DEFAULT_MAX_BODY = 1_000_000;
const DEFAULT_TIMEOUT = 30_000;

/** The request handler that a server mounts before its other routes. */
export function createSubgraphEndpoint(options: SubgraphEndpointOptions): SubgraphEndpoint {
  const documents = new Map<string, DocumentNode>();
  return async (request, response) => {
    const target = targetOf(request.url ?? '/');
    if (target === undefined) return false;
    if (request.method === 'OPTIONS') {
      response.writeHead(200, { ...CORS, 'content-type': 'text/html; charset=utf-8' }).end();
      return true;
    }
    if (request.method !== 'POST') {
      sendJson(response, 200, {
        message: `POST GraphQL queries here: {"query": "{ _meta { block { number } } }"}`,
      });
      return true;
    }
    const aborted = new AbortController();
    response.on('close', () => aborted.abort());
    try {
      const body = await readGraphQLBody(request, options.maxBodyBytes ?? DEFAULT_MAX_BODY);
      const result = await answer(options, documents, target, body, {
        viewer: null,
        readPoint: new ReadPoint(options.heads),
        reads: new ReadSet(),
        signal: AbortSignal.any([aborted.signal, AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT)]),
        requestId: randomUUID(),
        ip: request.socket.remoteAddress ?? '',
      });
      sendText(
        response,
        200,
        typeof result === 'string' ? (result === NO_DATA ? '{}' : result) : JSON.stringify(shaped(result)),
      );
    } catch (error) {
      if (error instanceof ClientError) refuse(request, response, error);
      else if ((error as { name?: unknown }).name === 'TimeoutError') {
        sendJson(response, 200, { errors: [{ message: 'Query timed out' }] });
      } else if (!aborted.signal.aborted) {
        options.onError?.(error);
        sendJson(response, 500, { error: 'Internal server error: see the log of the indexer' });
      }
    }
    return true;
  };
}

/** A request that is wrong as such; its answer is not GraphQL's. */
export class ClientError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

const clientError = (problem: string) => new ClientError(`GraphQL server error (client error): ${problem}`);

async function answer(
  options: SubgraphEndpointOptions,
  documents: Map<string, DocumentNode>,
  target: Parameters<SubgraphEndpointOptions['find']>[0],
  body: GraphQLBody,
  context: OperationContext,
): Promise<string | ExecutionResult> {
  let document: DocumentNode;
  try {
    document = documents.get(body.query) ?? parse(body.query);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
  documents.delete(body.query);
  documents.set(body.query, document);
  const [oldest] = documents.keys();
  if (documents.size > MAX_DOCUMENTS && oldest !== undefined) documents.delete(oldest);

  const executor = await options.find(target);
  if (executor === undefined) {
    return { errors: [new GraphQLError(`deployment \`${target.value}\` does not exist`)] };
  }
  const result = await executor.executeText({
    document,
    variables: body.variables,
    operationName: body.operationName,
    context,
  });
  if (typeof result === 'string' || !(Symbol.asyncIterator in result)) return result;
  await result[Symbol.asyncIterator]().return?.();
  return { errors: [new GraphQLError('Not supported: Subscriptions need a WebSocket')] };
}

/** `/subgraphs/name/a/b` and `/subgraphs/id/Qm…`, with or without a slash at the end. */
export function targetOf(url: string): Parameters<SubgraphEndpointOptions['find']>[0] | undefined {
  const [path = ''] = url.split('?');
  const match = /^\/subgraphs\/(name|id)\/(.+)$/.exec(path);
  const value = match?.[2]
    ?.split('/')
    .filter((part) => part !== '')
    .join('/');
  if (!match || !value) return undefined;
  try {
    return { by: match[1] === 'id' ? 'id' : 'name', value: decodeURIComponent(value) };
  } catch {
    return undefined;
  }
}

/** The body of a GraphQL request. @throws ClientError in graph-node's words */
export async function readGraphQLBody(request: IncomingMessage, limit: number): Promise<GraphQLBody> {
  if (request.headers['content-type'] === undefined) throw new ClientError('Content-Type header is required');
  const chunks: Buffer[] = [];
  let size = 0;
  // A refusal must leave the connection open: its answer is still to come.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new ClientError(`The request body is longer than ${limit} bytes: send a shorter query`, 413);
    chunks.push(chunk);
  }
  if (size === 0) throw new ClientError('Body is required');
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw clientError(messageOf(error));
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw clientError('Request data is not an object');
  }
  const { query, variables, operationName } = json as Readonly<Record<string, unknown>>;
  if (query === undefined) throw clientError('The "query" field is missing in request data');
  if (typeof query !== 'string') throw clientError('The "query" field is not a string');
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) {
    throw clientError('Invalid query variables provided');
  }
  return {
    query,
    variables: (variables ?? undefined) as GraphQLBody['variables'],
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

/** An answer without any field, which graph-node leaves out whole. */
const NO_DATA = '{"data":{}}';

/** Codes of errors to which graph-node adds where in the query they arose. */
const LOCATED = new Set<unknown>(['NULL_FOR_NON_NULL', 'AMBIGUOUS_DERIVED', 'INVALID_QUERY']);

/** Where graph-node says that a wrong argument is: nowhere. */
const NOWHERE = [{ line: 0, column: 0 }];

/** A result as graph-node writes it: errors are a message, rarely a location; ours to retry say so. */
function shaped(result: ExecutionResult): unknown {
  if (result.errors === undefined || result.errors.length === 0)
    return result.data && Object.keys(result.data).length > 0 ? { data: result.data } : {};
  const errors = result.errors.map((error) => {
    const { code, retryable } = error.extensions;
    const located = LOCATED.has(code) || error.message.startsWith('Syntax Error');
    return {
      ...(located && error.locations ? { locations: error.locations } : {}),
      ...(code === 'INVALID_ARGUMENT' ? { locations: NOWHERE } : {}),
      message: error.message,
      // Others are graph-node's own, to the byte.
      ...(retryable && code === 'BLOCK_REORGED' ? { extensions: { code, retryable } } : {}),
    };
  });
  return { errors };
}

/** Answers a ClientError. */
export function refuse(request: IncomingMessage, response: ServerResponse, error: ClientError): void {
  const text = JSON.stringify({ error: error.message });
  response.writeHead(error.status, {
    ...CORS,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    // What is left of a body that was not read would be taken for the next request.
    ...(error.status === 413 && { connection: 'close' }),
  });
  answerEarly(request, response, text);
}

/** Answers with JSON, unless the client has gone. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(status, { ...CORS, 'content-type': 'application/json' }).end(text);
}
