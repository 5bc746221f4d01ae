// One statement a level: the entities of a root field, or the children of all parents of one type, each parent's limited by itself.
import type { FieldNode } from 'graphql';
import type { Column, Layout, Table } from '#indexer/store/layout.ts';
import { validAt } from '#indexer/store/layout.ts';
import { rangeError } from './errors.ts';
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
  const builder = new LevelBuilder(context, target, node);
  return builder.statement(builder.list(listOf(context, target.type, args), () => 'true'));
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
  const builder = new LevelBuilder(context, child.target, child.node);
  const { field } = child;
  if (child.link === 'derived') {
    const back = field.derivedFrom ?? 'id';
    const list = field.isList
      ? listOf(context, child.target.type, args)
      : // Two, so that a second one is noticed.
        { first: 2, skip: 0, where: undefined, order: { direction: 'asc' as const } };
    const parents = `unnest(${builder.values.add(links, `${parentTable.id.elementType}[]`)}) with ordinality as p(link, parent)`;
    return builder.statement(
      builder.list(list, (object) => pointsBack(object.table, 'c', back, 'p.link')),
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
    builder.list(list, () => 'true', 'unnest(p.links)'),
    parents,
  );
}

interface ListRequest {
  readonly first: number;
  readonly skip: number;
  readonly where: WhereInput | undefined;
  readonly order: Order;
}

function listOf(context: LevelContext, type: string, args: ListArguments): ListRequest {
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
      limits: context.limits,
      touched: context.touched,
    };
  }

  /** The rows of a list; `link` ties them to a parent `p`, `ids` is SQL of a set of ids to start from. */
  list(request: ListRequest, link: (object: ObjectPlan) => string, ids?: string): Source {
    const { order, first, skip } = request;
    const { objects } = this.#target;
    const alone = objects.length === 1;
    const sorted = order.field !== undefined;
    const ordering = (key: string, id: string) =>
      `order by ${sorted ? `${key} ${order.direction}, ` : ''}${id} ${order.direction}`;
    const branches = objects.map((object, index) => {
      const { table } = object;
      const sort = sortKeySql(this.#filters, table, 'c', order);
      const conditions = [
        validAt(table, 'c', this.#block),
        link(object),
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

  byId(ids: readonly string[]): Source {
    const { objects } = this.#target;
    const list = `unnest(${this.values.add(ids, `${objects[0]?.table.id.elementType ?? 'text'}[]`)})`;
    const branches = objects.map(
      (object, index) =>
        `select ${this.#selected(object, index, undefined)} from ${this.#lookUp(object.table, list)} where ${validAt(object.table, 'c', this.#block)}`,
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
