// Runs operations that have been parsed and validated: weighs them, bounds their time, and answers in public errors.
import { type DocumentNode, type ExecutionResult, type GraphQLError, validate } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { HeadLoader } from '#node/platform/operation.ts';
import { accessError } from '../access.ts';
import { isStream, mapStream } from './async-stream.ts';
import type { GatewayLimits, OperationReport } from './gateway-options.ts';
import type { Generation } from './generation.ts';
import { costError } from './limits/cost.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import type { LiveQueries } from './live/live-queries.ts';
import type { LiveExecution } from './live/live-query.ts';
import { createScope, type OperationScope } from './operation-scope.ts';
import type { PreparedOperation } from './prepared-operation.ts';
import { publicError } from './public-errors.ts';

/** Cost that one token of the rate limit pays for. */
const COST_PER_TOKEN = 1_000;

export interface RunRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
  readonly scope: OperationScope;
}

export interface OperationRunnerOptions {
  readonly limits: GatewayLimits;
  readonly limiter: RateLimiter | undefined;
  readonly live: LiveQueries | undefined;
  /** For live queries. */
  readonly liveHeadLoader: HeadLoader | undefined;
  readonly logger: Logger;
  readonly current: () => Generation;
  /** Whether viewers are known here at all; a foreign supergraph's subgraphs authenticate for themselves. */
  readonly enforceAccess: boolean;
  readonly onOperation: ((report: OperationReport) => void) | undefined;
}

type Result = ExecutionResult;

export class OperationRunner {
  readonly #options: OperationRunnerOptions;

  constructor(options: OperationRunnerOptions) {
    this.#options = options;
  }

  /** Never rejects: whatever happens is in the result's errors. */
  async run(generation: Generation, request: RunRequest): Promise<Result | AsyncIterable<Result>> {
    const { limits, limiter, onOperation } = this.#options;
    const { scope } = request;
    const started = performance.now();
    const prepared = generation.prepare(request.document, request.operationName);
    if (!prepared) {
      const message = request.operationName
        ? `the document has no operation named "${request.operationName}"`
        : 'the document has several operations: name one in operationName';
      return this.#failed(new AiosError('OPERATION_UNKNOWN', message), scope);
    }
    if (this.#options.enforceAccess) {
      // Actions and streams are refused before any subgraph hears of them; fields of queries are their subgraph's to
      // refuse, so that the rest of the answer comes.
      for (const [coordinate, rule] of prepared.guards) {
        const error = accessError(rule, scope.operation.viewer, coordinate);
        if (error) return this.#failed(error, scope);
      }
    }
    const cost = prepared.cost(request.variables);
    const tooMuch = costError(cost, limits);
    if (tooMuch) return { errors: [tooMuch] };
    limiter?.charge(scope.client, Math.floor(cost.cost / COST_PER_TOKEN));

    let result: Result | AsyncIterable<Result>;
    if (prepared.kind === 'subscription') result = await this.#subscribe(generation, prepared, request);
    else result = await this.#execute(generation, prepared, request);
    onOperation?.({
      operation: prepared.kind,
      operationName: prepared.name,
      milliseconds: performance.now() - started,
      errors: isStream(result) ? 0 : (result.errors?.length ?? 0),
      requestId: scope.operation.requestId,
    });
    return result;
  }

  async #execute(generation: Generation, prepared: PreparedOperation, request: RunRequest): Promise<Result> {
    const { scope } = request;
    try {
      const result = await this.#beforeDeadline(this.#wholeAnswer(generation, prepared, request), scope);
      return result.errors ? { ...result, errors: this.#publicErrors(result.errors, scope) } : result;
    } catch (error) {
      return this.#failed(error, scope);
    }
  }

