import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trimChanges } from '#node/platform/events/change-feed.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { FeedWriter, TestAliases } from '../testing/feed.ts';
import { type EntityEvent, EntityEvents } from './entity-events.ts';

let platform: TestPlatform;
let aliases: TestAliases;
let events: EntityEvents;
let deployments = 0;

beforeAll(async () => {
  platform = await createTestPlatform();
  aliases = new TestAliases();
  events = new EntityEvents({ pool: platform.database.pool, bus: platform.bus, aliases });
});
afterAll(() => platform.close());

function newFeed(): FeedWriter {
  const feed = new FeedWriter(platform.database.pool, `Qm${++deployments}`);
  aliases.set('market', feed.deployment);
  return feed;
}

const sale = (n: number) => ({ entity: 'Sale', id: `0x${n.toString(16)}`, data: { price: String(n) } });
const code = (expected: string) => expect.objectContaining({ code: expected });
const sales = (after?: string, signal?: AbortSignal) =>
  events.subscribe({ alias: 'market', entity: 'Sale', after, signal });

async function take(stream: AsyncIterableIterator<EntityEvent>, count: number): Promise<EntityEvent[]> {
  const taken: EntityEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    taken.push(value);
  }
  await stream.return?.();
  return taken;
}

describe('EntityEvents', () => {
  it('delivers 1,000 in a row once each and in order, across a disconnect and a cut database connection', async () => {
    const feed = newFeed();
    const stream = await sales();
    const writing = (async () => {
      for (let n = 1; n <= 1_000; ) {
        // Blocks of several sales between changes of other entities, as a market makes them.
        const block = [];
        for (let k = 0; k < 7 && n <= 1_000; k++, n++) {
          block.push({ entity: 'Listing', id: String(n), data: { status: 'SOLD', n } }, sale(n));
        }
        await feed.block(block);
        if (n > 400 && n <= 407) {
          await platform.database.pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aios listen'`,
          );
        }
      }
    })();
    const before = await take(stream, 437);
    const after = await take(await sales(before.at(-1)?.cursor), 1_000 - 437);
    await writing;
    const prices = [...before, ...after].map((event) => event.entity.price);
    expect(prices).toEqual(Array.from({ length: 1_000 }, (_, n) => String(n + 1)));
  });

  it('starts with what commits after subscribing when no cursor is given', async () => {
    const feed = newFeed();
    await feed.block([sale(1)]);
    const stream = await sales();
    await feed.block([sale(2)]);
    expect((await take(stream, 1))[0]?.entity.price).toBe('2');
  });

  it('tells of creations that a reorganisation undoes, and of what comes instead', async () => {
    const feed = newFeed();
    const stream = await sales();
    await feed.block([sale(1)]);
    await feed.block([sale(2), { entity: 'Sale', id: '0x1', data: { price: '1', note: 'changed' } }]);
    await feed.revert(1);
    await feed.block([sale(3)]);
    const seen = (await take(stream, 4)).map(({ id, reverted }) => `${reverted ? '-' : '+'}${id}`);
    // The update of 0x1 and its undoing are no creations.
    expect(seen).toEqual(['+0x1', '+0x2', '-0x2', '+0x3']);
  });

  it('ends when the subscriber goes', async () => {
    newFeed();
    const controller = new AbortController();
    const stream = await sales(undefined, controller.signal);
    const waiting = stream.next();
    controller.abort();
    expect((await waiting).done).toBe(true);
  });

  it('refuses cursors that it cannot honour, instead of leaving a gap', async () => {
    const feed = newFeed();
    const stream = await sales();
    await feed.block([sale(1), sale(2), sale(3)]);
    const [first] = await take(stream, 3);
    await expect(sales('nonsense')).rejects.toThrow(code('CURSOR_INVALID'));
    await trimChanges(platform.database.pool, feed.deployment, 2n);
    await expect(sales(first?.cursor)).rejects.toThrow(code('CURSOR_EXPIRED'));
    newFeed();
    await expect(sales(first?.cursor)).rejects.toThrow(code('CURSOR_EXPIRED'));
    await expect(events.subscribe({ alias: 'nowhere', entity: 'Sale' })).rejects.toThrow(
      code('NOT_DEPLOYED'),
    );
  });
});
