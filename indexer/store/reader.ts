// Reads entities for mappings: in bulk, at the deployment's head or at one block, decoded to the indexer's values.
import type { EntityData, EntityField, EntityId } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';
import { decodeRow, encodeValue, idText, selectList, textTypes } from './codec.ts';
import { columnFor, firstVidAfter, type Layout, MAX_BLOCK, type Table, tableFor, validAt } from './layout.ts';

/** An entity and its type: a relation to an interface yields several types. */
export interface TypedEntity {
  readonly type: string;
  readonly data: EntityData;
}

async function rowsOf(db: Queryable, table: Table, text: string, values: unknown[]): Promise<EntityData[]> {
  const { rows } = await db.query<(string | null)[]>({ text, values, rowMode: 'array', types: textTypes });
  return rows.map((row) => decodeRow(table, row));
}

/**
 * The current versions of entities. Keys of the answer are ids as `idText` writes them; entities that do not exist are absent.
 *
 * @throws AiosError UNKNOWN_ENTITY_TYPE
 */
export async function loadEntities(
  db: Queryable,
  layout: Layout,
  type: string,
  ids: readonly EntityId[],
): Promise<Map<string, EntityData>> {
  const table = tableFor(layout, type);
  const wanted = ids.map((id) => encodeValue(table.id, id));
  const latest = table.immutable
    ? `join ${table.qualified} row on row.${table.id.quoted} = wanted.id`
    : // A descent of (id, vid) an entity: the length of its history does not matter.
      `cross join lateral (select * from ${table.qualified} version where version.${table.id.quoted} = wanted.id order by vid desc limit 1) row where upper_inf(row.block_range)`;
  const found = await rowsOf(
    db,
    table,
    `select ${selectList(table, 'row')} from unnest($1::${table.id.sqlType}[]) as wanted(id) ${latest}${chainOnly(table, table.immutable ? 'where' : 'and')}`,
    [wanted],
  );
  return new Map(found.map((data) => [idText(data.id as EntityId), data]));
}

/** The chain's handlers neither see nor load what the handlers of files made. */
function chainOnly(table: Table, join: 'where' | 'and'): string {
  return table.hasRegion ? ` ${join} row.causality_region = 0` : '';
}

/** The causality regions of current entities; those that do not exist are absent. */
export async function loadRegions(
  db: Queryable,
  layout: Layout,
  type: string,
  ids: readonly EntityId[],
): Promise<Map<string, number>> {
  const table = tableFor(layout, type);
  if (!table.hasRegion) return new Map();
  const { rows } = await db.query<{ id: string; region: number }>({
    text:
      `select wanted.place::int4 as id, row.causality_region as region from unnest($1::${table.id.sqlType}[]) with ordinality as wanted(id, place) ` +
      `join ${table.qualified} row on row.${table.id.quoted} = wanted.id where ${validAt(table, 'row', String(MAX_BLOCK))}`,
    values: [ids.map((id) => encodeValue(table.id, id))],
  });
  return new Map(rows.map((row) => [idText(ids[Number(row.id) - 1] as EntityId), row.region]));
}

/** The version of an entity that is valid at `block`, or undefined when it does not exist then. */
export async function entityVersionAt(
  db: Queryable,
  layout: Layout,
  type: string,
  id: EntityId,
  block: number,
): Promise<EntityData | undefined> {
  const table = tableFor(layout, type);
  const [found] = await rowsOf(
    db,
    table,
    `select ${selectList(table, 'row')} from (select * from ${table.qualified} version
       where version.${table.id.quoted} = $1 and vid < $2 order by vid desc limit 1) row where ${validAt(table, 'row', '$3::int4')}`,
    [encodeValue(table.id, id), firstVidAfter(block), block],
  );
  return found;
}

/**
 * The current entities behind a derived field (`store.loadRelated`), by id. `type` and `field` are those of
 * the `@derivedFrom` field, `id` is the entity's that owns it.
 *
 * @throws AiosError UNKNOWN_ENTITY_TYPE, UNKNOWN_FIELD, NOT_DERIVED
 */
export async function loadRelated(
  db: Queryable,
  layout: Layout,
  type: string,
  field: string,
  id: EntityId,
): Promise<TypedEntity[]> {
  const owner = tableFor(layout, type).entity;
  const declared = owner.fields.find(({ name }) => name === field);
  const related: TypedEntity[] = [];
  for (const [table, column] of derivedTargets(layout, owner.name, declared, field)) {
    const { quoted } = columnFor(table, column);
    const sqlType = columnFor(table, column).elementType;
    const matches = columnFor(table, column).field.isList
      ? `row.${quoted} @> array[$1::${sqlType}]`
      : `row.${quoted} = $1::${sqlType}`;
    const found = await rowsOf(
      db,
      table,
      `select ${selectList(table, 'row')} from ${table.qualified} row where ${matches} and ${validAt(table, 'row', String(MAX_BLOCK), true)}${chainOnly(table, 'and')} order by row.${table.id.quoted}`,
      [encodeValue(tableFor(layout, type).id, id)],
    );
    for (const data of found) related.push({ type: table.entity.name, data });
  }
  return related;
}

/** The tables and fields that a derived field reads: one, or those of all implementers of an interface. */
function derivedTargets(
  layout: Layout,
  owner: string,
  declared: EntityField | undefined,
  field: string,
): [Table, string][] {
  const { derivedFrom, reference } = declared ?? {};
  if (derivedFrom === undefined || reference === undefined) {
    throw new AiosError(
      'NOT_DERIVED',
      `${owner}.${field} is not a @derivedFrom field: only those can be loaded as relations`,
    );
  }
  const types = layout.schema.interfaces.get(reference)?.implementers ?? [reference];
  return types.map((name) => [tableFor(layout, name), derivedFrom]);
}
