// One statement a level: the entities of a root field, or the children of all parents of one type, each parent's limited by itself.
import type { FieldNode } from 'graphql';
import {
  type AggregationTable,
  aggregatedTypeName,
  type Column,
  type Layout,
  type Table,
  validAt,
} from '#indexer/store/layout.ts';
import { currentBucketSql } from '#indexer/store/rollups.ts';
import { QueryError, rangeError } from './errors.ts';
import type { ChildPlan, ObjectPlan, TargetPlan } from './plan.ts';
import {
  type FilterContext,
  type FilterLimits,
  filterSql,
  pointsBack,
  type WhereInput,
} from './sql-filter.ts';
import { type Order, parseOrder, sortKeySql } from './sql-order.ts';
import { SqlValues } from './sql-values.ts';

export interface QueryLimits extends FilterLimits {
  readonly maxFirst: number;
  readonly maxSkip: number;
}

/** What a statement is made for. */
export interface LevelContext {
  readonly layout: Layout;
  readonly limits: QueryLimits;
  /** Block that is read. */
  readonly block: number;
  /** The guard only lets the newest block pass: current versions are those valid at it. */
  readonly current: boolean;
  /** Makes the condition that the block is still part of the chain; left out where the block was asked for by number. */
  readonly guard?: (values: SqlValues) => string;
  /** Collects the entity types that statements look at. */
  readonly touched: Set<string>;
}

/** Coerced arguments of a list. */
export interface ListArguments {
  readonly first?: unknown;
  readonly skip?: unknown;
  readonly orderBy?: unknown;
  readonly orderDirection?: unknown;
  readonly where?: unknown;
  /** Of aggregations. */
  readonly interval?: unknown;
  readonly current?: unknown;
  /** Of full-text searches. */
  readonly text?: unknown;
}

/** A statement, and where in its rows things stand. Rows are arrays of PostgreSQL's output texts. */
export interface Statement {
  readonly text: string;
  readonly values: unknown[];
  /** Place of the guard, the parent's number and the type's number; -1 where there is none. */
  readonly guardAt: number;
  readonly parentAt: number;
  readonly typeAt: number;
  readonly idAt: number;
  /** Place of the first column of each of the target's objects. */
  readonly columnsAt: readonly number[];
  readonly target: TargetPlan;
  readonly node: FieldNode;
}

/** The entities of a root list. */
export function rootListStatement(
  context: LevelContext,
  target: TargetPlan,
  args: ListArguments,
  node: FieldNode,
): Statement {
  const builder = new LevelBuilder(context, atInterval(context.layout, target, args), node);
  return builder.statement(builder.list(listOf(context, target.type, args), () => 'true'));
}

/** The entities that a full-text search finds, the least relevant first, as graph-node has them. */
export function searchStatement(
  context: LevelContext,
  target: TargetPlan,
  search: string,
  args: ListArguments,
  node: FieldNode,
): Statement {
  const builder = new LevelBuilder(context, target, node);
  return builder.statement(builder.list({ ...listOf(context, target.type, args), search }, () => 'true'));
}

/** An aggregation's plan for the interval that the arguments name; any other plan as it is. */
function atInterval(layout: Layout, target: TargetPlan, { interval }: ListArguments): TargetPlan {
  if (interval !== 'hour' && interval !== 'day') return target;
  const table = layout.tables.get(aggregatedTypeName(target.type, interval));
  if (table === undefined) {
    throw new QueryError(
      'BAD_ARGUMENT',
      `Aggregation \`${target.type}\` is not kept by \`${interval}\`: use another \`interval\``,
    );
  }
  return { ...target, objects: target.objects.map((object) => ({ ...object, table })) };
}

/** Entities by id, in any order. `ids` are PostgreSQL's input texts; `idParameter` makes them. */
export function byIdStatement(
  context: LevelContext,
  target: TargetPlan,
  ids: readonly string[],
  node: FieldNode,
): Statement {
  const builder = new LevelBuilder(context, target, node);
  return builder.statement(builder.byId(ids));
}

