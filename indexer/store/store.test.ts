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
    const entities = ['x\ty', ''].map((id) => ({ id, ...data }));
    await deployment.commitBatch(lease, [
      outcome(
        1,
        entities.map((entity) => ({ type: 'Thing', id: entity.id, data: entity })),
      ),
    ]);
    expect(await deployment.loadEntities('Thing', ['x\ty', '', 'absent'])).toEqual(
      new Map(entities.map((entity) => [entity.id, entity])),
    );
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

describe('what a commit tells', () => {
  it('goes to the change feed with the states before and after, and to NOTIFY', async () => {
    const { deployment, lease } = await deploy(store, everyKind, { feed: true });
    const listener = await database.pool.connect();
    const heard: unknown[] = [];
    listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')));
    await listener.query('listen aios_signal');
    const thing = (data: EntityData | null) => [
      { type: 'Thing', id: 'x', data: data && { id: 'x', ...data } },
    ];
    await deployment.commitBatch(lease, [
      outcome(1, thing({ big: 5n })),
      outcome(2, thing({ decimal: { digits: -5n, exp: -2 }, blobs: [bytes(1)], at: 7n })),
    ]);
    await deployment.commitBatch(lease, [outcome(4, thing(null)), outcome(5, thing(null))]);
    const changes = await readChanges(database.pool, { deployment: deployment.id, after: 0n, limit: 10 });
    const second = { id: 'x', decimal: '-0.05', blobs: ['0x01'], at: '7' };
    expect(changes.map(({ seq, block, before, after }) => [seq, block.number, before, after])).toEqual([
      [1n, 1, null, { id: 'x', big: '5' }],
      [2n, 2, { id: 'x', big: '5' }, second],
      [3n, 4, second, null],
    ]);
    await expect
      .poll(() => heard)
      .toEqual([
        ['commit', { deployment: deployment.id, block: { number: 2, hash: hashOf(2) }, entities: ['Thing'] }],
        ['commit', { deployment: deployment.id, block: { number: 5, hash: hashOf(5) }, entities: ['Thing'] }],
      ]);
    await listener.query('unlisten *');
    listener.release();
  });
});

