// How a deployment's entities lie in PostgreSQL: schema, tables, columns, types and indexes, named as graph-node names them.
import { toSnakeCase } from '#indexer/manifest/snake-case.ts';
import type {
  Aggregation,
  AggregationInterval,
  EntityField,
  EntitySchema,
  EntityType,
  FulltextSearch,
  ScalarKind,
} from '#indexer/model.ts';
import { PROOF_ENTITY } from '#indexer/proof/proof-entity.ts';
import { AiosError } from '#node/platform/errors.ts';

/** The block that stands for "now" in ranges and queries: the largest int4, as in graph-node. */
export const MAX_BLOCK = 2147483647;

/** Text columns are indexed by this many leading characters: a btree entry must stay under a third of a page. */
export const STRING_PREFIX_SIZE = 256;

/** Bytes columns are indexed by this many leading bytes, for the same reason. */
export const BYTES_PREFIX_SIZE = 64;

/** PostgreSQL cuts identifiers after this many bytes. */
const MAX_IDENTIFIER = 63;

/** How one attribute is stored. */
export interface Column {
  /** Name of the column, unquoted: the field's name in snake case. */
  readonly name: string;
  /** The name quoted for SQL. */
  readonly quoted: string;
  readonly field: EntityField;
  /** Type of one element, for example `text`, `numeric`, `"sgd1"."listing_status"`. */
  readonly elementType: string;
  /** Type of the column: `elementType`, with `[]` for a list. */
  readonly sqlType: string;
}

/** How one entity type is stored. */
export interface Table {
  readonly entity: EntityType;
  /** Name of the table, unquoted. */
  readonly name: string;
  /** Schema and table, quoted: `"sgd1"."listing"`. */
  readonly qualified: string;
  /** Immutable tables (timeseries too) have `block$ int`, the others `block_range int4range`. */
  readonly immutable: boolean;
  /** Handlers of files may write this type: rows say in `causality_region` who made them (0: the chain's handlers). */
  readonly hasRegion: boolean;
  /** Stored attributes in the order of the schema; derived fields have no column. */
  readonly columns: readonly Column[];
  /** Columns by the name of their field. */
  readonly byField: ReadonlyMap<string, Column>;
  readonly id: Column;
  /** Place in the schema; part of index names. */
  readonly position: number;
  /** Columns of full-text searches; PostgreSQL generates what is in them. */
  readonly fulltext: readonly FulltextColumn[];
  /** Set on tables that the store fills itself, by rolling up a timeseries. */
  readonly rollup?: Rollup;
}

/** A column of what a full-text search looks through. */
export interface FulltextColumn {
  readonly name: string;
  readonly quoted: string;
  readonly search: FulltextSearch;
}

/** What a table of an aggregation is made from. */
export interface Rollup {
  readonly aggregation: Aggregation;
  readonly interval: AggregationInterval;
  readonly source: Table;
}

/** The table of one interval of an aggregation, called as graph-node calls it: `token_stats_hour`. */
export type AggregationTable = Table & { readonly rollup: Rollup };

/** How one deployment is stored. */
export interface Layout {
  /** Schema of the deployment, unquoted: `sgd1`. */
  readonly namespace: string;
  readonly schema: EntitySchema;
  /** Tables by the name of their entity type, in the order of the schema; then those of aggregations, as `TokenStats_hour`. */
  readonly tables: ReadonlyMap<string, Table>;
  /** Where the state of its proof of indexing is; null for a deployment that has none. Queries never see it. */
  readonly proof: Table | null;
}

/** An index that bulk loading does without. `sql` can be run again after a crash. */
export interface DeferredIndex {
  readonly name: string;
  readonly table: Table;
  /** `create index …`; with `concurrently` it must run outside a transaction. */
  readonly sql: (options: { readonly concurrently: boolean }) => string;
}

/**
 * The layout of deployment number `sgd`.
 *
 * Every table has `vid bigint primary key`, and **vid = block << 32 | position in the block**: rows are in block order, the versions
 * of one entity too, so that `where id = $1 and vid < ($block + 1) << 32 order by vid desc limit 1` finds a version
 * at a block by one descent of the index (id, vid), however long the entity's history is.
 * That no two names of a schema become one in snake case is `parseEntitySchema`'s to check.
 *
 * @param fileEntities types that handlers of files may write
 */
