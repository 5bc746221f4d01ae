// The gateway: one GraphQL endpoint over HTTP, server-sent events and WebSocket, in front of all subgraphs.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  createGatewayRuntime,
  type GatewayPlugin,
  type UnifiedGraphHandler,
} from '@graphql-hive/gateway-runtime';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { SubgraphExecutor, Viewer } from '#node/platform/operation.ts';
import { clientAddress } from './client-address.ts';
import { type CompiledSupergraph, compileSupergraph } from './compiled-supergraph.ts';
import { createDirectExecutor } from './direct-executor.ts';
import { DEFAULT_LIMITS, type GatewayOptions } from './gateway-options.ts';
import { createGeneration, type Generation } from './generation.ts';
import { guardHttp } from './http-guard.ts';
import { RateLimiter } from './limits/rate-limiter.ts';
import { refuse } from './limits/refuse.ts';
import { type Structure, structureError, structureOf } from './limits/structure.ts';
import { LiveQueries } from './live/live-queries.ts';
import { OperationRunner } from './operation-runner.ts';
import { createScope, type OperationScope } from './operation-scope.ts';
import { withoutSignalHandlers } from './own-signals.ts';
import { type DocumentParams, resolveDocument } from './persisted-documents.ts';
import { publicError } from './public-errors.ts';
import { compileOffThread } from './supergraph-compiler.ts';
import { attachWebSocket } from './websocket.ts';

/** What a swap replaces. */
export interface SupergraphUpdate {
  /** Text, to be taken apart in a thread of its own, or what `compileOffThread` answered. */
  readonly supergraph: string | CompiledSupergraph;
  /** Executors of the in-process subgraphs; those given before are kept when absent. */
  readonly subgraphs?: Readonly<Record<string, SubgraphExecutor>>;
  /** Names of the subgraphs whose subscriptions are live queries; as before when absent. */
  readonly live?: readonly string[];
}

export interface Gateway {
  /** Handles requests to the endpoint's path; mount it there. Other paths are answered with 404. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  /** Path of the endpoint. */
  readonly path: string;
  /** Accepts WebSockets (graphql-transport-ws) on the endpoint's path of this server. Leaves other paths alone. */
  attach(server: Server): void;
  /** The API schema that is served now. */
  readonly schema: GraphQLSchema;
  /** The same supergraph for callers that say who is asking: limits and access are those of any client. */
  readonly executor: SubgraphExecutor;
  /**
   * Serves another supergraph from now on. Operations and streams that run go on where they began, streams for at most
   * `drainTimeoutMs`; live queries move over at once. Rejects, and changes nothing, when the supergraph cannot be served.
   */
  swap(update: SupergraphUpdate): Promise<void>;
  /** Live queries that run, identical ones counted once. */
  readonly liveQueries: number;
  /** Ends streams and sockets. The server itself belongs to the caller. */
  close(): Promise<void>;
}

/** Our own properties on the runtime's context of one operation. */
interface GatewayState {
  aiosScope?: OperationScope;
  req?: IncomingMessage;
  res?: ServerResponse;
  connectionParams?: Record<string, unknown>;
  /** True when the operation came over a WebSocket. */
  aiosSocket?: boolean;
}

const MAX_TOKENS = /more than? (\d+) tokens|more that (\d+) tokens/;

