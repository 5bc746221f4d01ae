// Mutations that act on the chain, the same in every subgraph that has them: what they are given, how they run, what they answer.
import type { OutputRef } from '@pothos/core';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from '#schema/builder.ts';
import { asData, orError } from '../user-errors.ts';
import { viewerOf } from '../viewer.ts';
import type { ActionRunner, Plan, Receipt, WaitFor as WaitForValue } from './action-runner.ts';
import { type ActionPayload, toPayload } from './payload.ts';
import { defineActionTypes } from './schema.ts';

/** What a mutation does on chain, and how its entity is found in the receipt. */
export interface Action {
  readonly plan: Plan;
  readonly entityOf: (receipt: Receipt) => string;
}

/** The part of a mutation's input that says who acts and when it answers. */
export interface ActingInput {
  readonly from?: string | null;
  readonly waitFor?: WaitForValue | null;
}

/** Defines the shared types in `builder`. `alias`: the deployment in which results are awaited. */
export function defineActionMutations<Context extends OperationContext>(
  builder: Builder<Context>,
  { runner, alias }: { readonly runner: ActionRunner; readonly alias: string },
) {
  const { WaitFor, Transaction } = defineActionTypes(builder);
  return {
    /** Descriptions and types of `ActingInput`'s fields. */
    from: 'Address that acts: one of yours or a published devnet account; your first one when left out.',
    waitFor: { type: WaitFor, defaultValue: 'INDEXED', description: 'When to answer.' } as const,

    /** Runs what `make` makes; what the user can put right is part of the payload. */
    async act(
      context: OperationContext,
      input: ActingInput,
      make: () => Action | Promise<Action>,
    ): Promise<ActionPayload> {
      const done = await orError(async () => {
        const viewer = viewerOf(context);
        const { plan, entityOf } = await make();
        const outcome = await runner.run({
          viewer,
          from: input.from,
          waitFor: input.waitFor ?? 'INDEXED',
          alias,
          plan,
          signal: context.signal,
        });
        return toPayload(context, outcome, entityOf);
      });
      return { transaction: null, entityId: null, ...done };
    },

    /** A payload type with a reference to the entity in `field`; the gateway fetches the rest. */
    payload(name: string, field: string, type: OutputRef<{ id: string }>) {
      const ref = builder.objectRef<ActionPayload>(name);
      builder.objectType(ref, {
        description: 'What became of the action.',
        fields: (t) => ({
          transaction: t.field({
            type: Transaction,
            nullable: true,
            description: 'Its last transaction.',
            resolve: ({ transaction }) => transaction,
          }),
          [field]: t.field({
            type,
            nullable: true,
            description: 'What came of it; null until it is indexed.',
            resolve: ({ entityId }) => (entityId === null ? null : { id: entityId }),
          }),
          error: t.field({
            type: AiosError,
            nullable: true,
            description: 'Set when it was refused.',
            resolve: (done) => asData(done.error),
          }),
        }),
      });
      return ref;
    },
  };
}
