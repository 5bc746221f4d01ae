// What a commit tells the rest of the house: the change feed's records, and the signal that something was committed.
import type { BlockPointer } from '#node/platform/operation.ts';
import type { Json } from './codec.ts';
import type { Queryable } from './transaction.ts';

/** One version of one entity that came or went. */
export interface EntityChange {
  readonly block: BlockPointer;
  readonly entity: string;
  /** Strings as they are, Bytes as 0x hex, Int8 in decimal. */
  readonly id: string;
  /** The entity before, as JSON with The Graph's spelling of values; null when it did not exist. */
  readonly before: { readonly [field: string]: Json } | null;
  readonly after: { readonly [field: string]: Json } | null;
  /** True when a reorganisation undoes an earlier change: `before` and `after` are then that change's, swapped. */
  readonly reverted: boolean;
}

/** What was committed, small enough for NOTIFY. */
export interface CommitSignal {
  readonly deployment: string;
  /** The new head; -1 after a revert to before the first block. */
  readonly block: number;
  /** Names of the touched entity types; left out when there are too many to name. */
  readonly entities?: readonly string[];
  readonly reverted?: true;
}

/** Where commits are told, on the same connection and in the same transaction as the entities. */
export interface CommitListener {
  appendChanges(client: Queryable, deployment: string, changes: readonly EntityChange[]): Promise<void>;
  signal(client: Queryable, signal: CommitSignal): Promise<void>;
}

/** NOTIFY payloads end at 8,000 bytes, and several share one when the bus batches them. */
const MAX_NAMES_LENGTH = 2_000;

/** A signal that names the touched types unless they are too many. */
export function commitSignal(
  deployment: string,
  block: number,
  entities: ReadonlySet<string>,
  reverted: boolean,
): CommitSignal {
  const names = [...entities].sort();
  return {
    deployment,
    block,
    ...(names.join().length <= MAX_NAMES_LENGTH ? { entities: names } : {}),
    ...(reverted ? { reverted } : {}),
  };
}
