// From the outcomes of blocks to rows: chains the versions an entity takes within a batch, and finds which stored ones end.
import type { BlockOutcome, EntityData, EntityId, EntityModification } from '#indexer/model.ts';
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
  readonly closings: { readonly id: EntityId; readonly block: number; readonly region: number }[] = [];
  readonly #versions: NewVersion[] = [];
  readonly #latest = new Map<
    string,
    { version: NewVersion | undefined; data: EntityData | null; block: number; region: number }
  >();

  constructor(table: Table) {
    this.table = table;
  }

  /**
   * Applies one modification, the `sequence`-th of its block; returns the state before it, undefined when the batch has not
   * touched the entity yet.
   */
  apply(
    { id, data, region = 0 }: EntityModification,
    block: number,
    sequence: number,
  ): EntityData | null | undefined {
    const key = idText(id);
    const latest = this.#latest.get(key);
    if (latest?.data && latest.region !== region) throw causalityConflict(this.table.entity.name, key, block);
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
    else if (!latest && !this.table.immutable) this.closings.push({ id, block, region });
    let version: NewVersion | undefined;
    if (data) {
      version = {
        vid: (BigInt(block) << 32n) | BigInt(sequence),
        block,
        end: undefined,
        columns: `${this.table.hasRegion ? `${region}\t` : ''}${encodeRow(this.table, id, data)}`,
      };
      this.#versions.push(version);
    }
    this.#latest.set(key, { version, data, block, region });
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
 * @throws AiosError INVALID_BATCH when blocks do not rise or a failed block is among them; IMMUTABLE_ENTITY, INVALID_VALUE,
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
  for (const { block, modifications, failure } of outcomes) {
    if (failure) {
      throw new AiosError(
        'INVALID_BATCH',
        `block ${block.number} failed (${failure.message}): commit the blocks before it only`,
      );
    }
    if (block.number <= previous || block.number >= MAX_BLOCK) {
      throw new AiosError(
        'INVALID_BATCH',
        `block ${block.number} follows block ${previous} in a batch: blocks must rise`,
      );
    }
    previous = block.number;
    // Counted over all types: who reads several of them in the order of vid gets them as they were made.
    for (const [sequence, modification] of modifications.entries()) {
      let plan = plans.get(modification.type);
      if (!plan) {
        plan = new TablePlan(tableFor(layout, modification.type));
        plans.set(modification.type, plan);
      }
      const before = plan.apply(modification, block.number, sequence);
      if (withChanges) {
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

/** An entity belongs to the chain's handlers or to one file's, for as long as it exists. */
export function causalityConflict(type: string, id: string, block: number): AiosError {
  return new AiosError(
    'CAUSALITY_CONFLICT',
    `${type} ${id} was made by the handler of a file, but block ${block} changes it: when a file is found is no fact of the chain, so ` +
      'neither may change what the other made. Give the entities of files ids of their own',
  );
}

/** Immutable entities are written once. `block` is the second write's, when known. */
export function immutableEntity(type: string, id: string, block?: number): AiosError {
  return new AiosError(
    'IMMUTABLE_ENTITY',
    `${type} ${id} is immutable and exists already${block === undefined ? '' : `, but block ${block} changes it`}: ` +
      'give each one its own id, or declare the type with @entity(immutable: false)',
  );
}
