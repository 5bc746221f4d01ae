import { getIntrospectionQuery, graphqlSync, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { graphNodeFace } from './api-schema.ts';
import { gallerySchema } from './testing/gallery.ts';

const { schema } = graphNodeFace(parseEntitySchema(gallerySchema));

const argumentsOf = (field: string) =>
  schema
    .getQueryType()
    ?.getFields()
    [field]?.args.map(({ name, type, defaultValue }) =>
      defaultValue === undefined ? `${name}: ${type}` : `${name}: ${type} = ${defaultValue}`,
    );

const inputFields = (name: string, prefix: string) => {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`${name} is no input`);
  return Object.values(type.getFields())
    .filter((field) => field.name === prefix || field.name.startsWith(`${prefix}_`))
    .map((field) => `${field.name}: ${field.type}`);
};

// The expectations below are written out from graph-node's own source (graph/src/schema/api.rs) and its tests.

test('root fields have the arguments of graph-node in its order', () => {
  expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual([
    ...['user', 'users', 'item', 'items', 'badge', 'badges', 'profile', 'profiles'],
    ...['thing', 'things', '_meta', '_logs'],
  ]);
  expect(argumentsOf('user')).toEqual([
    'id: ID!',
    'block: Block_height',
    'subgraphError: _SubgraphErrorPolicy_! = deny',
  ]);
  expect(argumentsOf('users')).toEqual([
    'skip: Int = 0',
    'first: Int = 100',
    'orderBy: User_orderBy',
    'orderDirection: OrderDirection',
    'where: User_filter',
    'block: Block_height',
    'subgraphError: _SubgraphErrorPolicy_! = deny',
  ]);
  expect(String(schema.getQueryType()?.getFields().users?.type)).toBe('[User!]!');
  const user = schema.getType('User');
  if (!isObjectType(user)) throw new Error('User is no object type');
  expect(user.getFields().items?.args.map(({ name }) => name)).toEqual([
    'skip',
    'first',
    'orderBy',
    'orderDirection',
    'where',
  ]);
});

test('filters have the operators of their types', () => {
  expect(inputFields('User_filter', 'active')).toEqual([
    'active: Boolean',
    'active_not: Boolean',
    'active_in: [Boolean!]',
    'active_not_in: [Boolean!]',
  ]);
  expect(inputFields('User_filter', 'score').map((line) => line.split(':')[0])).toEqual([
    ...['score', 'score_not', 'score_gt', 'score_lt', 'score_gte', 'score_lte', 'score_in', 'score_not_in'],
  ]);
  expect(inputFields('User_filter', 'tags')).toEqual([
    'tags: [String!]',
    'tags_not: [String!]',
    'tags_contains: [String!]',
    'tags_contains_nocase: [String!]',
    'tags_not_contains: [String!]',
    'tags_not_contains_nocase: [String!]',
  ]);
  expect(inputFields('User_filter', 'data').slice(-2)).toEqual([
    'data_contains: Bytes',
    'data_not_contains: Bytes',
  ]);
  expect(inputFields('User_filter', 'items')).toEqual(['items_: Item_filter']);
  // Bytes references are filtered by strings, with all that strings can do.
  expect(inputFields('User_filter', 'favourite')).toHaveLength(21);
  expect(inputFields('User_filter', 'name')).toHaveLength(20);
  expect(inputFields('User_filter', 'colour')).toHaveLength(4);
  const filter = schema.getType('User_filter');
  if (!isInputObjectType(filter)) throw new Error('User_filter is no input');
  expect(Object.keys(filter.getFields()).slice(-3)).toEqual(['_change_block', 'and', 'or']);
});

test('lists can be ordered by fields one reference away', () => {
  const order = schema.getType('Item_orderBy');
  if (!isEnumType(order)) throw new Error('Item_orderBy is no enum');
  const names = order.getValues().map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(['id', 'label', 'owner', 'owner__id']);
  expect(names).toContain('owner__score');
  // Lists and references of the entity below have no order.
  expect(names).not.toContain('owner__tags');
  expect(names).not.toContain('owner__friend');
});

test('introspection shows what graph-node shows and no more', () => {
  const result = graphqlSync({ schema, source: getIntrospectionQuery() });
  expect(result.errors).toBeUndefined();
  const shown = result.data?.__schema as {
    types: { name: string; description: string | null }[];
    directives: { name: string }[];
    subscriptionType: unknown;
  };
  const names = shown.types.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  expect(names.filter((name) => name.startsWith('__'))).toEqual([]);
  expect(shown.directives.map(({ name }) => name)).toEqual([
    'skip',
    'include',
    'entity',
    'subgraphId',
    'derivedFrom',
  ]);
  expect(shown.subscriptionType).toBeNull();
  expect(shown.types.find(({ name }) => name === 'Int')?.description).toBe('4 bytes signed integer');
  expect(shown.types.find(({ name }) => name === 'User')?.description).toBe('A user.');
  expect(shown.types.find(({ name }) => name === 'Block_height')?.description).toBeNull();
});