export function layoutOf(
  schema: EntitySchema,
  sgd: number,
  options: { readonly proof?: boolean; readonly fileEntities?: readonly string[] } = {},
): Layout {
  const namespace = `sgd${sgd}`;
  const tables = new Map<string, Table>();
  for (const entity of schema.entities.values()) {
    const table = tableOf(entity, namespace, tables.size, fulltextColumns(schema, entity.name));
    tables.set(entity.name, { ...table, hasRegion: options.fileEntities?.includes(entity.name) ?? false });
  }
  for (const aggregation of schema.aggregations.values()) {
    const source = tables.get(aggregation.source);
    if (!source) continue;
    for (const interval of aggregation.intervals) {
      const entity = aggregatedType(aggregation, interval);
      const table = tableOf(entity, namespace, tables.size, []);
      tables.set(entity.name, { ...table, rollup: { aggregation, interval, source } });
    }
  }
  const proof = options.proof ? tableOf(PROOF_ENTITY, namespace, tables.size, []) : null;
  return { namespace, schema, tables, proof };
}

/** The name by which an interval of an aggregation is known as a type: `TokenStats_hour`. */
export function aggregatedTypeName(aggregation: string, interval: AggregationInterval): string {
  return `${aggregation}_${interval}`;
}

/** The rows of one interval as an entity type. */
function aggregatedType(aggregation: Aggregation, interval: AggregationInterval): EntityType {
  const name = aggregatedTypeName(aggregation.name, interval);
  return {
    name,
    immutable: true,
    timeseries: false,
    idKind: 'Int8',
    interfaces: [],
    fields: aggregation.fields,
    table: toSnakeCase(name),
  };
}

function fulltextColumns(schema: EntitySchema, entity: string): FulltextColumn[] {
  return schema.fulltext
    .filter((search) => search.entity === entity)
    .map((search) => {
      const name = toSnakeCase(search.name);
      return { name, quoted: quoteIdentifier(name), search };
    });
}

/** Every table with versions: those of the schema's types, and the one of the proof of indexing. */
export function versionedTables({ tables, proof }: Layout): Table[] {
  return proof === null ? [...tables.values()] : [...tables.values(), proof];
}

/** The table of an entity type, or of the proof of indexing. Throws AiosError UNKNOWN_ENTITY_TYPE. */
export function tableFor(layout: Layout, type: string): Table {
  const table = layout.tables.get(type) ?? (type === PROOF_ENTITY.name ? layout.proof : null);
  if (!table) {
    throw new AiosError(
      'UNKNOWN_ENTITY_TYPE',
      `${layout.namespace} has no entity type ${type}: declare it in schema.graphql with @entity`,
    );
  }
  return table;
}

/** The column of a field. Throws AiosError UNKNOWN_FIELD; derived fields have no column. */
export function columnFor(table: Table, field: string): Column {
  const column = table.byField.get(field);
  if (!column) {
    throw new AiosError(
      'UNKNOWN_FIELD',
      `${table.entity.name} stores no field ${field}: declare it in schema.graphql`,
    );
  }
  return column;
}

/**
 * The condition that a row is the version valid at a block. `block` is SQL of type int4 (`$1`, `2147483647`), `row` the alias of the
 * table. `current` says that no later block is stored: the condition then also lets PostgreSQL use the indexes over current versions.
 */
export function validAt(table: Table, row: string, block: string, current = false): string {
  if (table.immutable) return `${row}.block$ <= ${block}`;
  const valid = `${row}.block_range @> ${block}`;
  return current ? `${valid} and ${CURRENT.replace('block_range', `${row}.block_range`)}` : valid;
}

/** True of versions that have not ended. */
const CURRENT = 'upper_inf(block_range)';

/** Least vid of rows written after `block`. */
export function firstVidAfter(block: number): bigint {
  return BigInt(block + 1) << 32n;
}

/** `"name"`, for SQL. Names come from schemas that people write, so quotes inside are doubled. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal for SQL. */
function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function tableOf(
  entity: EntityType,
  namespace: string,
  position: number,
  fulltext: readonly FulltextColumn[],
): Table {
  const columns: Column[] = [];
  const byField = new Map<string, Column>();
  for (const field of entity.fields) {
    if (field.derivedFrom !== undefined) continue;
    const name = toSnakeCase(field.name);
    const elementType = elementTypeOf(field, namespace);
    const column: Column = {
      name,
      quoted: quoteIdentifier(name),
      field,
      elementType,
      sqlType: field.isList ? `${elementType}[]` : elementType,
    };
    columns.push(column);
    byField.set(field.name, column);
  }
  const id = byField.get('id');
  if (!id) {
    throw new AiosError(
      'ENTITY_WITHOUT_ID',
      `entity type ${entity.name} has no field id: add "id: ID!" to it`,
    );
  }
  return {
    entity,
    name: entity.table,
    qualified: `${quoteIdentifier(namespace)}.${quoteIdentifier(entity.table)}`,
    immutable: entity.immutable || entity.timeseries,
    hasRegion: false,
    columns,
    byField,
    id,
    position,
    fulltext,
  };
}

