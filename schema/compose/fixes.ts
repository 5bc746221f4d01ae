// What to do about each composition error; the composition library says only what is wrong.

const FIXES: Readonly<Record<string, string>> = {
  INVALID_FIELD_SHARING:
    'mark the field @shareable in every subgraph that resolves it, or keep it in one and extend the type from the others',
  SATISFIABILITY_ERROR:
    'give the type an @key that all its subgraphs can resolve, or move the field to a subgraph that the path can reach',
  EXTERNAL_UNUSED: 'use the @external field in a @key, @requires or @provides, or remove it',
  EXTERNAL_MISSING_ON_BASE: 'define the field in the subgraph that owns the type, or drop @external',
  EXTERNAL_TYPE_MISMATCH: 'give the field the same type in every subgraph',
  FIELD_TYPE_MISMATCH: 'give the field the same type in every subgraph, or rename it in one',
  FIELD_ARGUMENT_TYPE_MISMATCH: 'give the argument the same type in every subgraph',
  REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: 'add the argument everywhere, or make it optional',
  REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: 'add the input field everywhere, or make it optional',
  TYPE_KIND_MISMATCH: 'rename the type in one subgraph: a name has one kind in the whole supergraph',
  ENUM_VALUE_MISMATCH:
    'give the enum the same values in every subgraph that uses it both for input and output',
  EMPTY_MERGED_INPUT_TYPE: 'give the input type at least one field that all its subgraphs share',
  KEY_INVALID_FIELDS: 'name only fields of the type in @key(fields:), and select subfields of objects',
  KEY_FIELDS_HAS_ARGS: 'use fields without arguments in @key',
  KEY_FIELDS_SELECT_INVALID_TYPE: 'use scalars or objects in @key, no lists, interfaces or unions',
  REQUIRES_INVALID_FIELDS: 'name only fields of the type in @requires(fields:), each marked @external',
  PROVIDES_INVALID_FIELDS: 'name only fields of the returned type in @provides(fields:)',
  OVERRIDE_SOURCE_HAS_OVERRIDE: 'let only one subgraph override the field',
  NO_QUERIES: 'add at least one field to Query in one of the subgraphs',
  INVALID_GRAPHQL: 'correct the subgraph so that it is valid GraphQL by itself',
  INVALID_LINK_DIRECTIVE_USAGE: 'correct @link: the url must name a version, and imports must exist in it',
  UNKNOWN_FEDERATION_LINK_VERSION: 'link to a federation version this gateway knows, up to v2.9',
  ROOT_QUERY_USED: 'name the query type Query, or let only one type carry that name',
  INTERFACE_OBJECT_USAGE_ERROR:
    'define the interface with @key in another subgraph before using @interfaceObject',
  INTERFACE_KEY_NOT_ON_IMPLEMENTATION: 'repeat the interface’s @key on every type that implements it',
  DISALLOWED_INACCESSIBLE: 'remove @inaccessible from what the API needs',
};

/** The advice for a composition code. */
export function fixFor(code: string): string {
  return FIXES[code] ?? 'change the named types so that all subgraphs agree on them';
}
