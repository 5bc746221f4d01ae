// A deployment that is not there yet, for a supergraph that has its types all the same: lists are empty, everything else is null.
import { execute, type GraphQLFieldResolver, isListType, isNonNullType } from 'graphql';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import type { Face } from './face.ts';

const nothing: GraphQLFieldResolver<unknown, unknown> = (_source, args, _context, info) => {
  if (info.fieldName === '_entities') return (args.representations as readonly unknown[]).map(() => null);
  const type = isNonNullType(info.returnType) ? info.returnType.ofType : info.returnType;
  return isListType(type) ? [] : null;
};

/** Answers every query of a face with nothing. A subscription is answered once, and ends with its signal. */
export function createEmptyExecutor(face: Face): SubgraphExecutor {
  return {
    async execute({ document, variables, operationName, context }) {
      const operation = document.definitions.find(
        (each) =>
          each.kind === 'OperationDefinition' && (!operationName || each.name?.value === operationName),
      );
      const isSubscription =
        operation?.kind === 'OperationDefinition' && operation.operation === 'subscription';
      // A subscription's fields are those of a query of the same name: run as one, there is nothing to subscribe to.
      const answer = await execute({
        schema: face.schema,
        document,
        variableValues: variables,
        operationName,
        fieldResolver: nothing,
      });
      return isSubscription ? once(answer, context.signal) : answer;
    },
  };
}

async function* once<Answer>(answer: Answer, signal: AbortSignal): AsyncGenerator<Answer> {
  yield answer;
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
