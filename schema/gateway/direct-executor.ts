// The whole supergraph as one executor, for callers that are not GraphQL clients: other protocols of the same server, and agents. Whoever
// calls has said who asks; everything else is as for any client: validation, limits, access, rate limit, deadline, public errors.
import { type DocumentNode, type ExecutionResult, GraphQLError, validate } from 'graphql';
import type { Logger } from '#node/platform/log.ts';
import type { HeadLoader, SubgraphExecutor, SubgraphRequest } from '#node/platform/operation.ts';
import type { GatewayLimits } from './gateway-options.ts';
import type { Generation } from './generation.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import { type Structure, structureError, structureOf } from './limits/structure.ts';
import type { OperationRunner } from './operation-runner.ts';
import { createScope } from './operation-scope.ts';
import { publicError } from './public-errors.ts';

export interface DirectExecutorOptions {
  readonly runner: OperationRunner;
  readonly current: () => Generation;
  readonly limits: GatewayLimits;
  readonly limiter: RateLimiter | undefined;
  readonly headLoader: HeadLoader | undefined;
  readonly introspection: 'public' | 'authenticated' | 'off';
  readonly logger: Logger;
}

/** Of the request's context the viewer, the address, the request id and the signal count; blocks are pinned anew. Never rejects. */
export function createDirectExecutor(options: DirectExecutorOptions): SubgraphExecutor {
  const { runner, current, limits, limiter, headLoader, introspection, logger } = options;
  const structures = new WeakMap<DocumentNode, Structure>();
  const valid = new WeakMap<DocumentNode, Generation>();

  const mistakes = (generation: Generation, document: DocumentNode, signedIn: boolean) => {
    let structure = structures.get(document);
    if (!structure) {
      structure = structureOf(document);
      structures.set(document, structure);
    }
    const error = structureError(structure, limits);
    if (error) return [error];
    if (
      structure.introspects &&
      (introspection === 'off' || (introspection === 'authenticated' && !signedIn))
    )
      return [
        new GraphQLError('introspection is switched off here: take the schema from its documentation', {
          extensions: { code: 'INTROSPECTION_REFUSED' },
        }),
      ];
    if (valid.get(document) === generation) return [];
    const errors = validate(generation.schema, document);
    if (errors.length === 0) valid.set(document, generation);
    return errors.map(
      (invalid) =>
        new GraphQLError(invalid.message, {
          nodes: invalid.nodes,
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        }),
    );
  };

  return {
    async execute({
      document,
      variables,
      operationName,
      context,
    }: SubgraphRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
      const { viewer, ip, requestId, signal } = context;
      const scope = createScope({ viewer, ip, requestId, headLoader });
      const abort = () => scope.controller.abort(signal.reason);
      try {
        signal.throwIfAborted();
        limiter?.take(scope.client);
        const generation = current();
        const errors = mistakes(generation, document, viewer !== null);
        if (errors.length > 0) return { errors };
        signal.addEventListener('abort', abort, { once: true });
        // A stream lives on after this: the listener goes with the signal or with the scope.
        scope.operation.signal.addEventListener('abort', () => signal.removeEventListener('abort', abort), {
          once: true,
        });
        const result = await runner.run(generation, { document, variables, operationName, scope });
        if (!(Symbol.asyncIterator in result)) signal.removeEventListener('abort', abort);
        return result;
      } catch (error) {
        signal.removeEventListener('abort', abort);
        return { errors: [publicError(error, requestId, logger)] };
      }
    },
  };
}
