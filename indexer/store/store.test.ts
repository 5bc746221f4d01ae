// The store on a real PostgreSQL: every kind of value, versions within and across batches, fencing, data sources, feed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntityData } from '#indexer/model.ts';
import { readChanges } from '#node/platform/events/change-feed.ts';
import type { DeploymentStore } from './index.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from './testing/deployments.ts';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
let store: DeploymentStore;
beforeAll(async () => {
  database = await createStoreDatabase();
  store = database.store;
});
afterAll(() => database.close());

const everyKind = /* GraphQL */ `
  enum Colour { RED GREEN }
  type Parent @entity(immutable: false) { id: Bytes!  children: [Thing!]! @derivedFrom(field: "parent") tagged: [Thing!]! @derivedFrom(field: "parents") }
  type Thing @entity(immutable: false) {
    id: ID!
    text: String
    int: Int
    long: Int8
    at: Timestamp
    big: BigInt
    decimal: BigDecimal
    flag: Boolean
    bytes: Bytes
    colour: Colour
    parent: Parent
    texts: [String!]
    ints: [Int!]
    bigs: [BigInt!]
    decimals: [BigDecimal!]
    flags: [Boolean!]
    blobs: [Bytes!]
    colours: [Colour!]
    times: [Timestamp!]
    parents: [Parent!]
  }
  type Fact @entity(immutable: true) { id: Int8! parent: Parent! note: String! }
`;

const bytes = (...values: number[]) => new Uint8Array(values);

describe('values', () => {
  const cases: readonly [string, EntityData][] = [
    ['nothing but an id', {}],
    [
      'ordinary values',
      {
        text: 'plain',
        int: -7,
        long: 9_223_372_036_854_775_807n,
        at: 1_700_000_000_123_456n,
        big: 2n ** 255n,
        decimal: { digits: -12345n, exp: -3 },
        flag: false,
        bytes: bytes(0, 255, 92, 110),
        colour: 'GREEN',
        parent: bytes(1, 2),
        texts: ['a', 'b'],
        ints: [1, -2],
        bigs: [0n, -(2n ** 128n)],
        decimals: [
          { digits: 1n, exp: 20 },
          { digits: 0n, exp: 0 },
        ],
        flags: [true, false],
        blobs: [bytes(), bytes(92)],
        colours: ['RED', 'GREEN'],
        times: [0n, -1n],
        parents: [bytes(9)],
      },
    ],
    [
      'what COPY and array syntax reserve',
      {
        text: '\\N\t\n\r"{},\\. é 😀',
        texts: ['', 'NULL', '\\', '"', '{a,b}', ' x ', '\\N', 'tab\t', 'new\nline'],
        bytes: bytes(),
      },
    ],
    ['empty lists', { texts: [], blobs: [], times: [], bigs: [] }],
    [
      'extremes',
      {
        decimal: { digits: 10n ** 34n - 1n, exp: -6143 },
        decimals: [{ digits: -1n, exp: 6000 }],
        at: -62_135_596_800_000_001n,
        times: [253_402_300_800_000_000n],
        big: -(2n ** 300n),
        long: -9_223_372_036_854_775_808n,
      },
    ],
  ];

  it.each(cases)('come back as they went in: %s', async (_name, data) => {
    const { deployment, lease } = await deploy(store, everyKind);
    const entity = { id: 'x\ty', ...data };
    await deployment.commitBatch(lease, [outcome(1, [{ type: 'Thing', id: 'x\ty', data: entity }])]);
    expect(await deployment.loadEntities('Thing', ['x\ty', 'absent'])).toEqual(new Map([['x\ty', entity]]));
  });

  it('lose U+0000, which PostgreSQL cannot hold', async () => {
    const { deployment, lease } = await deploy(store, everyKind, { feed: true });
    await deployment.commitBatch(lease, [
      outcome(1, [{ type: 'Thing', id: 'x', data: { id: 'x', text: 'a\0b', texts: ['\0'] } }]),
    ]);
    expect((await deployment.loadEntities('Thing', ['x'])).get('x')).toEqual({
      id: 'x',
      text: 'ab',
      texts: [''],
    });
  });
});

describe('versions', () => {
  it('are one a block, within a batch and across batches', async () => {
    const { deployment, lease } = await deploy(store, everyKind);
    const set = (int: number) => [{ type: 'Thing', id: 'x', data: { id: 'x', int } }];
    const remove = [{ type: 'Thing', id: 'x', data: null }];
    await deployment.commitBatch(lease, [outcome(3, set(3)), outcome(5, set(5)), outcome(6, remove)]);
    await deployment.commitBatch(lease, [outcome(8, set(8)), outcome(9, set(9))]);
    await deployment.commitBatch(lease, [outcome(10, set(10)), outcome(12, remove), outcome(13, [])]);
    const at = async (block: number) => (await deployment.entityVersionAt('Thing', 'x', block))?.int;
    const seen = await Promise.all(Array.from({ length: 15 }, (_, block) => at(block)));
    const none = undefined;
    expect(seen).toEqual([none, none, none, 3, 3, 5, none, none, 8, 9, 10, 10, none, none, none]);
    expect((await deployment.loadEntities('Thing', ['x'])).size).toBe(0);
    expect((await deployment.record()).head).toEqual({ number: 13, hash: hashOf(13) });
  });

  it('follow relations at the head', async () => {
    const { deployment, lease } = await deploy(store, everyKind);
    const thing = (id: string, parent: number) => ({
      type: 'Thing',
      id,
      data: { id, parent: bytes(parent), parents: [bytes(parent), bytes(7)] },
    });
    await deployment.commitBatch(lease, [outcome(1, [thing('b', 1), thing('a', 1), thing('c', 2)])]);
    await deployment.commitBatch(lease, [outcome(2, [thing('b', 2)])]);
    const ids = async (field: string, id: number) =>
      (await deployment.loadRelated('Parent', field, bytes(id))).map(({ data }) => data.id);
    expect(await ids('children', 1)).toEqual(['a']);
    expect(await ids('children', 2)).toEqual(['b', 'c']);
    expect(await ids('tagged', 7)).toEqual(['a', 'b', 'c']);
    await expect(deployment.loadRelated('Thing', 'text', 'a')).rejects.toMatchObject({ code: 'NOT_DERIVED' });
  });
});
