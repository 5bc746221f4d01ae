// Outcomes on their way from the mapping thread: rows as the text that COPY takes, made where the values are. Values would have to be
// copied between threads one by one, which costs more than running their handlers.
import type {
  BlockOutcome,
  EncodedRow,
  EntityData,
  EntityId,
  EntityModification,
  EntitySchema,
} from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import { decodeCopyRow, encodeRow, idOfText, idText } from '../store/codec.ts';
import { type Layout, layoutOf, type Table, tableFor } from '../store/layout.ts';

/** A block's modifications, column by column: texts cross threads in bulk. */
interface PackedModifications {
  /** Entity types that occur. */
  readonly types: readonly string[];
  /** Index into `types`, by modification. */
  readonly typeOf: readonly number[];
  /** Ids as text. */
  readonly keys: readonly string[];
  /** Null for an entity that was removed. */
  readonly rows: readonly (string | null)[];
  readonly isNew: readonly boolean[];
  /** Causality regions; null when all are the chain's. */
  readonly regions: readonly number[] | null;
}

export interface PackedOutcome {
  readonly outcome: Omit<BlockOutcome, 'modifications'>;
  /** As they are when somebody wants the values, or when one of them cannot be stored: the writer finds that out by itself. */
  readonly modifications: PackedModifications | readonly EntityModification[];
}

/** An outcome with all its values. */
export function plainOutcome({ modifications, ...outcome }: BlockOutcome): PackedOutcome {
  return { outcome, modifications };
}

/** A modification whose values are read from its row, should anybody ask for them. */
class EncodedModification implements EntityModification {
  readonly type: string;
  readonly encoded: EncodedRow;
  readonly isNew: boolean;
  readonly region: number;
  readonly #table: Table;

  constructor(table: Table, encoded: EncodedRow, isNew: boolean, region: number) {
    this.region = region;
    this.type = table.entity.name;
    this.#table = table;
    this.encoded = encoded;
    this.isNew = isNew;
  }

  get id(): EntityId {
    return idOfText(this.#table, this.encoded.key);
  }

  get data(): EntityData | null {
    return this.encoded.columns === null ? null : decodeCopyRow(this.#table, this.encoded.columns);
  }
}

/** Packs in the mapping thread, unpacks in the I/O thread. */
export class OutcomePacker {
  readonly #layout: Layout;

  constructor(schema: EntitySchema) {
    // The names of schema and tables do not matter here, the order of columns does.
    this.#layout = layoutOf(schema, 0, { proof: true });
  }

  pack({ modifications, ...outcome }: BlockOutcome): PackedOutcome {
    const types: string[] = [];
    const typeOf: number[] = [];
    const keys: string[] = [];
    const rows: (string | null)[] = [];
    const isNew: boolean[] = [];
    const regions: number[] = [];
    try {
      for (const modification of modifications) {
        const { type, id, data } = modification;
        let index = types.indexOf(type);
        if (index < 0) index = types.push(type) - 1;
        typeOf.push(index);
        keys.push(modification.key ?? idText(id));
        rows.push(data && encodeRow(tableFor(this.#layout, type), id, data));
        isNew.push(modification.isNew ?? false);
        regions.push(modification.region ?? 0);
      }
    } catch (error) {
      if (error instanceof AiosError && error.code === 'INVALID_VALUE')
        return plainOutcome({ ...outcome, modifications });
      throw error;
    }
    return {
      outcome,
      modifications: { types, typeOf, keys, rows, isNew, regions: regions.some(Boolean) ? regions : null },
    };
  }

  unpack({ outcome, modifications }: PackedOutcome): BlockOutcome {
    if (!('types' in modifications)) return { ...outcome, modifications };
    const { types, typeOf, keys, rows, isNew, regions } = modifications;
    const tables = types.map((type) => tableFor(this.#layout, type));
    return {
      ...outcome,
      modifications: typeOf.map(
        (index, at) =>
          new EncodedModification(
            tables[index] as Table,
            { key: keys[at] as string, columns: rows[at] as string | null },
            isNew[at] as boolean,
            regions?.[at] ?? 0,
          ),
      ),
    };
  }
}