  /** A query whose blocks left the chain while it read is asked again, at the blocks that took their place. */
  async #wholeAnswer(
    generation: Generation,
    prepared: PreparedOperation,
    request: RunRequest,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#planned(generation, prepared, request);
      const reorged = result.errors?.some((error) => error.extensions?.code === 'BLOCK_REORGED');
      if (!reorged || prepared.kind !== 'query' || attempt === REORG_ATTEMPTS) return result;
      request.scope.operation.readPoint.renew();
    }
  }

  async #planned(generation: Generation, prepared: PreparedOperation, request: RunRequest): Promise<Result> {
    const { document, variables, operationName, scope } = request;
    const run = async (part: DocumentNode): Promise<Result> => {
      const result = await generation.plan({
        document: part,
        variables,
        operationName,
        operation: scope.operation,
      });
      if (isStream<Result>(result)) throw new Error('a query answered with a stream');
      return result;
    };
    if (!prepared.split) return run(document);
    const { introspection, data, keys } = prepared.split;
    const [meta, rest] = await Promise.all([run(introspection), run(data)]);
    const both = { ...rest.data, ...meta.data };
    const errors = [...(meta.errors ?? []), ...(rest.errors ?? [])];
    return {
      data: rest.data && Object.fromEntries(keys.map((key) => [key, both[key] ?? null])),
      ...(errors.length > 0 && { errors }),
    };
  }

  async #subscribe(
    generation: Generation,
    prepared: PreparedOperation,
    request: RunRequest,
  ): Promise<Result | AsyncIterable<Result>> {
    const { scope, document, variables, operationName } = request;
    const { live } = this.#options;
    const owner = generation.subscriptionOwners.get(prepared.subscriptionField ?? '');
    if (live && owner !== undefined && generation.live.has(owner)) {
      return live.subscribe(liveKey(request), () => this.#executeLive(request));
    }
    try {
      const result = await this.#beforeDeadline(
        generation.plan({ document, variables, operationName, operation: scope.operation }),
        scope,
      );
      if (!isStream<Result>(result)) {
        return result.errors ? { ...result, errors: this.#publicErrors(result.errors, scope) } : result;
      }
      return this.#events(generation, result, scope);
    } catch (error) {
      return this.#failed(error, scope);
    }
  }

  /** An event stream as the client gets it; ends with the generation's retirement, and aborts the operation when left. */
  #events(
    generation: Generation,
    source: AsyncIterable<Result>,
    scope: OperationScope,
  ): AsyncIterable<Result> {
    const { signal } = generation.retired;
    let retire: (step: 'retired') => void = () => {};
    const retired = new Promise<'retired'>((resolve) => {
      retire = resolve;
    });
    const onRetired = () => retire('retired');
    signal.addEventListener('abort', onRetired, { once: true });
    const inner = source[Symbol.asyncIterator]();
    let over = false;
    const untilRetired: AsyncIterableIterator<Result> = {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        if (over) return { done: true, value: undefined };
        const step = await Promise.race([inner.next(), retired]);
        if (step !== 'retired') return step;
        over = true;
        throw new AiosError(
          'SUPERGRAPH_CHANGED',
          'the schema has changed: subscribe again from your last cursor',
        );
      },
      async return() {
        void Promise.resolve(inner.return?.()).catch(() => {});
        return { done: true, value: undefined };
      },
    };
    const failed = (error: unknown): Result => this.#failed(error, scope);
    const published = mapStream(
      untilRetired,
      (event): Result => {
        if (!event.errors) return event;
        // The planner's runtime hands out one growing list for all events of a stream: copy, then clear it.
        const errors = this.#publicErrors(event.errors, scope);
        (event.errors as GraphQLError[]).length = 0;
        return { ...event, errors };
      },
      () => {
        signal.removeEventListener('abort', onRetired);
        scope.controller.abort();
      },
    );
    return lastErrorAsEvent(published, failed);
  }

  async #executeLive(request: RunRequest): Promise<LiveExecution> {
    const { logger, liveHeadLoader: headLoader, current } = this.#options;
    const { viewer, ip, requestId } = request.scope.operation;
    // One request id for the life of the query: an error that stays the same is not a change.
    const scope = createScope({ viewer, ip, headLoader, requestId });
    const { reads, readPoint } = scope.operation;
    const generation = current();
    const prepared = generation.prepare(request.document, request.operationName);
    const document = prepared?.asQuery;
    const asQuery = document && generation.prepare(document, request.operationName);
    const broken = document ? problemsOf(generation, document) : [];
    if (!asQuery || broken.length > 0) {
      const why = broken[0]?.message ?? 'the operation is gone';
      const error = new AiosError('SUPERGRAPH_CHANGED', `the schema no longer answers this: ${why}`);
      return { result: this.#failed(error, scope), reads, heads: new Map(), final: true };
    }
    const result = await this.#execute(generation, asQuery, { ...request, document, scope });
    try {
      return { result, reads, heads: await readPoint.all() };
    } catch (error) {
      logger.error({ err: error, requestId }, 'heads could not be read');
      return { result: this.#failed(error, scope), reads, heads: new Map() };
    }
  }

  async #beforeDeadline<T>(work: Promise<T>, scope: OperationScope): Promise<T> {
    const { operationTimeoutMs } = this.#options.limits;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new AiosError(
          'OPERATION_TIMEOUT',
          `operationTimeoutMs exceeded: the operation took longer than ${operationTimeoutMs} ms and was stopped; ask for less at a time`,
          { details: { limit: 'operationTimeoutMs', allowed: operationTimeoutMs } },
        );
        scope.controller.abort(error);
        reject(error);
      }, operationTimeoutMs);
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  #publicErrors(errors: readonly unknown[], scope: OperationScope): GraphQLError[] {
    return errors.map((error) => publicError(error, scope.operation.requestId, this.#options.logger));
  }

  #failed(error: unknown, scope: OperationScope): Result {
    const all = error instanceof AggregateError ? error.errors : [error];
    return { errors: this.#publicErrors(all, scope) };
  }
}