const SQL_TYPES: Readonly<Record<ScalarKind, string>> = {
  ID: 'text',
  String: 'text',
  Int: 'int4',
  Int8: 'int8',
  Timestamp: 'timestamptz',
  BigInt: 'numeric',
  BigDecimal: 'numeric',
  Boolean: 'boolean',
  Bytes: 'bytea',
};

function elementTypeOf(field: EntityField, namespace: string): string {
  if (field.isEnum) return `${quoteIdentifier(namespace)}.${quoteIdentifier(toSnakeCase(field.typeName))}`;
  return SQL_TYPES[field.kind];
}

/**
 * The statements that create a deployment's schema, types and tables, with the indexes that writing and reverting need:
 * `vid`, (id, vid) or unique id, and a BRIN index over block bounds. Everything else is in `deferredIndexes`.
 */
export function createStatements(layout: Layout): string[] {
  const namespace = quoteIdentifier(layout.namespace);
  const statements = [`create schema ${namespace}`];
  for (const [name, { values }] of layout.schema.enums) {
    // Sorted, as graph-node sorts them: the order of values in the type is the order of rows in `orderBy`.
    const sorted = [...values].sort().map(quoteLiteral).join(', ');
    statements.push(`create type ${namespace}.${quoteIdentifier(toSnakeCase(name))} as enum (${sorted})`);
  }
  for (const table of versionedTables(layout)) statements.push(...createTable(table));
  return statements;
}

function createTable(table: Table): string[] {
  const columns = table.columns.map((column) => {
    // Order and ranges over text must be those of code points whatever the database's locale, as graph-node demands of its own.
    const collation = column.elementType === 'text' ? ' collate "C"' : '';
    const nullability = column.field.nonNull || column === table.id ? ' not null' : '';
    return `${column.quoted} ${column.sqlType}${collation}${nullability}`;
  });
  for (const { quoted, search } of table.fulltext) {
    const vectors = search.fields.map(
      (field) => `to_tsvector('${search.language}', coalesce(${columnFor(table, field).quoted}, ''))`,
    );
    columns.push(`${quoted} tsvector generated always as (${vectors.join(' || ')}) stored`);
  }
  const versioning = table.immutable ? 'block$ int not null' : 'block_range int4range not null';
  const region = table.hasRegion ? 'causality_region int not null, ' : '';
  const create = `create table ${table.qualified} (vid bigint primary key, ${versioning}, ${region}${columns.join(', ')})`;
  if (table.immutable) {
    return [
      create,
      `create unique index ${indexName(table.name, '_id_key')} on ${table.qualified} (${table.id.quoted})`,
    ];
  }
  return [
    create,
    // Not on block_range: an index that does not mention the range lets closing a version stay within its page (a HOT update).
    `create unique index ${indexName(table.name, '_id_vid')} on ${table.qualified} (${table.id.quoted}, vid)`,
    `create index ${indexName(`brin_${table.name}`)} on ${table.qualified} using brin (lower(block_range) int4_minmax_ops, ` +
      `coalesce(upper(block_range), ${MAX_BLOCK}) int4_minmax_ops, vid int8_minmax_ops)`,
  ];
}

/**
 * The indexes that queries want and bulk loading does not: one per attribute, versions by id and range, and the partial index
 * over closed ranges. Created with the tables, or once a deployment has caught up.
 */
