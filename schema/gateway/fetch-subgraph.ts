// One fetch of a query plan: hands it to the subgraph's executor and keeps the read point honest around it.
import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, SubgraphExecutor } from '#node/platform/operation.ts';
import { isStream, mapStream } from './async-stream.ts';

/** The parts of a planner's request that executors need. */
export interface PlannedFetch {
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly context?: { readonly operation: OperationContext };
}

const kinds = new WeakMap<DocumentNode, string>();

function kindOf(document: DocumentNode): string {
  let kind = kinds.get(document);
  if (kind === undefined) {
    kind = getOperationAST(document)?.operation ?? 'query';
    kinds.set(document, kind);
  }
  return kind;
}

/** Runs planned fetches on the executors of one supergraph. */
export function createFetcher(executors: ReadonlyMap<string, SubgraphExecutor>) {
  return async (
    subgraph: string,
    fetch: PlannedFetch,
  ): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> => {
    const executor = executors.get(subgraph);
    const operation = fetch.context?.operation;
    if (!executor || !operation)
      throw new AiosError(
        'SUBGRAPH_MISSING',
        `no executor for the subgraph "${subgraph}": restart the gateway with it`,
      );
    const kind = kindOf(fetch.document);
    const result = await executor.execute({
      document: fetch.document,
      variables: fetch.variables,
      operationName: fetch.operationName,
      context: operation,
    });
    // What follows an action, in this operation, must see its result.
    if (kind === 'mutation') operation.readPoint.renew();
    if (!isStream<ExecutionResult>(result)) return result;
    return mapStream(result, (event) => {
      // Fields of other subgraphs are read at least at the event's block, and never at an earlier event's.
      operation.readPoint.renew();
      // The planner keeps the previous event's data when there is none: give it an empty one.
      return event.data ? event : { ...event, data: {} };
    });
  };
}