const problems = new WeakMap<Generation, WeakMap<DocumentNode, readonly GraphQLError[]>>();

/** Validation errors of a document, worked out once per supergraph. */
function problemsOf(generation: Generation, document: DocumentNode): readonly GraphQLError[] {
  let byDocument = problems.get(generation);
  if (!byDocument) {
    byDocument = new WeakMap();
    problems.set(generation, byDocument);
  }
  let known = byDocument.get(document);
  if (!known) {
    known = validate(generation.schema, document);
    byDocument.set(document, known);
  }
  return known;
}

/** What makes two live queries the same. Keys of variables are sorted, so that spelling does not matter. */
function liveKey({ document, variables, operationName, scope }: RunRequest): string {
  const sorted = (_key: string, value: unknown): unknown =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return [
    documentId(document),
    operationName ?? '',
    JSON.stringify(variables ?? {}, sorted),
    JSON.stringify(scope.operation.viewer),
  ].join('\n');
}

const documentIds = new WeakMap<DocumentNode, string>();
let lastDocumentId = 0;

/** The document's text, or a number of its own when it has none. */
function documentId(document: DocumentNode): string {
  let id = documentIds.get(document);
  if (id === undefined) {
    lastDocumentId += 1;
    id = document.loc?.source.body ?? `#${lastDocumentId}`;
    documentIds.set(document, id);
  }
  return id;
}

/** A chain that reorganises faster than one query can be asked this often is not worth waiting for. */
const REORG_ATTEMPTS = 3;

/** A stream that fails ends with an event that says why: sockets would otherwise be closed without a word. */
function lastErrorAsEvent(
  source: AsyncIterableIterator<Result>,
  describe: (error: unknown) => Result,
): AsyncIterableIterator<Result> {
  let over = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (over) return { done: true, value: undefined };
      try {
        return await source.next();
      } catch (error) {
        over = true;
        return { done: false, value: describe(error) };
      }
    },
    async return() {
      over = true;
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
