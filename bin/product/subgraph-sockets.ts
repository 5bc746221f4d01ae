// Live queries on one deployment, in graph-node's face: WebSockets (graphql-transport-ws) at /subgraphs/name/X and /subgraphs/id/Qm….
// The same engine, limits and back-pressure as at /graphql.
import type { Server } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
} from 'graphql';
import { targetOf } from '#indexer/query/http.ts';
import { messageOf } from '#node/platform/errors.ts';
import { namesTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { HeadLoader, SubgraphExecutor } from '#node/platform/operation.ts';
import { isStream } from '#schema/gateway/async-stream.ts';
import type { GatewayLimits } from '#schema/gateway/gateway-options.ts';
import { structureError, structureOf } from '#schema/gateway/limits/structure.ts';
import type { CommitFeed } from '#schema/gateway/live/commit-feed.ts';
import { LiveQueries } from '#schema/gateway/live/live-queries.ts';
import type { LiveExecution } from '#schema/gateway/live/live-query.ts';
import { createScope } from '#schema/gateway/operation-scope.ts';
import { publicError } from '#schema/gateway/public-errors.ts';
import { attachWebSocket } from '#schema/gateway/websocket.ts';

type Target = NonNullable<ReturnType<typeof targetOf>>;
type Result = ExecutionResult;

export interface SubgraphSocketsOptions {
  /** The executor of a deployment, with subscriptions; undefined when there is none. */
  readonly find: (target: Target) => Promise<SubgraphExecutor | undefined>;
  readonly heads: HeadLoader;
  readonly feed: CommitFeed;
  readonly bus: EventBus;
  readonly limits: GatewayLimits;
  readonly logger: Logger;
}

export interface SubgraphSockets {
  attach(server: Server): void;
  close(): Promise<void>;
}

interface Payload {
  readonly query?: unknown;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
}

interface Request {
  readonly target: Target;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
  readonly ip: string;
}

/** Documents kept: executors remember what they know of one for as long as it lives. */
const MAX_DOCUMENTS = 500;

export function createSubgraphSockets(options: SubgraphSocketsOptions): SubgraphSockets {
  const { limits, logger, heads } = options;
  const engine = new LiveQueries({ feed: options.feed, logger });
  // A name that stands for another deployment now: its listeners hear of that one.
  const stopListening = options.bus.onSignal(namesTopic, () => engine.refreshAll());
  const documents = new Map<string, DocumentNode>();

  const read = (query: string): DocumentNode => {
    const known = documents.get(query);
    if (known) return known;
    const document = parse(query, { maxTokens: limits.maxTokens });
    const error = structureError(structureOf(document), limits);
    if (error) throw error;
    documents.set(query, document);
    const [oldest] = documents.keys();
    if (documents.size > MAX_DOCUMENTS && oldest !== undefined) documents.delete(oldest);
    return document;
  };

  const execute = async (
    { target, document, variables, operationName, ip }: Request,
    signal?: AbortSignal,
  ) => {
    const scope = createScope({ viewer: null, ip, headLoader: heads });
    const context = signal ? { ...scope.operation, signal } : scope.operation;
    const executor = await options.find(target);
    const result: Result | AsyncIterable<Result> = executor
      ? await executor.execute({ document, variables, operationName, context })
      : { errors: [new GraphQLError(`deployment \`${target.value}\` does not exist`)] };
    return { result, context };
  };

  const executeLive = async (request: Request): Promise<LiveExecution> => {
    try {
      const { result, context } = await execute(request, AbortSignal.timeout(limits.operationTimeoutMs));
      if (isStream<Result>(result)) throw new Error('a query answered with a stream');
      return { result, reads: context.reads, heads: await context.readPoint.all() };
    } catch (error) {
      const { operation } = createScope({ viewer: null, ip: request.ip, headLoader: heads });
      return {
        result: { errors: [publicError(error, operation.requestId, logger)] },
        reads: operation.reads,
        heads: new Map(),
      };
    }
  };

  const run = async (request: Request): Promise<Result | AsyncIterable<Result>> => {
    const { result } = await execute(request);
    if (!isStream<Result>(result)) return result;
    // It was valid as a subscription; what is listened to is the query of the same fields, shared with all who asked the same.
    await result[Symbol.asyncIterator]().return?.();
    const document = asQuery(request.document, request.operationName);
    const { target, variables, operationName } = request;
    const key = JSON.stringify([target, request.document.loc?.source.body, variables, operationName]);
    return engine.subscribe(key, () => executeLive({ ...request, document }));
  };

  const sockets = attachWebSocket({
    accepts: (url) => targetOf(url) !== undefined,
    limits,
    logger,
    corsOrigins: '*',
    admit: async () => {},
    run: async (payload, { request }) => {
      const target = targetOf(request.url ?? '/');
      const { query, variables, operationName } = payload as Payload;
      try {
        if (!target || typeof query !== 'string') throw new GraphQLError('The "query" field is missing');
        return await run({
          target,
          document: read(query),
          variables: variables ?? undefined,
          operationName: operationName ?? undefined,
          ip: request.socket.remoteAddress ?? '',
        });
      } catch (error) {
        if (error instanceof GraphQLError) return { errors: [error] };
        logger.error({ err: error, problem: messageOf(error) }, 'an operation on a deployment failed');
        return { errors: [publicError(error, 'unknown', logger)] };
      }
    },
  });
  return {
    attach: sockets.attach,
    async close() {
      stopListening();
      engine.close();
      await sockets.close();
    },
  };
}

const queries = new WeakMap<DocumentNode, Map<string, DocumentNode>>();

/** The subscription as a query of the same fields; the same object for the same document, so that its plan is kept. */
function asQuery(document: DocumentNode, operationName: string | undefined): DocumentNode {
  const byName = queries.get(document) ?? new Map<string, DocumentNode>();
  queries.set(document, byName);
  const known = byName.get(operationName ?? '');
  if (known) return known;
  const operation = getOperationAST(document, operationName);
  const made: DocumentNode = {
    ...document,
    definitions: document.definitions.map((node) =>
      node === operation ? { ...operation, operation: OperationTypeNode.QUERY } : node,
    ),
  };
  byName.set(operationName ?? '', made);
  return made;
}
