import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { parseEntitySchema } from './entity-schema.ts';

function problemsOf(sdl: string, specVersion?: string): string {
  try {
    parseEntitySchema(sdl, { file: 'schema.graphql', ...(specVersion && { specVersion }) });
  } catch (error) {
    expect(error).toBeInstanceOf(AiosError);
    expect((error as AiosError).code).toBe('SCHEMA_INVALID');
    return (error as AiosError).message;
  }
  return 'no problem';
}

describe('parseEntitySchema', () => {
  test('reads the whole shape of a field', () => {
    const schema = parseEntitySchema(`
      enum Side { BUY SELL }
      interface Named { id: Bytes!  name: String }
      "A holder of tokens."
      type Holder implements Named @entity(immutable: false) {
        id: Bytes!
        name: String
        side: Side!
        tags: [String!]
        best: Trade
        trades: [Trade!]! @derivedFrom(field: "holder")
        named: Named
      }
      type Trade @entity(immutable: true) { id: ID!  holder: Holder!  price: BigDecimal! }
    `);
    const holder = schema.entities.get('Holder');
    expect(holder).toMatchObject({
      description: 'A holder of tokens.',
      immutable: false,
      timeseries: false,
      idKind: 'Bytes',
      interfaces: ['Named'],
      table: 'holder',
    });
    expect(holder?.fields).toEqual([
      {
        name: 'id',
        kind: 'Bytes',
        typeName: 'Bytes',
        isList: false,
        nonNull: true,
        itemNonNull: false,
        isEnum: false,
      },
      {
        name: 'name',
        kind: 'String',
        typeName: 'String',
        isList: false,
        nonNull: false,
        itemNonNull: false,
        isEnum: false,
      },
      {
        name: 'side',
        kind: 'String',
        typeName: 'Side',
        isList: false,
        nonNull: true,
        itemNonNull: false,
        isEnum: true,
      },
      {
        name: 'tags',
        kind: 'String',
        typeName: 'String',
        isList: true,
        nonNull: false,
        itemNonNull: true,
        isEnum: false,
      },
      {
        name: 'best',
        kind: 'String',
        typeName: 'Trade',
        isList: false,
        nonNull: false,
        itemNonNull: false,
        isEnum: false,
        reference: 'Trade',
      },
      {
        name: 'trades',
        kind: 'String',
        typeName: 'Trade',
        isList: true,
        nonNull: true,
        itemNonNull: true,
        isEnum: false,
        reference: 'Trade',
        derivedFrom: 'holder',
      },
      {
        name: 'named',
        kind: 'Bytes',
        typeName: 'Named',
        isList: false,
        nonNull: false,
        itemNonNull: false,
        isEnum: false,
        reference: 'Named',
      },
    ]);
    expect(schema.interfaces.get('Named')?.implementers).toEqual(['Holder']);
    expect(schema.enums.get('Side')?.values).toEqual(['BUY', 'SELL']);
  });

  test.each(['directory', 'market', 'erc20'])('accepts the house subgraph %s', (name) => {
    const sdl = readFileSync(join(packageRoot, 'subgraphs', name, 'schema.graphql'), 'utf8');
    expect(parseEntitySchema(sdl).entities.size).toBeGreaterThan(1);
  });

  test('a timeseries is immutable by itself', () => {
    const sdl =
      'type Point @entity(timeseries: true) { id: Int8!  timestamp: Timestamp!  price: BigDecimal! }';
    expect(parseEntitySchema(sdl).entities.get('Point')).toMatchObject({ immutable: true, idKind: 'Int8' });
    expect(problemsOf(sdl, '1.0.0')).toContain('needs specVersion 1.1.0');
  });

  test.each([
    ['type A {\n id: ID! }', 'schema.graphql:1: type A is not an entity'],
    ['type A @entity {\n name: String }', 'schema.graphql:1: type A has no id'],
    ['type A @entity {\n id: BigInt! }', 'schema.graphql:2: type A: the id must be one of'],
    [
      'type A @entity {\n id: ID! }\n\ntype A @entity { id: ID! }',
      'schema.graphql:4: type A is defined twice',
    ],
    ['type A @entity { id: ID!\n b: Unknown }', 'schema.graphql:2: A.b: type Unknown is not defined'],
    ['type A @entity { id: ID!\n b: [[Int!]!] }', 'A.b: a list of lists'],
    ['type A @entity { id: ID!\n feeUSD: Int\n fee_usd: Int }', 'share the column name fee_usd'],
    ['type A @entity { id: ID! }\ntype a @entity { id: ID! }', 'share the table name a'],
    ['type Query @entity { id: ID! }', 'the type name Query is reserved'],
    ['type A @entity(immutable: "yes") { id: ID! }', 'must be true or false'],
    [
      'type A @entity { id: ID!\n bs: [B!]! @derivedFrom(field: "c") }\ntype B @entity { id: ID! }',
      'which B does not have',
    ],
    [
      'type A @entity { id: ID!\n bs: [B!]! @derivedFrom(field: "c") }\ntype B @entity { id: ID!\n c: Int }',
      'B.c is of type Int, it must be A',
    ],
    ['type A implements I @entity { id: ID! }\ninterface I { id: ID!\n x: Int! }', 'add x: Int!'],
    ['type A implements J @entity { id: ID! }', 'interface J is not defined'],
    [
      'interface I { id: ID! }\ntype A implements I @entity { id: ID! }\ntype B implements I @entity { id: Bytes! }',
      'different id types (String, Bytes)',
    ],
    ['type A @entity { id: ID!', 'correct the GraphQL syntax'],
    ['union U = A | B', 'has no meaning in an entity schema'],
  ])('%j is refused', (sdl, message) => {
    expect(problemsOf(sdl)).toContain(message);
  });

  test('every problem is reported, in line order', () => {
    const lines = problemsOf('type A {\n id: ID!\n}\ntype B @entity {\n x: Nothing\n}').split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => line.split(':')[1])).toEqual(['1', '4', '5']);
  });
});