/** The children of parents: `links[i]` is the id of parent i (derived fields) or the ids it holds. */
export function childStatement(
  context: LevelContext,
  child: ChildPlan,
  args: ListArguments,
  links: readonly (string | null)[] | readonly (readonly string[])[],
  parentTable: Table,
): Statement {
  const builder = new LevelBuilder(context, atInterval(context.layout, child.target, args), child.node);
  const { field } = child;
  if (child.link === 'derived') {
    const back = field.derivedFrom ?? 'id';
    const list = field.isList
      ? listOf(context, child.target.type, args)
      : // Two, so that a second one is noticed.
        { first: 2, skip: 0, where: undefined, order: { direction: 'asc' as const }, current: false };
    const parents = `unnest(${builder.values.add(links, `${parentTable.id.elementType}[]`)}) with ordinality as p(link, parent)`;
    return builder.statement(
      builder.list(list, (table, row) => pointsBack(table, row, back, 'p.link'), { nested: true }),
      parents,
    );
  }
  const list = listOf(context, child.target.type, args);
  const numbers: number[] = [];
  const ids: string[] = [];
  (links as readonly (readonly string[])[]).forEach((held, parent) => {
    for (const id of new Set(held)) {
      numbers.push(parent + 1);
      ids.push(id);
    }
  });
  const idType = child.target.objects[0]?.table.id.elementType ?? 'text';
  const pairs = `unnest(${builder.values.add(numbers, 'int4[]')}, ${builder.values.add(ids, `${idType}[]`)}) as pair(parent, link)`;
  const parents = `(select parent, array_agg(link) as links from ${pairs} group by parent) p`;
  return builder.statement(
    builder.list(list, () => 'true', { ids: 'unnest(p.links)' }),
    parents,
  );
}

/** What a list asks for, checked. */
export interface ListRequest {
  readonly first: number;
  readonly skip: number;
  readonly where: WhereInput | undefined;
  readonly order: Order;
  /** Whether an aggregation's current bucket is wanted, too. */
  readonly current: boolean;
  /** The text to find, and the name of the search it is for. */
  readonly text?: string;
  readonly search?: string;
}

/** @throws QueryError for bounds that are exceeded and fields that have no order */
export function listOf(context: LevelContext, type: string, args: ListArguments): ListRequest {
  const { maxFirst, maxSkip } = context.limits;
  const first = typeof args.first === 'number' ? args.first : 100;
  const skip = typeof args.skip === 'number' ? args.skip : 0;
  if (first <= 0 || first > maxFirst) throw rangeError('first', maxFirst, first);
  if (skip < 0 || skip > maxSkip) throw rangeError('skip', maxSkip, skip);
  return {
    first,
    skip,
    where: (args.where ?? undefined) as WhereInput | undefined,
    order: parseOrder(context.layout, type, args.orderBy, args.orderDirection),
    current: args.current === 'include',
    ...(typeof args.text === 'string' && { text: args.text }),
  };
}

/** A derived table of entities with its columns named, and how its rows are ordered. */
interface Source {
  readonly sql: string;
  readonly order: readonly string[];
}

class LevelBuilder {
  readonly values = new SqlValues();
  readonly #context: LevelContext;
  readonly #target: TargetPlan;
  readonly #node: FieldNode;
  readonly #filters: FilterContext;
  readonly #block: string;

