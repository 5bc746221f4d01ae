import { existsSync, readFileSync } from 'node:fs';
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  parse,
  print,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  AccountPageDocument,
  AgentPageDocument,
  AgentsDocument,
  HomeDocument,
  ListingsDocument,
  MarketPageDocument,
  NetworkPageDocument,
} from '../generated/graphql.ts';
import { liveOperations } from './live-operations.ts';

const small = buildSchema(`
  type Thing { id: ID! name(upper: Boolean): String inner(first: Int): [Thing!]! }
  type Query { thing(id: ID!): Thing things(first: Int, skip: Int): [Thing!]! }
  type Subscription { thing(id: ID!): Thing things(first: Int, skip: Int): [Thing!]! }
`);

const source = parse(`
  query Page($id: ID!, $first: Int, $upper: Boolean) {
    thing(id: $id) { ...Row }
    all: things(first: $first) { id inner(first: $first) { ...Name } }
  }
  fragment Row on Thing { id ...Name }
  fragment Name on Thing { name(upper: $upper) }
  fragment Unused on Thing { id }
`);

describe('liveOperations', () => {
  it('makes one valid subscription and one valid query of each root field', () => {
    const operations = liveOperations(source);
    expect(operations.map(({ field }) => field)).toEqual(['thing', 'things']);
    for (const { subscription, query } of operations) {
      expect(validate(small, subscription)).toEqual([]);
      expect(validate(small, query)).toEqual([]);
    }
  });

  it('carries only the variables and fragments each needs, those inside fragments included', () => {
    const [thing, all] = liveOperations(source);
    expect(thing?.variables.toSorted()).toEqual(['id', 'upper']);
    expect(all?.variables.toSorted()).toEqual(['first', 'upper']);
    expect(print(thing?.query as DocumentNode)).toContain('fragment Row');
    expect(print(all?.query as DocumentNode)).not.toContain('fragment Row');
  });

  it('refuses what is no query', () => {
    expect(() => liveOperations(parse('mutation { a }'))).toThrow('from one query');
  });
});

const file = new URL('../../schema/supergraph.graphql', import.meta.url);

/** The supergraph as clients see it; its own directives are not what is tested. */
function supergraph(): GraphQLSchema {
  return buildASTSchema(parse(readFileSync(file, 'utf8')), { assumeValidSDL: true });
}

describe.skipIf(!existsSync(file))('the pages’ live queries', () => {
  const service = new Set(['account']);
  it.each(
    Object.entries({
      AccountPageDocument,
      AgentPageDocument,
      AgentsDocument,
      HomeDocument,
      ListingsDocument,
      MarketPageDocument,
      NetworkPageDocument,
    }),
  )('%s runs against the supergraph', (_, document) => {
    const schema = supergraph();
    for (const { field, subscription } of liveOperations(document)) {
      if (!service.has(field)) expect(validate(schema, subscription), field).toEqual([]);
    }
  });
});
