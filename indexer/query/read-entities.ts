// Runs the statements of a plan level by level, and puts the rows together into the answer's objects.

import type { FieldNode, GraphQLError } from 'graphql';
import { QueryError } from './errors.ts';
import type { Face } from './face.ts';
import { childArguments } from './json-statement.ts';
import type { ChildPlan, ObjectPlan, TargetPlan } from './plan.ts';
import { formatterOf } from './row-format.ts';
import {
  byIdStatement,
  childStatement,
  type LevelContext,
  rootListStatement,
  type Statement,
  searchStatement,
} from './sql-level.ts';

/** One row of a statement: PostgreSQL's texts in the order of its select list. */
export type Row = readonly (string | null)[];

/** An object of the answer. */
export type Answer = Record<string, unknown>;

/** An object under construction, with the row it is made from. */
interface Entity {
  readonly plan: ObjectPlan;
  readonly answer: Answer;
  readonly row: Row;
  /** Place of the plan's first column in the row. */
  readonly at: number;
  /** Number of its parent, from 0; 0 for roots. */
  readonly parent: number;
  /** The id as PostgreSQL writes it. */
  readonly id: string;
}

/** A statement with the place in its rows of what its guard found. */
export type GuardedStatement = Pick<Statement, 'text' | 'values' | 'guardAt'>;

/** Runs a statement; throws when its guard fails. */
export type RunStatement = (statement: GuardedStatement) => Promise<readonly Row[]>;

export interface EntityReaderOptions {
  readonly level: LevelContext;
  readonly face: Face;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly run: RunStatement;
}

/** Reads the entities of one operation at one block. */
export class EntityReader {
  readonly #options: EntityReaderOptions;
  /** Errors that leave the rest of the answer standing. */
  readonly errors: GraphQLError[] = [];

  constructor(options: EntityReaderOptions) {
    this.#options = options;
  }

  /** A root list. */
  async many(target: TargetPlan, node: FieldNode, args: Record<string, unknown>): Promise<Answer[]> {
    const statement = rootListStatement(this.#options.level, target, args, node);
    const entities = await this.#read(statement);
    return entities.map(({ answer }) => answer);
  }

  /** What a full-text search finds. */
  async search(
    target: TargetPlan,
    search: string,
    node: FieldNode,
    args: Record<string, unknown>,
  ): Promise<Answer[]> {
    const entities = await this.#read(searchStatement(this.#options.level, target, search, args, node));
    return entities.map(({ answer }) => answer);
  }

  /** Entities by id, as PostgreSQL's input texts; keys of the answer are ids as PostgreSQL writes them. */
  async byId(target: TargetPlan, node: FieldNode, ids: readonly string[]): Promise<Map<string, Answer>> {
    const entities = await this.#read(byIdStatement(this.#options.level, target, ids, node));
    return new Map(entities.map(({ id, answer }) => [id, answer]));
  }

  async #read(statement: Statement): Promise<Entity[]> {
    const rows = await this.#options.run(statement);
    const entities = rows.map((row) => entityOf(statement, row));
    await this.#readChildren(statement.target, entities);
    return entities;
  }

  async #readChildren(target: TargetPlan, entities: readonly Entity[]): Promise<void> {
    const work: Promise<void>[] = [];
    for (const plan of target.objects) {
      if (plan.children.length === 0) continue;
      const parents =
        target.objects.length === 1 ? entities : entities.filter((entity) => entity.plan === plan);
      if (parents.length === 0) continue;
      for (const child of plan.children) work.push(this.#readChild(plan, child, parents));
    }
    await Promise.all(work);
  }

  async #readChild(plan: ObjectPlan, child: ChildPlan, parents: readonly Entity[]): Promise<void> {
    if (child.link === 'reference') return this.#readReferences(child, parents);
    // The same parent may have been reached on several ways: each is asked for once.
    const places = new Map<string, number>();
    const links: string[] = [];
    const placeOf = parents.map(({ row, at }) => {
      const link = row[at + child.slot] ?? (child.link === 'derived' ? '' : '[]');
      const known = places.get(link);
      if (known !== undefined) return known;
      places.set(link, links.length);
      return links.push(link) - 1;
    });
    const held = child.link === 'derived' ? links : links.map((link) => JSON.parse(link) as string[]);
    const statement = childStatement(
      this.#options.level,
      child,
      this.#arguments(plan, child),
      held,
      plan.table,
    );
    const groups: Answer[][] = links.map(() => []);
    for (const { answer, parent } of await this.#read(statement)) groups[parent]?.push(answer);
    parents.forEach((parent, index) => {
      const found = groups[placeOf[index] ?? 0] ?? [];
      parent.answer[child.key] = child.field.isList ? found : this.#only(child, found);
    });
  }

  async #readReferences(child: ChildPlan, parents: readonly Entity[]): Promise<void> {
    const ids = new Set<string>();
    for (const { row, at } of parents) {
      const id = row[at + child.slot];
      if (id !== null && id !== undefined) ids.add(id);
    }
    const found =
      ids.size === 0 ? new Map<string, Answer>() : await this.byId(child.target, child.node, [...ids]);
    for (const { answer, row, at } of parents) {
      const id = row[at + child.slot];
      const referred = id === null || id === undefined ? undefined : found.get(id);
      answer[child.key] = this.#only(child, referred === undefined ? [] : [referred]);
    }
  }

  /** The one entity of a field that is no list. */
  #only(child: ChildPlan, found: readonly Answer[]): Answer | null {
    const { field, node } = child;
    if (found.length > 1) {
      throw new QueryError(
        'AMBIGUOUS_DERIVED',
        `Ambiguous result for derived field \`${field.name}\`: Multiple \`${field.typeName}\` entities refer back via \`${field.derivedFrom ?? 'id'}\``,
        { nodes: node },
      );
    }
    const [only] = found;
    if (only !== undefined) return only;
    if (field.nonNull) {
      this.errors.push(
        new QueryError('NULL_FOR_NON_NULL', `Null value resolved for non-null field \`${field.name}\``, {
          nodes: node,
        }),
      );
    }
    return null;
  }

  #arguments(parent: ObjectPlan, child: ChildPlan): Record<string, unknown> {
    const { face, variables } = this.#options;
    return childArguments(face, parent, child, variables);
  }
}

function entityOf(statement: Statement, row: Row): Entity {
  const type = statement.typeAt < 0 ? 0 : Number(row[statement.typeAt]);
  const plan = statement.target.objects[type] as ObjectPlan;
  const at = statement.columnsAt[type] ?? 0;
  const answer: Answer = {};
  for (const field of plan.fields) {
    if (field.kind === 'column') {
      const text = row[at + field.slot];
      answer[field.key] = text === null || text === undefined ? null : formatterOf(field.column)(text);
    } else {
      // Children take their place now, so that keys stand in the order of the query.
      answer[field.key] = field.kind === 'typename' ? plan.typename : null;
    }
  }
  return {
    plan,
    answer,
    row,
    at,
    parent: statement.parentAt < 0 ? 0 : Number(row[statement.parentAt]) - 1,
    id: row[statement.idAt] ?? '',
  };
}
