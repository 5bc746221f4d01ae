// The signal that a commit sends: where something changed, and which entity types, when they are few enough to name.
import { type CommitSignal, commitTopic } from '#node/platform/events/change-feed.ts';
import type { Queryable } from '#node/platform/events/event-bus.ts';
import { sendSignal, signalNotification } from '#node/platform/events/postgres-event-bus.ts';
import type { BlockPointer } from '#node/platform/operation.ts';

/** NOTIFY carries at most 8,000 bytes; a deployment with more types than fit here just says that it changed. */
const MAX_NAMES_LENGTH = 4_000;

/**
 * Wakes whoever follows the deployment once the transaction commits. `block` is the new head, null when all was reverted; `any` says
 * that every answer may be another one now, whatever it read.
 */
export async function signalCommit(
  client: Queryable,
  deployment: string,
  block: BlockPointer | null,
  entities: ReadonlySet<string> | 'any',
): Promise<void> {
  await sendSignal(client, commitTopic, commitSignal(deployment, block, entities));
}

/** The same, as arguments for `pg_notify` in a statement that commits by itself. */
export function commitNotification(
  deployment: string,
  block: BlockPointer,
  entities: ReadonlySet<string>,
): readonly [channel: string, payload: string] {
  return signalNotification(commitTopic, commitSignal(deployment, block, entities));
}

function commitSignal(
  deployment: string,
  block: BlockPointer | null,
  entities: ReadonlySet<string> | 'any',
): CommitSignal {
  const names = entities === 'any' ? undefined : [...entities].sort();
  return {
    deployment,
    block: block && { number: block.number, hash: block.hash },
    ...(names && names.join().length <= MAX_NAMES_LENGTH ? { entities: names } : {}),
  };
}
