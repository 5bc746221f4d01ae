// Queries that are wrong, for which both must say the same.
import { type GraphQLSchema, getNamedType, isLeafType } from 'graphql';
import type { Query } from './query-parts.ts';
import type { Random } from './random.ts';
import { listRoots } from './value-pools.ts';

type Mistake = (at: {
  readonly list: string;
  readonly one: string;
  readonly leaf: string;
  readonly head: number;
}) => Query | string;

/** Left out: what graph-node's parser says of broken syntax, and fragments that are not there (it closes the connection). */
const MISTAKES: Readonly<Record<string, Mistake>> = {
  'unknown root field': () => '{ nothingHere { id } }',
  'unknown field': ({ list }) => `{ ${list} { id nowhere } }`,
  'unknown argument': ({ list }) => `{ ${list}(limit: 3) { id } }`,
  'unknown filter': ({ list }) => `{ ${list}(where: { nowhere_gt: 1 }) { id } }`,
  'unknown order': ({ list }) => `{ ${list}(orderBy: nowhere) { id } }`,
  'unknown direction': ({ list }) => `{ ${list}(orderBy: id, orderDirection: up) { id } }`,
  'no selection': ({ list }) => `{ ${list} }`,
  'selection on a leaf': ({ list, leaf }) => `{ ${list} { ${leaf} { id } } }`,
  'first too large': ({ list }) => `{ ${list}(first: 1001) { id } }`,
  'first negative': ({ list }) => `{ ${list}(first: -1) { id } }`,
  'first of zero': ({ list }) => `{ ${list}(first: 0) { id } }`,
  'skip negative': ({ list }) => `{ ${list}(skip: -1) { id } }`,
  'first as text': ({ list }) => `{ ${list}(first: "3") { id } }`,
  'first as a decimal': ({ list }) => `{ ${list}(first: 1.5) { id } }`,
  'where as a list': ({ list }) => `{ ${list}(where: [1]) { id } }`,
  'id missing': ({ one }) => `{ ${one} { id } }`,
  'id null': ({ one }) => `{ ${one}(id: null) { id } }`,
  'id as an object': ({ one }) => `{ ${one}(id: {}) { id } }`,
  'block ahead': ({ list, head }) => `{ ${list}(block: { number: ${head + 1000} }) { id } }`,
  'block ahead, at least': ({ list, head }) => `{ ${list}(block: { number_gte: ${head + 1000} }) { id } }`,
  'block by unknown hash': ({ list }) => `{ ${list}(block: { hash: "0x${'ab'.repeat(32)}" }) { id } }`,
  'block by no hash': ({ list }) => `{ ${list}(block: { hash: "zz" }) { id } }`,
  'block by two': ({ list }) => `{ ${list}(block: { number: 1, number_gte: 1 }) { id } }`,
  'block empty': ({ list }) => `{ ${list}(block: {}) { id } }`,
  'block negative': ({ list }) => `{ ${list}(block: { number: -1 }) { id } }`,
  'an unused fragment': ({ list }) => `{ ${list} { id } } fragment F on Query { __typename }`,
  'an unknown type': ({ list }) => `{ ${list} { ... on Nothing { id } } }`,
  'a fragment within itself': ({ list }) => `{ ${list} { ...F } } fragment F on Query { ...F }`,
  'an undeclared variable': ({ list }) => `{ ${list}(first: $n) { id } }`,
  'an unused variable': ({ list }) => `query ($n: Int) { ${list} { id } }`,
  'a variable without value': ({ list }) => `query ($n: Int!) { ${list}(first: $n) { id } }`,
  'a variable of another kind': ({ list }) => ({
    text: `query ($n: Int!) { ${list}(first: $n) { id } }`,
    variables: { n: 'three' },
  }),
  'a variable of an unknown type': ({ list }) => `query ($n: Number) { ${list}(first: $n) { id } }`,
  'two operations': ({ list }) => `query A { ${list} { id } } query B { ${list} { id } }`,
  'two of one name': ({ list }) => `query A { ${list} { id } } query A { ${list} { id } }`,
  'a mutation': () => 'mutation { save { id } }',
  'a subscription': ({ list }) => `subscription { ${list} { id } }`,
  'fields that do not agree': ({ list, leaf }) => `{ ${list} { x: id x: ${leaf} } }`,
  'an unknown directive': ({ list }) => `{ ${list} { id @live } }`,
  'a directive without its argument': ({ list }) => `{ ${list} { id @include } }`,
  'an argument twice': ({ list }) => `{ ${list}(first: 1, first: 2) { id } }`,
  'an argument on a leaf': ({ list, leaf }) => `{ ${list} { ${leaf}(first: 1) } }`,
  'subgraphError unknown': ({ list }) => `{ ${list}(subgraphError: maybe) { id } }`,
  'change block empty': ({ list }) => `{ ${list}(where: { _change_block: {} }) { id } }`,
  'an unknown meta field': () => '{ _meta { nowhere } }',
};

export const MISTAKE_NAMES = Object.keys(MISTAKES);

/** One mistake in a place of the schema. */
export function mistake(
  name: string,
  schema: GraphQLSchema,
  random: Random,
  head: number,
): Query & { readonly name: string } {
  const root = random.pick(listRoots(schema).filter(({ aggregated }) => !aggregated));
  const leaves = Object.values(root.type.getFields()).filter(
    (field) => field.name !== 'id' && isLeafType(getNamedType(field.type)),
  );
  const single = Object.values(schema.getQueryType()?.getFields() ?? {}).find(
    (field) =>
      getNamedType(field.type) === root.type && field.args.some((argument) => argument.name === 'id'),
  );
  const made = MISTAKES[name]?.({
    list: root.name,
    one: single?.name ?? root.name,
    leaf: random.pick(leaves).name,
    head,
  });
  return { name, ...(typeof made === 'string' || made === undefined ? { text: made ?? '' } : made) };
}
