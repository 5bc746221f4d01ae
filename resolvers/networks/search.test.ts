import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { createKysely } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { FeedWriter, TestAliases } from '../testing/feed.ts';
import { networksMigrations } from './migrations.ts';
import { ProfileStore } from './profile-store.ts';
import { NetworkSearch, type SearchRequest } from './search.ts';
import { putNetworks } from './search-index.ts';
import { SearchProjection } from './search-projection.ts';
import { words } from './search-text.ts';
import type { NetworksTables } from './tables.ts';

let platform: TestPlatform;
let profiles: ProfileStore;
let search: NetworkSearch;
let aliases: TestAliases;
let projection: SearchProjection;
let feed: FeedWriter;
let deployments = 0;

beforeAll(async () => {
  platform = await createTestPlatform();
  await migrate(platform.database.pool, 'networks', networksMigrations);
  const db = createKysely<NetworksTables>(platform.database.pool);
  profiles = new ProfileStore(platform.database.pool, () => new Date());
  search = new NetworkSearch(platform.database.pool);
  aliases = new TestAliases();
  projection = new SearchProjection({
    db,
    pool: platform.database.pool,
    bus: platform.bus,
    aliases,
    logger: silentLogger,
  });
});
afterAll(async () => {
  await projection.close();
  await platform.close();
});
beforeEach(async () => {
  await platform.database.pool.query('truncate networks.profiles, networks.words');
  feed = newFeed();
});

function newFeed(): FeedWriter {
  const writer = new FeedWriter(platform.database.pool, `Qm${++deployments}`);
  aliases.set('directory', writer.deployment);
  return writer;
}

const network = (id: number, name: string, isPublic = true) => ({
  entity: 'Network',
  id: String(id),
  data: { id: String(id), name, isPublic },
});
const ids = async (request: SearchRequest) => (await search.search(request)).hits.map((hit) => hit.networkId);

async function seed(names: readonly string[]): Promise<void> {
  await feed.block(names.map((name, at) => network(at + 1, name)));
  await projection.catchUp();
}