describe('the registry', () => {
  it('keeps data sources with the types of their context, in order', async () => {
    const { deployment, lease } = await deploy(store, everyKind);
    const context = {
      text: 'a',
      int: 1,
      big: 2n ** 70n,
      yes: true,
      bytes: bytes(1),
      decimal: { digits: 15n, exp: -1 },
      list: ['a', 1n, null],
    };
    const source = (address: `0x${string}`, createdAt: number, withContext: EntityData | null) => ({
      template: 'Pool',
      address,
      context: withContext,
      createdAt,
    });
    const [first, second, third] = [
      source('0x01', 1, context),
      source('0x02', 1, null),
      source('0x03', 2, null),
    ];
    await deployment.commitBatch(lease, [outcome(1, [], { createdDataSources: [first, second] })]);
    await deployment.commitBatch(lease, [outcome(2, [], { createdDataSources: [third] })]);
    const positioned = [first, second, third].map((made, position) => ({
      position,
      ...made,
      region: 0,
      doneAt: null,
    }));
    expect(await deployment.dataSources()).toEqual(positioned);
    await deployment.revertTo(lease, { number: 1, hash: hashOf(1) });
    expect(await deployment.dataSources()).toEqual(positioned.slice(0, 2));
  });

  it('remembers blocks for finding a common ancestor, and forgets old ones', async () => {
    const { deployment, lease } = await deploy(store, everyKind);
    await deployment.commitBatch(
      lease,
      Array.from({ length: 1_200 }, (_, index) => outcome(index + 1, [])),
    );
    await deployment.commitBatch(lease, [outcome(1_201, [])]);
    const blocks = await deployment.recentBlocks(5_000);
    // 200 is forgotten, 201 waits for the hundred to be full.
    expect(blocks).toHaveLength(1_001);
    const newest = {
      number: 1_201,
      hash: hashOf(1_201),
      parentHash: hashOf(1_200),
      timestamp: 1_700_001_201,
    };
    expect(blocks[0]).toEqual(newest);
    expect(await deployment.findBlock({ hash: hashOf(1_201) })).toEqual(newest);
    expect((await deployment.findBlock({ number: 202 }))?.hash).toBe(hashOf(202));
    await deployment.commitBatch(lease, [outcome(1_299, [])]);
    expect(await deployment.recentBlocks(5_000)).toHaveLength(1_002);
    await deployment.commitBatch(lease, [outcome(1_300, [])]);
    expect((await deployment.recentBlocks(5_000)).at(-1)?.number).toBe(301);
    expect(await deployment.findBlock({ number: 201 })).toBeUndefined();
  });

  it('lets a later deployment take over a name once it has synced', async () => {
    const one = await deploy(store, everyKind);
    const two = await deploy(store, everyKind);
    const [first, second] = [one.deployment.id, two.deployment.id];
    expect(await store.assignName('n', first)).toEqual({ name: 'n', current: first, pending: null });
    expect(await store.assignName('n', second)).toEqual({ name: 'n', current: first, pending: second });
    expect(await store.promotePending()).toEqual([]);
    await two.deployment.setSynced(two.lease);
    expect((await two.deployment.record()).status).toBe('synced');
    expect(await store.promotePending()).toEqual([{ name: 'n', current: second, pending: null }]);
    await store.remove(second);
    expect(await store.names()).toContainEqual({ name: 'n', current: null, pending: null });
  });

  it('opens a deployment that exists instead of making it twice', async () => {
    const { deployment, lease } = await deploy(store, everyKind);
    await deployment.commitBatch(lease, [outcome(1, [{ type: 'Thing', id: 'x', data: { id: 'x' } }])]);
    const wanted = { id: deployment.id, chain: 'test', manifest: '', schema: everyKind, feed: false };
    const again = await store.create(wanted);
    expect(again.layout.namespace).toBe(deployment.layout.namespace);
    expect((await again.loadEntities('Thing', ['x'])).size).toBe(1);
    expect((await store.heads()).get(deployment.id)).toEqual({ number: 1, hash: hashOf(1) });
    await expect(store.open('QmNone')).rejects.toMatchObject({ code: 'UNKNOWN_DEPLOYMENT' });
  });
});

describe('deferred indexes', () => {
  const indexesOf = async (namespace: string) => {
    const { rows } = await database.pool.query<{ definition: string }>(
      `select pg_get_indexdef(indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indexrelid
       where relnamespace = $1::regnamespace and indisvalid order by 1`,
      [namespace],
    );
    return rows.map(({ definition }) => definition.replaceAll(namespace, 'sgd'));
  };

  it('end up the same as indexes made at once, an attempt that broke off included', async () => {
    const atOnce = await deploy(store, everyKind);
    const later = await deploy(store, everyKind, { deferIndexes: 'relations' });
    const [wanted, namespace] = [atOnce.deployment.layout.namespace, later.deployment.layout.namespace];
    const before = await indexesOf(namespace);
    expect(before.length).toBeLessThan((await indexesOf(wanted)).length);
    expect(before.join()).toContain('thing USING btree (parent) WHERE upper_inf(block_range)');
    expect((await later.deployment.record()).indexedAt).toBeNull();
    await later.deployment.createDeferredIndexes();
    await database.pool.query(
      `update pg_index set indisvalid = false where indexrelid = '${namespace}.attr_1_3_thing_long'::regclass`,
    );
    await later.deployment.createDeferredIndexes();
    expect(await indexesOf(namespace)).toEqual(await indexesOf(wanted));
    expect((await later.deployment.record()).indexedAt).toBeInstanceOf(Date);
  });
});
