import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../log.ts';
import { migrate } from '../postgres/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../testing/postgres.ts';
import {
  appendChanges,
  type CommitSignal,
  changeHead,
  commitTopic,
  followChanges,
  type NewEntityChange,
} from './change-feed.ts';
import { describeEventBus } from './event-bus.contract.ts';
import { MemoryEventBus } from './memory-event-bus.ts';
import { platformMigrations } from './migrations.ts';
import { PostgresEventBus, sendSignal } from './postgres-event-bus.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, 'platform', platformMigrations);
});

afterAll(() => database.close());

const connect = () =>
  PostgresEventBus.connect({ pool: database.pool, url: database.url, logger: silentLogger });

describeEventBus('MemoryEventBus', async () => new MemoryEventBus());
describeEventBus('PostgresEventBus', async () => {
  await database.pool.query('truncate platform.events, platform.stream_heads');
  return connect();
});

describe('PostgresEventBus', () => {
  it('loses no event when its listening connection is cut', async () => {
    const bus = await connect();
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of bus.subscribe('cut', { after: 0n })) {
        seen.push(event.payload);
        if (seen.length === 20) return;
      }
    })();
    for (let n = 0; n < 20; n++) {
      await bus.transaction((t) => t.append('cut', [n]));
      if (n % 5 === 2)
        await database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aios listen'`,
        );
    }
    await reading;
    await bus.close();
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('refuses a signal that PostgreSQL could not carry', async () => {
    await expect(sendSignal(database.pool, 'big', 'x'.repeat(9_000))).rejects.toThrow(/at most/);
  });
});

describe('change feed', () => {
  it('delivers changes of the wanted entities in order, as they commit', async () => {
    const bus = await connect();
    const change = (entity: string, n: number): NewEntityChange => ({
      block: { number: n, hash: `0x${n.toString(16).padStart(64, '0')}` },
      entity,
      id: String(n),
      before: n % 2 ? { n } : null,
      after: { n: n + 1 },
      reverted: n === 7,
    });
    const write = async (changes: NewEntityChange[]) => {
      await appendChanges(database.pool, 'Qm1', changes);
      await sendSignal(database.pool, commitTopic, { deployment: 'Qm1', block: null } satisfies CommitSignal);
    };
    await write([change('Sale', 1), change('Listing', 2), change('Sale', 3)]);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const event of followChanges(
        { pool: database.pool, bus },
        { deployment: 'Qm1', entities: ['Sale'], after: 1n },
      )) {
        seen.push(event.block.number);
        expect(event.after).toEqual({ n: event.block.number + 1 });
        expect(event.reverted).toBe(event.block.number === 7);
        if (seen.length === 3) return;
      }
    })();
    await write([change('Sale', 5), change('Listing', 6)]);
    await write([change('Sale', 7)]);
    await reading;
    expect(seen).toEqual([3, 5, 7]);
    expect(await changeHead(database.pool, 'Qm1')).toBe(6n);
    await bus.close();
  });
});