/**
 * Builds the gateway and its first supergraph; ready to listen when it resolves.
 *
 * @example
 * const gateway = await createGateway({ supergraphSdl, subgraphs: { directory, identity }, headLoader, logger });
 * const server = createServer(gateway.listener);
 * gateway.attach(server);
 *
 * @throws AiosError `SUBGRAPH_MISSING` when a subgraph has neither an executor nor a URL.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger, headLoader, authenticate, forwardingSecret, persistedDocuments } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const limiter = options.rateLimit ? new RateLimiter(options.rateLimit) : undefined;
  const path = options.path ?? '/graphql';
  const drainTimeoutMs = options.drainTimeoutMs ?? 3_600_000;
  const introspection = options.introspection ?? 'public';

  let given = options.subgraphs ?? {};
  let liveNames = options.live?.subgraphs ?? [];
  const first = await createGeneration({
    supergraph: compileSupergraph(options.supergraphSdl),
    subgraphs: given,
    live: liveNames,
    forwardingSecret,
  });
  let current: Generation = first;
  /** What the runtime takes up when it next looks. */
  let next: Generation = first;
  const draining = new Set<NodeJS.Timeout>();
  const planning = new Set<Generation>([first]);

  const engine = options.live && new LiveQueries({ feed: options.live.feed, logger });
  const runner = new OperationRunner({
    limits,
    limiter,
    live: engine,
    liveHeadLoader: options.live?.headLoader ?? headLoader,
    logger,
    current: () => current,
    enforceAccess: authenticate !== undefined,
    onOperation: options.onOperation,
  });

  const after = (milliseconds: number, work: () => void) => {
    const timer = setTimeout(() => {
      draining.delete(timer);
      work();
    }, milliseconds);
    timer.unref();
    draining.add(timer);
  };
  const retire = (generation: Generation) => {
    // Operations plan when they begin, and none that began on it takes longer.
    after(limits.operationTimeoutMs, () => {
      planning.delete(generation);
      generation.stopPlanning();
    });
    after(drainTimeoutMs, () => generation.retired.abort());
  };

  const execute = (generation: Generation, request: unknown) => {
    const { document, variables, operationName, context } = request as {
      document: Parameters<OperationRunner['run']>[1]['document'];
      variables?: Record<string, unknown>;
      operationName?: string;
      context: GatewayState;
    };
    if (!context.aiosScope) throw new Error('an operation came without its scope');
    return runner.run(generation, { document, variables, operationName, scope: context.aiosScope });
  };

  const addressOf = (request: IncomingMessage | undefined) =>
    request ? clientAddress(request, options.trustProxy === true) : '';

  /** Who asks, by what the socket was opened with or by the request's header. */
  const viewerOf = async (
    request: IncomingMessage | undefined,
    connectionParams: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Viewer | null> => {
    if (!authenticate) return null;
    const headers = request?.headers ?? {};
    const fromSocket = connectionParams?.authorization ?? connectionParams?.Authorization;
    const authorization = typeof fromSocket === 'string' ? fromSocket : headers.authorization;
    return authenticate({ authorization, headers, connectionParams, ip: addressOf(request) });
  };

  const open = async (context: GatewayState): Promise<OperationScope> => {
    const ip = addressOf(context.req);
    const viewer = await viewerOf(context.req, context.connectionParams);
    const scope = createScope({ viewer, ip, headLoader });
    limiter?.take(scope.client);
    const { res } = context;
    if (res && !context.aiosSocket) {
      res.setHeader('x-request-id', scope.operation.requestId);
      res.once('close', () => {
        if (!res.writableFinished) scope.controller.abort();
      });
    }
    return scope;
  };

  const structures = new WeakMap<object, Structure>();
  const plugin: GatewayPlugin<GatewayState> = {
    async onParams({ params, setParams, context }) {
      const state = context as GatewayState;
      try {
        state.aiosScope = await open(state);
        const asked = params as typeof params & DocumentParams;
        const query = await resolveDocument(asked, persistedDocuments);
        if (query !== asked.query || asked.documentId !== undefined) {
          const { variables, operationName, extensions } = params;
          setParams({ query: query as string, variables, operationName, extensions });
        }
      } catch (error) {
        throw publicError(error, state.aiosScope?.operation.requestId ?? 'unknown', logger);
      }
    },
    onParse({ setParseFn }) {
      setParseFn((source, parseOptions) => {
        try {
          return parse(source as string, { ...parseOptions, maxTokens: limits.maxTokens });
        } catch (error) {
          if (error instanceof GraphQLError && MAX_TOKENS.test(error.message)) {
            throw refuse('maxTokens', 'more tokens', limits.maxTokens, 'split the document');
          }
          throw error;
        }
      });
    },
    onValidate({ params, context }) {
      const document = params.documentAST;
      let structure = structures.get(document);
      if (!structure) {
        structure = structureOf(document);
        structures.set(document, structure);
      }
      const error = structureError(structure, limits);
      if (error) throw error;
      if (!structure.introspects || introspection === 'public') return;
      const viewer = (context as GatewayState).aiosScope?.operation.viewer;
      if (introspection === 'off' || !viewer) {
        throw new GraphQLError(
          introspection === 'off'
            ? 'introspection is switched off here: take the schema from its documentation'
            : 'introspection needs a signed-in user: sign in and send the access token',
          { extensions: { code: 'INTROSPECTION_REFUSED' } },
        );
      }
    },
  };

  const runtime = withoutSignalHandlers(() =>
    createGatewayRuntime<Record<string, unknown>>({
      // The runtime only sees that there is another one; what it would do with it has been done.
      supergraph: () => next.skeleton,
      unifiedGraphHandler: () => {
        const generation = next;
        const executor = (request: unknown) => execute(generation, request);
        return { unifiedGraph: generation.schema, executor } as unknown as ReturnType<UnifiedGraphHandler>;
      },
      gracefulSchemaReload: { drainTimeout: drainTimeoutMs },
      graphqlEndpoint: path,
      graphiql: false,
      landingPage: false,
      batching: undefined,
      requestId: false,
      subgraphErrors: false,
      logging: false,
      cors: {
        origin: options.corsOrigins === '*' ? '*' : [...(options.corsOrigins ?? ['*'])],
        credentials: false,
      },
      maskedErrors: { maskError: (error) => publicError(error, 'unknown', logger) },
      plugins: () => [plugin],
    }),
  );
  // Before listening: a WebSocket operation that came first would otherwise find no schema.
  await runtime.getSchema();

  const sockets = attachWebSocket({
    accepts: (url) => url === path || url.startsWith(`${path}?`),
    limits,
    logger,
    corsOrigins: options.corsOrigins ?? '*',
    run: async (payload, connection) => {
      const context = {
        req: connection.request,
        connectionParams: connection.params,
        aiosSocket: true,
      };
      try {
        const request = connection.asRequest();
        return (await runtime.getResultForParams({ params: payload as never, request }, context as never)) as
          | ExecutionResult
          | AsyncIterable<ExecutionResult>;
      } catch (error) {
        return { errors: [publicError(error, 'unknown', logger)] };
      }
    },
    admit: async (request, params) => {
      if (!authenticate) return;
      const fromSocket = params?.authorization ?? params?.Authorization;
      await authenticate({
        authorization: typeof fromSocket === 'string' ? fromSocket : request.headers.authorization,
        headers: request.headers,
        connectionParams: params,
        ip: clientAddress(request, options.trustProxy === true),
      });
    },
  });

  let swapping: Promise<void> = Promise.resolve();
  const swapTo = async (update: SupergraphUpdate): Promise<void> => {
    const { supergraph } = update;
    const subgraphs = { ...given, ...update.subgraphs };
    const live = update.live ?? liveNames;
    const generation = await createGeneration({
      supergraph:
        typeof supergraph === 'string' ? await compileOffThread({ supergraphSdl: supergraph }) : supergraph,
      subgraphs,
      live,
      forwardingSecret,
    });
    const previous = current;
    next = generation;
    await (runtime.invalidateUnifiedGraph() as unknown as Promise<void>);
    if ((await runtime.getSchema()) !== generation.schema) {
      next = previous;
      generation.stopPlanning();
      throw new AiosError('SUPERGRAPH_INVALID', 'the supergraph could not be taken up: see the log');
    }
    current = generation;
    planning.add(generation);
    given = subgraphs;
    liveNames = live;
    retire(previous);
    engine?.refreshAll();
  };

  const handle = runtime as unknown as (request: IncomingMessage, response: ServerResponse) => void;
  return {
    path,
    listener: guardHttp(
      {
        ...{ path, limits, logger, corsOrigins: options.corsOrigins ?? '*' },
        isSignedIn: async (request) => (await viewerOf(request, undefined)) !== null,
      },
      handle,
    ),
    attach: sockets.attach,
    get schema() {
      return current.schema;
    },
    executor: createDirectExecutor({
      ...{ runner, limits, limiter, headLoader, introspection, logger },
      current: () => current,
    }),
    swap(update) {
      // One at a time: a swap that fails goes back to what was there before it.
      const done = swapping.then(() => swapTo(update));
      swapping = done.catch(() => {});
      return done;
    },
    get liveQueries() {
      return engine?.size ?? 0;
    },
    async close() {
      engine?.close();
      current.retired.abort();
      for (const generation of planning) generation.stopPlanning();
      for (const timer of draining) clearTimeout(timer);
      await sockets.close();
      await (runtime as unknown as { dispose?: () => Promise<void> }).dispose?.();
    },
  };
}
