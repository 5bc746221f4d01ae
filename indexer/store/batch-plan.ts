// From the outcomes of blocks to rows: chains the versions an entity takes within a batch, and finds which stored ones end.
import type { BlockOutcome, EntityData, EntityId, EntityModification } from '#indexer/model.ts';
import { onlyProof } from '#indexer/proof/proof-entity.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import { encodeRow, idText } from './codec.ts';
import { type Layout, MAX_BLOCK, type Table, tableFor } from './layout.ts';

/** A version to be written. `end` is the block in which the batch itself replaces or removes it. */
interface NewVersion {
  readonly vid: bigint;
  readonly block: number;
  end: number | undefined;
  readonly columns: string;
}

/** One modification in order, for the change feed. `before` is undefined when only the database knows it. */
export interface PlannedChange {
  readonly block: BlockPointer;
  readonly table: Table;
  readonly id: string;
  readonly before: EntityData | null | undefined;
  readonly after: EntityData | null;
}

/** What a batch does to one table. */
export class TablePlan {
  readonly table: Table;
  /** First touch of each entity: the stored version that is current, if there is one, ends at `block`. */
  readonly closings: { readonly id: EntityId; readonly block: number }[] = [];
  readonly #versions: NewVersion[] = [];
  readonly #latest = new Map<
    string,
    { version: NewVersion | undefined; data: EntityData | null; block: number }
  >();
  #sequence = 0n;

  constructor(table: Table) {
    this.table = table;
  }

  startBlock(): void {
    this.#sequence = 0n;
  }

  /** Applies one modification; returns the state before it, undefined when the batch has not touched the entity yet. */
  apply({ id, data }: EntityModification, block: number): EntityData | null | undefined {
    const key = idText(id);
    const latest = this.#latest.get(key);
    if (this.table.immutable && (latest?.data || data === null)) {
      throw immutableEntity(this.table.entity.name, key, block);
    }
    if (latest?.block === block) {
      throw new AiosError(
        'REPEATED_MODIFICATION',
        `${this.table.entity.name} ${key} is modified twice in block ${block}: hand over only its last state in the block`,
      );
    }
    if (latest?.version) latest.version.end = block;
    else if (!latest && !this.table.immutable) this.closings.push({ id, block });
    let version: NewVersion | undefined;
    if (data) {
      version = {
        vid: (BigInt(block) << 32n) | this.#sequence++,
        block,
        end: undefined,
        columns: encodeRow(this.table, id, data),
      };
      this.#versions.push(version);
    }
    this.#latest.set(key, { version, data, block });
    if (latest) return latest.data;
    return this.table.immutable ? null : undefined;
  }

  get versionCount(): number {
    return this.#versions.length;
  }

  /** The new rows in COPY's text format, in pieces of about `size` characters. */
  *copyText(size = 1 << 18): Generator<string> {
    let text = '';
    for (const { vid, block, end, columns } of this.#versions) {
      text += this.table.immutable
        ? `${vid}\t${block}\t${columns}\n`
        : `${vid}\t[${block},${end ?? ''})\t${columns}\n`;
      if (text.length >= size) {
        yield text;
        text = '';
      }
    }
    if (text !== '') yield text;
  }
}

/** What a batch does to a deployment. */
export interface BatchPlan {
  readonly tables: readonly TablePlan[];
  /** In order of blocks; empty unless asked for. */
  readonly changes: readonly PlannedChange[];
}

/**
 * Plans a batch. Pure: touches no database, so that the encoding happens before the transaction opens.
 *
 * @throws AiosError INVALID_BATCH when blocks do not rise or a failed block has changes or is not the last; IMMUTABLE_ENTITY, INVALID_VALUE,
 * UNKNOWN_ENTITY_TYPE when a modification cannot be stored.
 */
export function planBatch(
  layout: Layout,
  outcomes: readonly BlockOutcome[],
  withChanges: boolean,
): BatchPlan {
  const plans = new Map<string, TablePlan>();
  const changes: PlannedChange[] = [];
  let previous = -1;
  for (const [index, { block, modifications, failure }] of outcomes.entries()) {
    if (failure && (modifications.length > onlyProof(modifications).length || index < outcomes.length - 1)) {
      throw new AiosError(
        'INVALID_BATCH',
        `block ${block.number} failed (${failure.message}): commit it without changes, and as the last one`,
      );
    }
    if (block.number <= previous || block.number >= MAX_BLOCK) {
      throw new AiosError(
        'INVALID_BATCH',
        `block ${block.number} follows block ${previous} in a batch: blocks must rise`,
      );
    }
    previous = block.number;
    for (const plan of plans.values()) plan.startBlock();
    for (const modification of modifications) {
      let plan = plans.get(modification.type);
      if (!plan) {
        plan = new TablePlan(tableFor(layout, modification.type));
        plans.set(modification.type, plan);
      }
      const before = plan.apply(modification, block.number);
      if (withChanges && plan.table !== layout.proof) {
        changes.push({
          block,
          table: plan.table,
          id: idText(modification.id),
          before,
          after: modification.data,
        });
      }
    }
  }
  return { tables: [...plans.values()], changes };
}

/** Immutable entities are written once. `block` is the second write's, when known. */
export function immutableEntity(type: string, id: string, block?: number): AiosError {
  return new AiosError(
    'IMMUTABLE_ENTITY',
    `${type} ${id} is immutable and exists already${block === undefined ? '' : `, but block ${block} changes it`}: ` +
      'give each one its own id, or declare the type with @entity(immutable: false)',
  );
}