describe('searchNetworks', () => {
  it('ranks an exact name first, then names that start with it, then names, tags and descriptions that contain it', async () => {
    await seed(['Bakers of Lyon', 'Old Baker Street', 'Baker', 'Millers', 'Carpenters', 'Baker Guild']);
    await profiles.update('4', { tags: ['baker'] }, 'did:x');
    await profiles.update('5', { description: 'We share a hall with a baker.' }, 'did:x');
    expect(await ids({ query: 'baker' })).toEqual(['3', '6', '1', '2', '4', '5']);
  });

  it('forgives typing mistakes, case and accents', async () => {
    await seed(['Artisan Collective', 'Café Océan', 'Solar Farmers', 'Artists United']);
    expect(await ids({ query: 'artisn colective' })).toEqual(['1']);
    expect(await ids({ query: 'CAFE ocean' })).toEqual(['2']);
    expect(await ids({ query: 'soalr' })).toEqual(['3']);
    expect(await ids({ query: 'solar frmers' })).toEqual(['3']);
    expect(await ids({ query: 'arti' })).toEqual(expect.arrayContaining(['1', '4']));
    expect(await ids({ query: 'quantum' })).toEqual([]);
    expect(await ids({ query: "'); drop table networks.search; --%_\\" })).toEqual([]);
  });

  it('lists public networks unless asked for private ones, and counts both', async () => {
    await feed.block([network(1, 'Open One'), network(2, 'Closed One', false), network(3, 'Open Two')]);
    await projection.catchUp();
    expect(await ids({})).toEqual(['3', '1']);
    expect(await ids({ visibility: 'PRIVATE' })).toEqual(['2']);
    for (const query of [undefined, 'one']) {
      expect((await search.search({ query })).facets.visibility).toEqual([
        { value: 'PUBLIC', count: query ? 1 : 2 },
        { value: 'PRIVATE', count: 1 },
      ]);
    }
  });

  it('has the profile of a network that was described while it was being indexed', async () => {
    const { pool } = platform.database;
    const db = createKysely<NetworksTables>(pool);
    await seed(['Somebody']);
    let described: Promise<void> | undefined;
    await db.transaction().execute(async (transaction) => {
      await putNetworks(transaction, feed.deployment, [{ id: '2', name: 'Weavers', isPublic: true }]);
      let over = false;
      described = profiles.update('2', { tags: ['wool'] }, 'did:x').finally(() => {
        over = true;
      });
      const waits = `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`;
      await expect.poll(async () => over || (await pool.query(waits)).rowCount).toBeTruthy();
    });
    await described;
    expect(await ids({ tags: ['wool'] })).toEqual(['2']);
  });

  it('follows renames, changes of visibility, reorganisations and profile edits', async () => {
    projection.start();
    await feed.block([network(1, 'First'), network(2, 'Second')]);
    await expect.poll(() => ids({})).toEqual(['2', '1']);
    await feed.block([network(1, 'Renamed'), network(2, 'Second', false), network(3, 'Third')]);
    await expect.poll(() => ids({})).toEqual(['3', '1']);
    expect(await ids({ query: 'renamed' })).toEqual(['1']);
    await profiles.update('1', { tags: ['Food & Drink'] }, 'did:x');
    expect(await ids({ tags: ['food-drink'] })).toEqual(['1']);
    await feed.revert(1);
    await expect.poll(() => ids({})).toEqual(['2', '1']);
    expect(await ids({ query: 'first' })).toEqual(['1']);
    expect(await ids({ query: 'renamed' })).toEqual([]);
    expect((await search.search({})).facets.tags).toEqual([{ value: 'food-drink', count: 1 }]);
    await projection.close();
  });

  it('takes over a new deployment only when it has caught up, and keeps the profiles', async () => {
    await seed(['Old Name']);
    await profiles.update('1', { tags: ['kept'] }, 'did:x');
    const next = newFeed();
    await next.block([network(1, 'New Name'), network(2, 'Another')]);
    expect(await ids({})).toEqual(['1']);
    await projection.catchUp();
    expect(await ids({ query: 'new' })).toEqual(['1']);
    expect(await ids({ tags: ['kept'] })).toEqual(['1']);
    expect((await search.search({})).totalCount).toBe(2);
    const { rows } = await platform.database.pool.query('select distinct deployment from networks.facets');
    expect(rows).toEqual([{ deployment: next.deployment }]);
  });

  it('applies every change once when several processes follow at the same time', async () => {
    const others = Array.from(
      { length: 3 },
      () =>
        new SearchProjection({
          db: createKysely<NetworksTables>(platform.database.pool),
          pool: platform.database.pool,
          bus: platform.bus,
          aliases,
          logger: silentLogger,
        }),
    );
    // The second round finds its cursor there; the first one makes it.
    for (const round of [0, 1]) {
      for (let n = 1; n <= 30; n++) await feed.block([network(round * 30 + n, `Network ${n}`)]);
      const applied = await Promise.all(others.map((other) => other.catchUp()));
      expect(applied.reduce((sum, count) => sum + count, 0)).toBe(30);
    }
    expect((await search.search({})).totalCount).toBe(60);
  });

  it('says so when the feed was trimmed below what it has applied', async () => {
    await feed.block([network(1, 'One'), network(2, 'Two')]);
    await platform.database.pool.query(
      'delete from platform.entity_changes where deployment = $1 and seq = 1',
      [feed.deployment],
    );
    await expect(projection.catchUp()).rejects.toThrow(
      expect.objectContaining({ code: 'CHANGE_FEED_TRIMMED' }),
    );
  });

  it('pages without gap or repetition while networks are added in between', async () => {
    await seed(Array.from({ length: 45 }, (_, n) => `Guild number ${n % 9}`));
    for (const query of ['', 'guild']) {
      const whole = await ids({ query, first: 100 });
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; ; page++) {
        const { hits, hasNextPage } = await search.search({ query, first: 10, after });
        seen.push(...hits.map((hit) => hit.networkId));
        after = hits.at(-1)?.cursor;
        await feed.block([network(1_000 + page + feed.head, 'Guild of newcomers')]);
        await projection.catchUp();
        if (!hasNextPage || page > 20) break;
      }
      expect(seen.filter((id) => Number(id) < 1_000)).toEqual(whole.filter((id) => Number(id) < 1_000));
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  it('estimates how often tags occur among very many matches, and still finds and counts the matches themselves', async () => {
    const many = 60;
    await seed(Array.from({ length: many }, (_, n) => `Guild ${n}`));
    for (let n = 1; n <= many; n++) {
      await profiles.update(String(n), { tags: n % 2 ? ['common', 'odd'] : ['common'] }, 'did:x');
    }
    const sampling = new NetworkSearch(platform.database.pool, { facetSample: 20 });
    for (const request of [{ tags: ['common'] }, { query: 'guild' }, { query: 'guild', tags: ['common'] }]) {
      const found: string[] = [];
      let after: string | undefined;
      for (;;) {
        const page = await sampling.search({ ...request, first: 25, after });
        expect(page.totalCount).toBe(many);
        const estimate = new Map(page.facets.tags.map(({ value, count }) => [value, count]));
        expect(estimate.get('common')).toBeGreaterThanOrEqual(many * 0.8);
        expect(estimate.get('common')).toBeLessThanOrEqual(many * 1.2);
        found.push(...page.hits.map((hit) => hit.networkId));
        after = page.hits.at(-1)?.cursor;
        if (!page.hasNextPage) break;
      }
      expect(new Set(found).size).toBe(many);
      expect(found).toHaveLength(many);
    }
  });

  it('refuses page sizes and cursors that cannot be', async () => {
    await seed(['One']);
    const bad = expect.objectContaining({ code: 'BAD_USER_INPUT' });
    await expect(search.search({ first: 101 })).rejects.toThrow(bad);
    await expect(search.search({ first: -1 })).rejects.toThrow(bad);
    for (const after of ['x', 'W10', Buffer.from('["0","1"]').toString('base64url')])
      await expect(search.search({ after })).rejects.toThrow(bad);
    expect((await search.search({ first: 0 })).totalCount).toBe(1);
  });
});

describe('searchNetworks against a naive search', () => {
  const vocabulary = [
    'solar',
    'solaris',
    'farm',
    'farmers',
    'union',
    'art',
    'artisan',
    'ünion',
    'web3',
    '3d',
  ];
  const tagPool = ['food', 'energy', 'craft'];
  const words3 = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 3 });
  const entry = fc.record({
    name: words3,
    description: fc.option(words3, { nil: null }),
    tags: fc.subarray(tagPool),
    isPublic: fc.boolean(),
  });
  const request = fc.record({
    query: fc.oneof(
      fc.constant(''),
      words3.map((list) => list.join(' ')),
      fc.constantFrom('sol', 'uni', 'w', '3'),
    ),
    tags: fc.subarray(tagPool),
    visibility: fc.constantFrom('PUBLIC' as const, 'PRIVATE' as const),
  });

  it('finds and counts the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 12 }),
        fc.array(request, { minLength: 4, maxLength: 4 }),
        async (entries, requests) => {
          await platform.database.pool.query('truncate networks.profiles, networks.words');
          feed = newFeed();
          await feed.block(entries.map((e, at) => network(at + 1, e.name.join(' '), e.isPublic)));
          for (const [at, e] of entries.entries())
            await profiles.update(
              String(at + 1),
              { tags: e.tags, description: e.description?.join(' ') ?? null },
              'did:x',
            );
          await projection.catchUp();
          const known = new Set(
            entries.flatMap((e) => [...e.name, ...(e.description ?? []), ...e.tags].flatMap(words)),
          );
          for (const r of requests) {
            const terms = words(r.query);
            // The oracle knows no typing mistakes; corrected queries are tested by example.
            if (terms.some((term) => ![...known].some((word) => word.startsWith(term)))) continue;
            const matching = entries
              .map((e, at) => ({ ...e, id: String(at + 1) }))
              .filter((e) => {
                const own = [...e.name, ...(e.description ?? []), ...e.tags].flatMap(words);
                return (
                  terms.every((term) => own.some((word) => word.startsWith(term))) &&
                  r.tags.every((tag) => e.tags.includes(tag))
                );
              });
            const visible = matching.filter((e) => e.isPublic === (r.visibility === 'PUBLIC'));
            const page = await search.search({ ...r, first: 100 });
            expect(page.hits.map((hit) => hit.networkId).sort()).toEqual(visible.map((e) => e.id).sort());
            expect(page.totalCount).toBe(visible.length);
            const scores = page.hits.map((hit) => hit.score);
            expect(scores).toEqual([...scores].sort((a, b) => b - a));
            const { facets } = page;
            expect(Object.fromEntries(facets.tags.map((t) => [t.value, t.count]))).toEqual(
              Object.fromEntries(
                tagPool
                  .map((tag): [string, number] => [tag, visible.filter((e) => e.tags.includes(tag)).length])
                  .filter(([, count]) => count > 0),
              ),
            );
            expect(Object.fromEntries(facets.visibility.map((v) => [v.value, v.count]))).toEqual({
              PUBLIC: matching.filter((e) => e.isPublic).length,
              PRIVATE: matching.filter((e) => !e.isPublic).length,
            });
          }
        },
      ),
      { numRuns: Number(process.env.FC_RUNS ?? 15) },
    );
  });
});
