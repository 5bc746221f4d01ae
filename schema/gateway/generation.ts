// One supergraph being served: its schema, its planner, its executors. A swap makes a new one; operations and streams
// that began on the old one end on it.
import { setMaxListeners } from 'node:events';
import type { UnifiedGraphHandler } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { buildSchema, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, SubgraphExecutor } from '#node/platform/operation.ts';
import { isInProcessUrl } from '../compose/in-process-url.ts';
import { buildApiSchema } from './build-api-schema.ts';
import type { CompiledSupergraph } from './compiled-supergraph.ts';
import { createFetcher, type PlannedFetch } from './fetch-subgraph.ts';
import { createHttpExecutor } from './http-executor.ts';
import { type PreparedOperation, prepareOperation } from './prepared-operation.ts';
import { startQueryPlanner } from './query-planner.ts';
import { planElsewhere, plannerOf } from './router-planner.ts';
import type { SupergraphFacts } from './supergraph-facts.ts';

export interface PlannerRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
  readonly operation: OperationContext;
}

export interface Generation {
  /** Unique among the generations of this process. */
  readonly number: number;
  /** The API schema: what clients see. */
  readonly schema: GraphQLSchema;
  /** A supergraph with the same subgraphs and nothing in them: all that the gateway runtime needs to see of it. */
  readonly skeleton: string;
  /** Field of `Subscription` → subgraph. */
  readonly subscriptionOwners: ReadonlyMap<string, string>;
  /** Subgraphs whose subscriptions are live queries. */
  readonly live: ReadonlySet<string>;
  /** Plans (once a document) and executes. */
  plan(request: PlannerRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
  prepare(document: DocumentNode, operationName: string | undefined): PreparedOperation | undefined;
  /** Aborted when streams of a replaced generation have to end. */
  readonly retired: AbortController;
  /** Ends its planner. What is planned already goes on. */
  stopPlanning(): void;
}

export interface GenerationOptions {
  readonly supergraph: CompiledSupergraph;
  /** Executors of the in-process subgraphs, by name. */
  readonly subgraphs: Readonly<Record<string, SubgraphExecutor>>;
  readonly live: readonly string[];
  readonly forwardingSecret: string | undefined;
}

/** Executors of every subgraph of a supergraph: those given, and HTTP for those with a URL of their own. */
function resolveExecutors(
  { subgraphs }: SupergraphFacts,
  given: Readonly<Record<string, SubgraphExecutor>>,
  forwardingSecret: string | undefined,
): Map<string, SubgraphExecutor> {
  const executors = new Map<string, SubgraphExecutor>();
  for (const [graph, { name, url }] of subgraphs) {
    let executor = given[name];
    if (!executor) {
      if (!URL.canParse(url) || isInProcessUrl(url)) {
        throw new AiosError(
          'SUBGRAPH_MISSING',
          `the supergraph has the subgraph "${name}", which runs in this process, but no executor was given for it: pass it in \`subgraphs\`, or compose it with a URL`,
        );
      }
      executor = createHttpExecutor({ name, url, forwardingSecret });
    }
    // Plans name subgraphs by either spelling.
    executors.set(name, executor);
    executors.set(graph, executor);
  }
  return executors;
}

/**
 * A supergraph with the same subgraphs and nothing in them. The router's runtime walks and copies the schema it is given
 * (700 ms for 20 deployments), and stitches one of its own at the first fetch (1.5 s) only to look for transforms, of
 * which we have none.
 */
function skeletonOf(number: number, facts: SupergraphFacts): string {
  const graphs = [...facts.subgraphs.keys()];
  return `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
    directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
    directive @join__type(graph: join__Graph!) repeatable on OBJECT
    directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
    scalar link__Import
    enum link__Purpose { SECURITY EXECUTION }
    enum join__Graph { ${graphs.map((graph) => `${graph} @join__graph(name: "${graph}", url: "http://localhost")`).join(' ')} }
    type Query ${graphs.map((graph) => `@join__type(graph: ${graph})`).join(' ')} {
      _generation${number}: String @join__field(graph: ${graphs[0]})
      ${graphs.map((graph) => `_${graph}: String @join__field(graph: ${graph})`).join('\n')} }`;
}

let lastNumber = 0;

/**
 * Makes everything that serving a supergraph takes. What cannot be done in another thread is done here in slices, so that
 * operations of the present generation go on meanwhile.
 * @throws AiosError `SUBGRAPH_MISSING`, `SUPERGRAPH_INVALID`
 */
export async function createGeneration(options: GenerationOptions): Promise<Generation> {
  const { supergraphSdl, facts, apiPieces } = options.supergraph;
  const executors = resolveExecutors(facts, options.subgraphs, options.forwardingSecret);
  if (executors.size === 0) {
    throw new AiosError('SUPERGRAPH_INVALID', 'the supergraph names no subgraphs: compose it again');
  }
  const number = ++lastNumber;
  const skeleton = skeletonOf(number, facts);
  const [planner, apiSchema] = await Promise.all([
    startQueryPlanner(supergraphSdl),
    buildApiSchema(apiPieces),
  ]);
  const fetcher = createFetcher(executors);
  const handled = await unifiedGraphHandler({
    unifiedGraph: buildSchema(skeleton, { assumeValid: true, assumeValidSDL: true }),
    getUnifiedGraphSDL: () => skeleton,
    onSubgraphExecute: (subgraph: string, request: unknown) => fetcher(subgraph, request as PlannedFetch),
  } as unknown as Parameters<UnifiedGraphHandler>[0]);
  const { executor: execute, unifiedGraph: schema } = handled;
  if (!execute) throw new Error('the planner came without an executor');
  planElsewhere(plannerOf(execute), planner);
  // The runtime keeps the object it made of the skeleton; what is in it is ours to say.
  Object.assign(schema, apiSchema);

  const prepared = new WeakMap<DocumentNode, Map<string, PreparedOperation | undefined>>();
  const retired = new AbortController();
  // Every open stream listens to it.
  setMaxListeners(0, retired.signal);
  return {
    number,
    schema,
    skeleton,
    subscriptionOwners: facts.subscriptionOwners,
    live: new Set(options.live),
    retired,
    async plan({ document, variables, operationName, operation }) {
      // No signal: the planner caches the promise of a plan, and an aborted one would fail everybody after it.
      const result = await execute({
        document,
        variables: variables ?? {},
        operationName,
        context: { operation },
      } as never);
      return result as ExecutionResult | AsyncIterable<ExecutionResult>;
    },
    prepare(document, operationName) {
      let byName = prepared.get(document);
      if (!byName) {
        byName = new Map();
        prepared.set(document, byName);
      }
      const key = operationName ?? '';
      if (!byName.has(key)) byName.set(key, prepareOperation(schema, document, operationName, facts.guarded));
      return byName.get(key);
    },
    stopPlanning: () => planner.close(),
  };
}
