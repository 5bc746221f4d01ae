// A face is one of the two GraphQL schemas a deployment answers: graph-node's, or its part of the supergraph. Only names differ.
import type { GraphQLSchema } from 'graphql';
import type { EntitySchema } from '#indexer/model.ts';
import { rootFieldNames } from './inflector.ts';

/** What a root field reads. `type` is the entity type or interface as the deployment's schema names it. */
export type RootField =
  | { readonly kind: 'one' | 'many' | 'aggregation'; readonly type: string }
  | { readonly kind: 'fulltext'; readonly type: string; readonly search: string }
  | { readonly kind: 'meta' | 'logs' | 'entities' | 'service' };

/** How the types and root fields of a deployment are called in one face. */
export interface FaceNames {
  /** GraphQL name of an entity type, interface or enum. */
  type(name: string): string;
  singular(type: string): string;
  plural(type: string): string;
  /** Root field of a full-text search. */
  search(name: string): string;
  readonly metaField: string;
  readonly metaType: string;
  readonly blockType: string;
}

export interface Face {
  readonly kind: 'graph-node' | 'supergraph';
  readonly names: FaceNames;
  /** What documents are validated against. */
  readonly schema: GraphQLSchema;
  /** What is published: graph-node's API schema, or the subgraph's SDL for composition. */
  readonly sdl: string;
  /** Fields of Query and of Subscription. */
  readonly roots: ReadonlyMap<string, RootField>;
  /** GraphQL type name → name in the deployment's schema, of entity types, interfaces and aggregations. */
  readonly sourceTypes: ReadonlyMap<string, string>;
}

/** graph-node's names. */
export const graphNodeNames: FaceNames = {
  type: (name) => name,
  singular: (type) => rootFieldNames(type).singular,
  plural: (type) => rootFieldNames(type).plural,
  search: (name) => name,
  metaField: '_meta',
  metaType: '_Meta_',
  blockType: '_Block_',
};

/** Names of a house subgraph in the supergraph: its own, which are unique, but for `_meta`, which every deployment has. */
export function houseNames(subgraph: string): FaceNames {
  const { field, type } = aliasPrefix(subgraph);
  return {
    ...graphNodeNames,
    metaField: `${field}Meta`,
    metaType: `${type}Meta`,
    blockType: `${type}MetaBlock`,
  };
}

/**
 * Names of a subgraph that a user deployed under `alias`: every type `Alias_Pair`, every root field `alias_pairs`, so that no two
 * deployments can collide, in whatever order they arrive.
 */
export function aliasNames(alias: string): FaceNames {
  const { field, type } = aliasPrefix(alias);
  return {
    type: (name) => `${type}_${name}`,
    singular: (name) => `${field}_${rootFieldNames(name).singular}`,
    plural: (name) => `${field}_${rootFieldNames(name).plural}`,
    search: (name) => `${field}_${name}`,
    metaField: `${field}_meta`,
    metaType: `${type}_Meta_`,
    blockType: `${type}_Block_`,
  };
}

/**
 * An alias (`erc20-mainnet`) as a prefix of GraphQL names: `erc20Mainnet` of fields, `Erc20Mainnet` of types. Aliases that differ
 * only in punctuation share a prefix; whoever keeps the aliases compares prefixes.
 */
export function aliasPrefix(alias: string): { readonly field: string; readonly type: string } {
  const [head = '', ...rest] = alias.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  const camel = lowerFirst(head) + rest.map(upperFirst).join('');
  const field = /^[A-Za-z]/.test(camel) ? camel : `s${camel}`;
  return { field, type: upperFirst(field) };
}

const upperFirst = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
const lowerFirst = (word: string): string => word.slice(0, 1).toLowerCase() + word.slice(1);

/** Entity types, then interfaces, in the order of the schema: that of graph-node's Query. */
export function queryableTypes(schema: EntitySchema): string[] {
  return [...schema.entities.keys(), ...schema.interfaces.keys()];
}

/** The root fields of a face, by name. */
export function rootFields(
  schema: EntitySchema,
  names: FaceNames,
  kind: Face['kind'],
): ReadonlyMap<string, RootField> {
  const roots = new Map<string, RootField>();
  for (const type of queryableTypes(schema)) {
    roots.set(names.singular(type), { kind: 'one', type });
    roots.set(names.plural(type), { kind: 'many', type });
  }
  for (const type of schema.aggregations.keys()) roots.set(names.plural(type), { kind: 'aggregation', type });
  for (const { name, entity } of schema.fulltext) {
    roots.set(names.search(name), { kind: 'fulltext', type: entity, search: name });
  }
  roots.set(names.metaField, { kind: 'meta' });
  if (kind === 'graph-node') roots.set('_logs', { kind: 'logs' });
  else roots.set('_entities', { kind: 'entities' }).set('_service', { kind: 'service' });
  return roots;
}

/** GraphQL type name → source name, for entity types, interfaces and aggregations. */
export function sourceTypes(schema: EntitySchema, names: FaceNames): ReadonlyMap<string, string> {
  return new Map(
    [...queryableTypes(schema), ...schema.aggregations.keys()].map((name) => [names.type(name), name]),
  );
}