export function deferredIndexes(layout: Layout): DeferredIndex[] {
  const indexes: DeferredIndex[] = [];
  for (const table of layout.tables.values()) {
    if (table.immutable) {
      indexes.push(deferred(table, indexName(table.name, '_block'), 'btree', 'block$'));
    } else {
      // graph-node has a GiST over (id, block_range) here. Ours would only be chosen where (id, vid) is ten times faster.
      indexes.push(currentIndex(table, indexName(table.name, '_id_current'), table.id));
      const upper = `coalesce(upper(block_range), ${MAX_BLOCK})`;
      const name = indexName(table.name, '_block_range_closed');
      indexes.push(deferred(table, name, 'btree', upper, ` where ${upper} < ${MAX_BLOCK}`));
    }
    table.columns.forEach((column, position) => {
      // (id, vid) and the unique id serve look-ups by id; array columns are as graph-node leaves them by default.
      if (column === table.id || column.field.isList) return;
      const name = indexName(`attr_${table.position}_${position}_${table.name}_${column.name}`);
      const [method, expression] = attributeIndex(table, column);
      indexes.push(deferred(table, name, method, expression));
      if (method === 'gist') indexes.push(currentIndex(table, currentName(table, position), column));
    });
    table.fulltext.forEach(({ name, quoted }, place) => {
      const position = table.columns.length + place;
      const index = indexName(`attr_${table.position}_${position}_${table.name}_${name}`);
      indexes.push(deferred(table, index, 'gin', quoted));
    });
    const dimensions = cumulativeDimensions(table);
    if (dimensions.length > 0) {
      const columns = [...dimensions, '"timestamp"'].join(', ');
      indexes.push(deferred(table, indexName(table.name, '_dims'), 'btree', columns));
    }
  }
  return indexes;
}

/** Dimensions by which a roll-up looks for the row that it goes on from. */
function cumulativeDimensions({ rollup }: Table): string[] {
  if (!rollup?.aggregation.aggregates.some(({ cumulative }) => cumulative)) return [];
  return rollup.aggregation.dimensions.map((name) => columnFor(rollup.source, name).quoted);
}

/** The indexes that roll-ups need from the beginning, however much history is loaded first: times of points and of buckets. */
export function rollupIndexes(layout: Layout): DeferredIndex[] {
  const wanted = new Set<string>();
  const byTime = (table: Table) => {
    const column = columnFor(table, 'timestamp');
    wanted.add(
      indexName(`attr_${table.position}_${table.columns.indexOf(column)}_${table.name}_${column.name}`),
    );
  };
  for (const table of layout.tables.values()) {
    if (!table.rollup) continue;
    byTime(table);
    byTime(table.rollup.source);
    if (cumulativeDimensions(table).length > 0) wanted.add(indexName(table.name, '_dims'));
  }
  return deferredIndexes(layout).filter((index) => wanted.has(index.name));
}

/** The indexes behind `@derivedFrom` fields: a mapping that calls `store.loadRelated` needs them while it loads in bulk, too. */
export function relationIndexes(layout: Layout): DeferredIndex[] {
  const wanted = new Set<string>();
  for (const { fields } of layout.schema.entities.values()) {
    for (const field of fields) {
      if (field.derivedFrom === undefined || field.reference === undefined) continue;
      const implementers = layout.schema.interfaces.get(field.reference)?.implementers ?? [field.reference];
      for (const type of implementers) {
        const table = layout.tables.get(type);
        const column = table?.byField.get(field.derivedFrom);
        if (table && column) {
          const position = table.columns.indexOf(column);
          wanted.add(
            table.immutable
              ? indexName(`attr_${table.position}_${position}_${table.name}_${column.name}`)
              : currentName(table, position),
          );
        }
      }
    }
  }
  return deferredIndexes(layout).filter((index) => wanted.has(index.name));
}

/** Over what is current only: small, and a descent of a btree where a GiST takes ten times as long. */
function currentIndex(table: Table, name: string, { quoted }: Column): DeferredIndex {
  return deferred(table, name, 'btree', quoted, ` where ${CURRENT}`);
}

function currentName(table: Table, position: number): string {
  return indexName(`attr_${table.position}_${position}_${table.name}`, '_current');
}

function attributeIndex(table: Table, column: Column): [method: string, expression: string] {
  const { field, quoted } = column;
  if (field.reference !== undefined) {
    return table.immutable ? ['btree', `${quoted}, block$`] : ['gist', `${quoted}, block_range`];
  }
  if (!field.isEnum && column.elementType === 'text')
    return ['btree', `left(${quoted}, ${STRING_PREFIX_SIZE})`];
  if (column.elementType === 'bytea') return ['btree', `substring(${quoted}, 1, ${BYTES_PREFIX_SIZE})`];
  return ['btree', quoted];
}

function deferred(table: Table, name: string, method: string, expression: string, where = ''): DeferredIndex {
  return {
    name,
    table,
    sql: ({ concurrently }) =>
      `create index ${concurrently ? 'concurrently ' : ''}if not exists ${name} on ${table.qualified} using ${method} (${expression})${where}`,
  };
}

/** An index name that PostgreSQL will not cut, so that the same name is found again. */
function indexName(stem: string, suffix = ''): string {
  return quoteIdentifier(stem.slice(0, MAX_IDENTIFIER - suffix.length) + suffix);
}
