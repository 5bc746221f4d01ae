// A service subgraph as the gateway wants it: SDL to compose, and an executor that runs in this process.
import { printSubgraphSchema } from '@apollo/subgraph';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  lexicographicSortSchema,
} from 'graphql';
import type { OperationContext, Subgraph, SubgraphRequest } from '#node/platform/operation.ts';
import { isStream, mapStream } from './gateway/async-stream.ts';

export interface ToSubgraphOptions<Context extends OperationContext> {
  /**
   * Makes the context of one fetch: the operation's, plus services. Called for every fetch and for every event of a
   * subscription, so that loaders never serve what an earlier fetch of the operation has seen.
   */
  readonly context?: (operation: OperationContext) => Context | Promise<Context>;
}

/** Copies the operation context with its own identity: per-context caches of one fetch end with it. */
const ownContext = (operation: OperationContext): OperationContext => ({ ...operation });

/**
 * Makes a member of the supergraph from a Pothos schema (`builder.toSubGraphSchema(…)`) or any schema built with
 * `@apollo/subgraph`. The SDL is sorted, so that it changes only when the schema does.
 */
export function toSubgraph<Context extends OperationContext = OperationContext>(
  schema: GraphQLSchema,
  name: string,
  options: ToSubgraphOptions<Context> = {},
): Subgraph {
  const makeContext: (operation: OperationContext) => object | Promise<object> =
    options.context ?? ownContext;
  const subscriptions = new WeakMap<DocumentNode, boolean>();

  const isSubscription = (document: DocumentNode, operationName: string | undefined): boolean => {
    let known = subscriptions.get(document);
    if (known === undefined) {
      known = getOperationAST(document, operationName)?.operation === 'subscription';
      subscriptions.set(document, known);
    }
    return known;
  };

  const argsOf = (request: SubgraphRequest, contextValue: object) => ({
    schema,
    document: request.document,
    contextValue,
    variableValues: request.variables,
    operationName: request.operationName,
  });

  // Not an async generator: leaving one waits for the next event, which may never come.
  const subscribe = (request: SubgraphRequest, events: AsyncIterable<unknown>) =>
    mapStream(
      events,
      async (event): Promise<ExecutionResult> =>
        execute({ ...argsOf(request, await makeContext(request.context)), rootValue: event }),
    );

  return {
    name,
    sdl: `${printSubgraphSchema(lexicographicSortSchema(schema)).trim()}\n`,
    executor: {
      async execute(request): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
        const args = argsOf(request, await makeContext(request.context));
        if (!isSubscription(request.document, request.operationName)) return execute(args);
        const events = await createSourceEventStream(args);
        return isStream<unknown>(events) ? subscribe(request, events) : events;
      },
    },
  };
}
