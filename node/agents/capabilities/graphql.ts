// The platform's own GraphQL for guests: only documents of the manifest, executed as the agent, so that field auth and limits apply unchanged.
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import {
  type Capability,
  checkedArgs,
  grantOf,
  jsonBytes,
  outcomeUnknown,
  readAnswer,
} from './capability.ts';
import { operationKind, operationRefusal } from './operation-kind.ts';

export interface AgentOperation {
  /** DID of the agent. */
  readonly viewer: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, Json>>;
  /** Whether it was granted mutations. */
  readonly mutations: boolean;
  /** The same for every try of the same step. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export type OperationExecutor = (operation: AgentOperation) => Promise<{
  readonly data?: Json;
  readonly errors?: readonly { readonly message: string; readonly code?: string }[];
}>;

const args = z.strictObject({
  operation: z.string().min(1).max(64),
  variables: z.record(z.string(), z.json()).default({}),
});

/** After these nobody knows whether a mutation was done. */
const unknownOutcomes = new Set(['OPERATION_TIMEOUT', 'SUBGRAPH_UNREACHABLE', 'INTERNAL_SERVER_ERROR']);

/** The DID under which an agent's calls are made: of its deployment, so that what it may do is granted to it and to nobody else. */
export const agentDid = (deploymentId: string) => `did:aios:agent:${deploymentId}`;

export function graphqlCapability(execute: OperationExecutor): Capability {
  return {
    name: 'graphql.run',
    async act(step) {
      const { operation, variables } = checkedArgs(step, args);
      const grant = grantOf(step, 'graphql');
      const document = Object.hasOwn(grant.operations, operation) ? grant.operations[operation] : undefined;
      if (document === undefined) {
        throw new AiosError(
          'OPERATION_NOT_ALLOWED',
          `${JSON.stringify(operation)} is not among the operations of the manifest. Add its document to capabilities.graphql.operations and deploy a new version.`,
        );
      }
      const why = operationRefusal(operation, document, grant.mutations);
      if (why !== undefined) throw new AiosError('OPERATION_NOT_ALLOWED', why);
      const acts = operationKind(operation, document) === 'mutation';
      if (acts && step.inDoubt) throw outcomeUnknown(operation);
      if (acts) await step.begin();
      const { data, errors } = await execute({
        viewer: agentDid(step.run.deploymentId),
        document,
        variables,
        mutations: grant.mutations,
        idempotencyKey: step.key,
        signal: step.signal,
      });
      if (errors && errors.length > 0 && (data === undefined || data === null)) {
        const [first] = errors;
        if (acts && unknownOutcomes.has(first?.code ?? '')) throw outcomeUnknown(operation, first?.message);
        throw new AiosError(first?.code ?? 'OPERATION_FAILED', first?.message ?? `${operation} failed.`);
      }
      const answer: Json = {
        data: data ?? null,
        ...(errors ? { errors: errors.map(({ message }) => message) } : {}),
      };
      if (jsonBytes(answer) > grant.bytes) {
        const why = `The answer is over ${grant.bytes} bytes. Ask for fewer fields, or raise capabilities.graphql.bytes.`;
        throw acts ? outcomeUnknown(operation, why) : new AiosError('RESPONSE_TOO_LARGE', why);
      }
      if (!acts) return readAnswer(step, answer);
      await step.answered({ ok: answer });
      return { ok: answer };
    },
  };
}