  constructor(context: LevelContext, target: TargetPlan, node: FieldNode) {
    this.#context = context;
    this.#target = target;
    this.#node = node;
    this.#block = this.values.add(context.block, 'int4');
    for (const { table } of target.objects) context.touched.add(table.entity.name);
    this.#filters = {
      layout: context.layout,
      values: this.values,
      block: this.#block,
      current: context.current,
      limits: context.limits,
      touched: context.touched,
    };
  }

  /**
   * The rows of a list; `link` ties rows of a table to a parent `p`, `ids` is SQL of a set of ids to start from, `nested` tells lists of
   * a parent from root lists.
   */
  list(
    request: ListRequest,
    link: (table: Table, row: string) => string,
    { ids, nested = false }: { readonly ids?: string; readonly nested?: boolean } = {},
  ): Source {
    const { order, first, skip } = request;
    const { objects } = this.#target;
    const [only] = objects;
    if (only?.table.rollup !== undefined && request.current)
      return this.#withCurrentBucket(request, only, only.table as AggregationTable, link, nested);
    const found = this.#search(request);
    const alone = objects.length === 1;
    const sorted = order.field !== undefined || found !== undefined;
    const ordering = (key: string, id: string) =>
      `order by ${sorted ? `${key} ${order.direction}, ` : ''}${id} ${order.direction}`;
    const branches = objects.map((object, index) => {
      const { table } = object;
      const sort = found ? { key: found.rank, joins: '' } : sortKeySql(this.#filters, table, 'c', order);
      const conditions = [
        validAt(table, 'c', this.#block, this.#context.current),
        link(table, 'c'),
        found?.matches ?? 'true',
        request.where === undefined ? 'true' : filterSql(this.#filters, table, 'c', request.where),
      ].filter((condition) => condition !== 'true');
      const from = ids === undefined ? `${table.qualified} c` : this.#lookUp(table, ids);
      const limit = alone ? `limit ${first} offset ${skip}` : `limit ${first + skip}`;
      return (
        `select ${this.#selected(object, index, sort?.key)} from ${from}${sort?.joins ?? ''}` +
        ` where ${conditions.join(' and ')} ${ordering(sort?.key ?? '', `c.${table.id.quoted}`)} ${limit}`
      );
    });
    const sql = alone
      ? (branches[0] as string)
      : `select * from (${branches.map((branch) => `(${branch})`).join(' union all ')}) u ${ordering('u.sort_key', 'u.entity_id')} limit ${first} offset ${skip}`;
    return {
      sql,
      order: [...(sorted ? [`r.sort_key ${order.direction}`] : []), `r.entity_id ${order.direction}`],
    };
  }

  /**
   * Ended buckets and the current one of each combination of dimensions. Conditions hold for the points of the current bucket, not for
   * the bucket; in nested lists it comes on top of `first`: both as in graph-node.
   */
  #withCurrentBucket(
    { order, first, skip, where }: ListRequest,
    object: ObjectPlan,
    table: AggregationTable,
    link: (table: Table, row: string) => string,
    nested: boolean,
  ): Source {
    this.#context.touched.add(table.rollup.source.entity.name);
    const sort = sortKeySql(this.#filters, table, 'c', order);
    const selected = this.#selected(object, 0, sort?.key);
    const key = sort ? `${sort.key} ${order.direction}, ` : '';
    const conditionsOn = (on: Table, row: string) =>
      [link(on, row), where === undefined ? 'true' : filterSql(this.#filters, on, row, where)].join(' and ');
    const ended =
      `select ${selected} from ${table.qualified} c${sort?.joins ?? ''} ` +
      `where ${validAt(table, 'c', this.#block)} and ${conditionsOn(table, 'c')} ` +
      `order by ${key}c.${table.id.quoted} ${order.direction} ` +
      (nested ? `limit ${first} offset ${skip}` : `limit ${first + skip}`);
    const bucket = currentBucketSql(table, { block: this.#block, points: conditionsOn });
    const current = `select ${selected} from (${bucket}) c${sort?.joins ?? ''}`;
    const all = `select * from ((${ended}) union all (${current})) u`;
    const sorted = sort ? `sort_key ${order.direction}, ` : '';
    return {
      sql: nested
        ? all
        : `${all} order by ${sorted}entity_id ${order.direction} limit ${first} offset ${skip}`,
      order: [...(sort ? [`r.sort_key ${order.direction}`] : []), `r.entity_id ${order.direction}`],
    };
  }

  /** The condition and the rank of a full-text search; words are read as English whatever the column's language, as in graph-node. */
  #search({ search, text }: ListRequest): { readonly matches: string; readonly rank: string } | undefined {
    if (search === undefined) return undefined;
    const column = this.#target.objects[0]?.table.fulltext.find((one) => one.search.name === search);
    if (column === undefined) return undefined;
    const query = `to_tsquery('english', ${this.values.add((text ?? '').replaceAll('\0', ''), 'text')})`;
    const rank = column.search.algorithm === 'rank' ? 'ts_rank' : 'ts_rank_cd';
    return { matches: `c.${column.quoted} @@ ${query}`, rank: `${rank}(c.${column.quoted}, ${query})` };
  }

  byId(ids: readonly string[]): Source {
    const { objects } = this.#target;
    const list = `unnest(${this.values.add(ids, `${objects[0]?.table.id.elementType ?? 'text'}[]`)})`;
    const branches = objects.map(
      (object, index) =>
        `select ${this.#selected(object, index, undefined)} from ${this.#lookUp(object.table, list)} where ${validAt(object.table, 'c', this.#block, this.#context.current)}`,
    );
    return { sql: branches.join(' union all '), order: [] };
  }

  /**
   * The newest version at the block of each id, as `c`: one descent of (id, vid) an entity however long its history is
   * (vid = block << 32 | position). The caller still asks whether it is valid, as the entity may have been removed.
   */
  #lookUp(table: Table, ids: string): string {
    const id = `c.${table.id.quoted}`;
    if (table.immutable) return `${ids} as l(id) join ${table.qualified} c on ${id} = l.id`;
    return `${ids} as l(id) cross join lateral (select * from ${table.qualified} v where v.${table.id.quoted} = l.id and v.vid < ((${this.#block} + 1)::int8 << 32) order by v.vid desc limit 1) c`;
  }

  /** The columns of one branch, in the same places and of the same types in all of them. */
  #selected(object: ObjectPlan, index: number, sortKey: string | undefined): string {
    const { objects } = this.#target;
    const alone = objects.length === 1;
    const selected = [`c.${object.table.id.quoted} as entity_id`];
    if (sortKey !== undefined) selected.push(`${sortKey} as sort_key`);
    if (!alone) selected.push(`${index} as entity_type`);
    let place = 0;
    objects.forEach((other, otherIndex) => {
      for (const column of other.columns) {
        const name = `x${place++}`;
        if (alone) selected.push(`${outputSql(column)} as ${name}`);
        else if (otherIndex === index) selected.push(`(${outputSql(column)})::text as ${name}`);
        else selected.push(`null::text as ${name}`);
      }
    });
    return selected.join(', ');
  }

  /** The whole statement: the source alone, or once for every parent. */
  statement(source: Source, parents?: string): Statement {
    const { objects } = this.#target;
    const selected: string[] = [];
    const place = (sql: string): number => selected.push(sql) - 1;
    const guardAt = this.#context.guard ? place(`(${this.#context.guard(this.values)}) as guard`) : -1;
    const parentAt = parents === undefined ? -1 : place('p.parent');
    const typeAt = objects.length > 1 ? place('r.entity_type') : -1;
    const idAt = place('r.entity_id');
    let column = 0;
    const columnsAt = objects.map((object) => {
      const start = selected.length;
      for (const _ of object.columns) place(`r.x${column++}`);
      return start;
    });
    const order = [...(parents === undefined ? [] : ['p.parent']), ...source.order].join(', ');
    const from =
      parents === undefined ? `(${source.sql}) r` : `${parents} cross join lateral (${source.sql}) r`;
    const text = `select ${selected.join(', ')} from ${from}${order === '' ? '' : ` order by ${order}`}`;
    return {
      text,
      values: this.values.values,
      guardAt,
      parentAt,
      typeAt,
      idAt,
      columnsAt,
      target: this.#target,
      node: this.#node,
    };
  }
}

/** A column as the row decoder reads it: lists as JSON, timestamps in microseconds. */
function outputSql(column: Column): string {
  const name = `c.${column.quoted}`;
  const { kind, isList } = column.field;
  if (!isList) return kind === 'Timestamp' ? `(extract(epoch from ${name}) * 1000000)::int8` : name;
  if (kind === 'Timestamp') {
    return `to_json((select array_agg((extract(epoch from item) * 1000000)::int8::text order by place) from unnest(${name}) with ordinality as items(item, place)))`;
  }
  // JSON's numbers lose digits in JavaScript, so those that can be long travel as text.
  return kind === 'BigInt' || kind === 'BigDecimal' || kind === 'Int8'
    ? `to_json(${name}::text[])`
    : `to_json(${name})`;
}
