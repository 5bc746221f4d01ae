// From the outcomes of blocks to rows: chains the versions an entity takes within a batch, and finds which stored ones end.
import type { BlockOutcome, EntityData, EntityModification } from '#indexer/model.ts';
import { onlyProof } from '#indexer/proof/proof-entity.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import { encodeRow, encodeValue, idInput, idText } from './codec.ts';
import { type Layout, MAX_BLOCK, type Table, tableFor } from './layout.ts';

/** A version to be written. `end` is the block in which the batch itself replaces or removes it. */
interface NewVersion {
  readonly vid: string;
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
  /** First touch of each entity: the stored version that is current, if there is one, ends at `block`. Ids as PostgreSQL takes them. */
  readonly closings: {
    readonly id: string | null;
    readonly key: string;
    readonly block: number;
    readonly region: number;
  }[] = [];
  readonly #versions: NewVersion[] = [];
  readonly #latest = new Map<
    string,
    { version: NewVersion | undefined; modification: EntityModification; block: number }
  >();

  constructor(table: Table) {
    this.table = table;
  }

  /** A version's `vid`. A double holds it exactly up to block two million. */
  #vid(block: number, sequence: number): string {
    return block < 2 ** 21
      ? String(block * 2 ** 32 + sequence)
      : ((BigInt(block) << 32n) + BigInt(sequence)).toString();
  }

  /** Applies one modification, the `sequence`-th of its block; returns the one that it follows in this batch. */
  apply(modification: EntityModification, block: number, sequence: number): EntityModification | undefined {
    const { encoded, region = 0 } = modification;
    const key = encoded?.key ?? idText(modification.id);
    const latest = this.#latest.get(key);
    const removed = (encoded ? encoded.columns : modification.data) === null;
    if (latest?.version && (latest.modification.region ?? 0) !== region)
      throw causalityConflict(this.table.entity.name, key, block);
    // Of an immutable type nothing is removed, so what was touched exists.
    if (this.table.immutable && (latest || removed)) {
      throw immutableEntity(this.table.entity.name, key, block);
    }
    if (latest?.block === block) {
      throw new AiosError(
        'REPEATED_MODIFICATION',
        `${this.table.entity.name} ${key} is modified twice in block ${block}: hand over only its last state in the block`,
      );
    }
    if (latest?.version) latest.version.end = block;
    // What is new to the chain's handlers may be there all the same, made by a file's.
    else if (!latest && !this.table.immutable && (!modification.isNew || this.table.hasRegion))
      this.closings.push({
        id: encoded ? idInput(this.table, key) : encodeValue(this.table.id, modification.id),
        key,
        block,
        region,
      });
    let version: NewVersion | undefined;
    if (!removed) {
      version = {
        vid: this.#vid(block, sequence),
        block,
        end: undefined,
        columns:
          (this.table.hasRegion ? `${region}\t` : '') +
          (encoded?.columns ?? encodeRow(this.table, modification.id, modification.data as EntityData)),
      };
      this.#versions.push(version);
    }
    this.#latest.set(key, { version, modification, block });
    return latest?.modification;
  }

  get versionCount(): number {
    return this.#versions.length;
  }

  /** The new rows, each in COPY's text format: vid, block or range of blocks, columns. */
  *rows(): Generator<string> {
    for (const { vid, block, end, columns } of this.#versions)
      yield this.table.immutable
        ? `${vid}\t${block}\t${columns}`
        : `${vid}\t[${block},${end ?? ''})\t${columns}`;
  }

  /** The new rows in pieces of about `size` characters. */
  *copyText(size = 1 << 18): Generator<string> {
    let text = '';
    for (const row of this.rows()) {
      text += `${row}\n`;
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
    // Counted over all types: who reads several of them in the order of vid gets them as they were made.
    for (const [sequence, modification] of modifications.entries()) {
      let plan = plans.get(modification.type);
      if (!plan) {
        plan = new TablePlan(tableFor(layout, modification.type));
        plans.set(modification.type, plan);
      }
      const previous = plan.apply(modification, block.number, sequence);
      if (withChanges && plan.table !== layout.proof) {
        changes.push({
          block,
          table: plan.table,
          id: idText(modification.id),
          before: previous ? previous.data : plan.table.immutable ? null : undefined,
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
