// Values that occur in a subgraph, by entity type and field: what filters are made of, so that they find something.
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Random } from './random.ts';

export type Leaf = string | number | boolean;

/** The list fields of the query root, with the entity type each lists. */
export function listRoots(
  schema: GraphQLSchema,
): { readonly name: string; readonly type: GraphQLObjectType; readonly aggregated: boolean }[] {
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const type = getNamedType(field.type);
    const has = (argument: string) => field.args.some(({ name }) => name === argument);
    if (!has('where') || has('text') || !isObjectType(type)) return [];
    return [{ name: field.name, type, aggregated: has('interval') }];
  });
}

export class ValuePools {
  readonly #values = new Map<string, Leaf[]>();

  /** Asks for the first entities of every type. */
  static async of(
    schema: GraphQLSchema,
    ask: (query: string) => Promise<Readonly<Record<string, unknown>>>,
  ): Promise<ValuePools> {
    const pools = new ValuePools();
    for (const { name, type, aggregated } of listRoots(schema)) {
      const leaves = Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type)));
      if (leaves.length === 0 || isListType(type)) continue;
      const answer = await ask(
        `{ ${name}(first: 300${aggregated ? ', interval: day' : ''}) { ${leaves.map((field) => field.name).join(' ')} } }`,
      );
      for (const row of (answer[name] ?? []) as Readonly<Record<string, unknown>>[])
        for (const [field, value] of Object.entries(row)) pools.#add(`${type.name}.${field}`, value);
    }
    return pools;
  }

  #add(key: string, value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#add(key, item);
      return;
    }
    if (value === null) return;
    const values = this.#values.get(key) ?? [];
    if (!values.includes(value as Leaf)) values.push(value as Leaf);
    this.#values.set(key, values);
  }

  pick(type: string, field: string, random: Random): Leaf | undefined {
    const values = this.#values.get(`${type}.${field}`);
    return values === undefined ? undefined : random.pick(values);
  }
}
