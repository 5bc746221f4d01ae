// One supergraph being served: its schema, its planner, its executors. A swap makes a new one; operations and streams
// that began on the old one end on it.
import { setMaxListeners } from 'node:events';
import type { UnifiedGraphHandler } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { buildSchema, type DocumentNode, type ExecutionResult, type GraphQLSchema, parse } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, SubgraphExecutor } from '#node/platform/operation.ts';
import { isInProcessUrl } from '../compose/in-process-url.ts';
import { createFetcher, type PlannedFetch } from './fetch-subgraph.ts';
import { createHttpExecutor } from './http-executor.ts';
import { type PreparedOperation, prepareOperation } from './prepared-operation.ts';
import { readSupergraph } from './supergraph-facts.ts';

export interface PlannerRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
  readonly operation: OperationContext;
}

export interface Generation {
  /** The API schema: what clients see. */
  readonly schema: GraphQLSchema;
  /** Field of `Subscription` → subgraph. */
  readonly subscriptionOwners: ReadonlyMap<string, string>;
  /** Plans (once a document) and executes. */
  plan(request: PlannerRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
  prepare(document: DocumentNode, operationName: string | undefined): PreparedOperation | undefined;
  /** Aborted when streams of a replaced generation have to end. */
  readonly retired: AbortController;
}

/** Executors of every subgraph of a supergraph: those given, and HTTP for those with a URL of their own. */
export function resolveExecutors(
  supergraph: DocumentNode,
  given: Readonly<Record<string, SubgraphExecutor>>,
  forwardingSecret: string | undefined,
): Map<string, SubgraphExecutor> {
  const executors = new Map<string, SubgraphExecutor>();
  for (const [graph, { name, url }] of readSupergraph(supergraph).subgraphs) {
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

/** A supergraph with the same subgraphs and nothing in them. */
function skeleton(names: Iterable<string>): GraphQLSchema {
  const graphs = [...new Set(names)];
  return buildSchema(
    `directive @join__graph(name: String!, url: String!) on ENUM_VALUE
     directive @join__type(graph: join__Graph!) repeatable on OBJECT
     directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
     enum join__Graph { ${graphs.map((graph) => `${graph} @join__graph(name: "${graph}", url: "http://localhost")`).join(' ')} }
     type Query ${graphs.map((graph) => `@join__type(graph: ${graph})`).join(' ')} {
       ${graphs.map((graph) => `_${graph}: String @join__field(graph: ${graph})`).join('\n')} }`,
    { assumeValid: true, assumeValidSDL: true },
  );
}

/** Builds the generation of a supergraph inside the gateway runtime's handler. */
export function generationHandler(
  executorsOf: () => ReadonlyMap<string, SubgraphExecutor>,
  onBuilt: (generation: Generation) => void,
  execute: (
    generation: Generation,
    request: unknown,
  ) => Promise<ExecutionResult | AsyncIterable<ExecutionResult>>,
): UnifiedGraphHandler {
  return async (options) => {
    const supergraph = parse(options.getUnifiedGraphSDL(), { noLocation: true });
    const facts = readSupergraph(supergraph);
    const fetcher = createFetcher(executorsOf());
    const handlerOptions = {
      ...options,
      onSubgraphExecute: (subgraph: string, request: unknown) => fetcher(subgraph, request as PlannedFetch),
    } as typeof options;
    const handled = await unifiedGraphHandler(handlerOptions);
    // The planner's runtime builds a stitched schema of the whole supergraph at its first fetch (1.5 s for 20
    // deployments) only to look for transforms, of which we have none. An empty one of the same names will do.
    handlerOptions.unifiedGraph = skeleton([...facts.subgraphs.keys()]);

    const planner = handled.executor;
    if (!planner) throw new Error('the planner came without an executor');
    const prepared = new WeakMap<DocumentNode, Map<string, PreparedOperation | undefined>>();
    const retired = new AbortController();
    // Every open stream listens to it.
    setMaxListeners(0, retired.signal);
    const generation: Generation = {
      schema: handled.unifiedGraph,
      subscriptionOwners: facts.subscriptionOwners,
      retired,
      async plan({ document, variables, operationName, operation }) {
        // No signal: the planner caches the promise of a plan, and an aborted one would fail everybody after it.
        const result = await planner({
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
        if (!byName.has(key))
          byName.set(key, prepareOperation(handled.unifiedGraph, document, operationName, facts.guarded));
        return byName.get(key);
      },
    };
    onBuilt(generation);
    return { ...handled, executor: ((request: unknown) => execute(generation, request)) as typeof planner };
  };
}
