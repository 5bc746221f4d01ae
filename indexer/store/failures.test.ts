// What may go wrong while a batch is written: nothing of it stays, the error says whether a retry helps, and the retry goes on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntityModification } from '#indexer/model.ts';
import { type Deployment, isDeterministic, type Lease } from './index.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from './testing/deployments.ts';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

const schema = /* GraphQL */ `
  type Account @entity(immutable: false) { id: ID! n: Int! at: Timestamp big: BigInt }
  type Swap @entity(immutable: true) { id: ID! n: Int! }
`;

const account = (id: string, n: number): EntityModification => ({ type: 'Account', id, data: { id, n } });
const swap = (id: string): EntityModification => ({ type: 'Swap', id, data: { id, n: 1 } });

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('expected a failure'),
    (error: unknown) => error,
  );
}

async function prepared(): Promise<{ deployment: Deployment; lease: Lease; before: string }> {
  const { deployment, lease } = await deploy(database.store, schema, { feed: true });
  await deployment.commitBatch(lease, [outcome(1, [account('a', 1), swap('s1')])]);
  return { deployment, lease, before: await deployment.dump() };
}

/** Makes every insert into `table` run `body` first; returns the way to undo it. */
async function onInsert(deployment: Deployment, table: string, body: string): Promise<() => Promise<void>> {
  const schemaName = deployment.layout.namespace;
  await database.pool.query(
    `create function ${schemaName}.interfere() returns trigger language plpgsql as $$ begin ${body}; return new; end $$;
     create trigger interfere before insert on ${schemaName}.${table} for each row execute function ${schemaName}.interfere()`,
  );
  return async () => {
    await database.pool.query(`drop function ${schemaName}.interfere() cascade`);
  };
}

describe('a database that fails in mid-batch', () => {
  const batch = [outcome(2, [account('a', 2), account('b', 2), swap('s2')]), outcome(3, [account('a', 3)])];
  const many = Array.from({ length: 100 }, (_, index) => swap(`s3-${index}`));
  const large = [...batch, outcome(4, many)];

  it.each([
    ['insert into', batch],
    ['copy', large],
  ])('rolls back when the connection is cut during "%s", and the retry goes on', async (statement, batch) => {
    const { deployment, lease, before } = await prepared();
    const holder = await database.pool.connect();
    const undo = await onInsert(deployment, 'swap', 'perform pg_advisory_xact_lock(4711)');
    await holder.query('select pg_advisory_lock(4711)');
    const failing = failureOf(deployment.commitBatch(lease, batch));
    const copying = async () => {
      const { rows } = await holder.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory' and query like $1`,
        [`${statement} %`],
      );
      return rows[0]?.pid;
    };
    await expect.poll(copying).toBeDefined();
    await holder.query('select pg_terminate_backend($1)', [await copying()]);
    const error = await failing;
    expect(error).toBeInstanceOf(Error);
    expect(isDeterministic(error)).toBe(false);
    await holder.query('select pg_advisory_unlock(4711)');
    holder.release();
    await undo();
    expect(await deployment.dump()).toBe(before);
    await deployment.commitBatch(lease, batch);
    expect((await deployment.record()).head).toEqual(batch.at(-1)?.block);
    expect((await deployment.entityVersionAt('Account', 'a', 2))?.n).toBe(2);
  });

  it('rolls back when the disk is full, and the retry goes on', async () => {
    const { deployment, lease, before } = await prepared();
    const undo = await onInsert(
      deployment,
      'account',
      `if new.n = 3 then raise exception 'could not extend file: No space left on device' using errcode = '53100'; end if`,
    );
    const error = await failureOf(deployment.commitBatch(lease, batch));
    expect(error).toMatchObject({ code: '53100' });
    expect(isDeterministic(error)).toBe(false);
    await undo();
    expect(await deployment.dump()).toBe(before);
    await deployment.commitBatch(lease, batch);
    expect((await deployment.loadEntities('Account', ['a'])).get('a')?.n).toBe(3);
  });
});

describe('a batch whose COMMIT was not answered', () => {
  it('is not written twice', async () => {
    const { deployment, lease } = await prepared();
    const batch = [outcome(2, [account('a', 2)]), outcome(3, [swap('s3')])];
    await deployment.commitBatch(lease, batch);
    const once = await deployment.dump();
    expect(await deployment.commitBatch(lease, batch)).toEqual({ head: batch[1]?.block, rows: 0 });
    expect(await deployment.dump()).toBe(once);
  });
});

describe('a process that lost its lease', () => {
  it('can write no more, and the new owner goes on', async () => {
    const { deployment, lease, before } = await prepared();
    expect(await deployment.acquireLease('other', 60_000)).toBeUndefined();
    await database.pool.query(
      `update indexer.deployments set lease_until = now() - interval '1 second' where id = $1`,
      [deployment.id],
    );
    const taken = await deployment.acquireLease('other', 60_000);
    if (!taken) expect.fail('an expired lease was not given away');
    const lost = { code: 'LEASE_LOST' };
    await expect(deployment.commitBatch(lease, [outcome(2, [account('a', 2)])])).rejects.toMatchObject(lost);
    await expect(deployment.revertTo(lease, null)).rejects.toMatchObject(lost);
    await expect(deployment.renewLease(lease, 1_000)).rejects.toMatchObject(lost);
    await expect(deployment.setSynced(lease)).rejects.toMatchObject(lost);
    await expect(deployment.setFailure(lease, { message: 'x' })).rejects.toMatchObject(lost);
    expect(await deployment.dump()).toBe(before);
    await deployment.commitBatch(taken, [outcome(2, [account('a', 2)])]);
  });

  it('takes no lease from a writer in the middle of a batch', async () => {
    const { deployment, lease } = await prepared();
    const holder = await database.pool.connect();
    const undo = await onInsert(deployment, 'swap', 'perform pg_advisory_xact_lock(4712)');
    await holder.query('select pg_advisory_lock(4712)');
    const writing = deployment.commitBatch(lease, [outcome(2, [swap('s2')])]);
    const waiting = async (like: string) =>
      (
        await holder.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
          [like],
        )
      ).rowCount;
    await expect.poll(() => waiting('insert into %')).toBe(1);
    const taking = deployment.acquireLease('test', 60_000);
    await expect.poll(() => waiting('update indexer.deployments%')).toBe(1);
    await holder.query('select pg_advisory_unlock(4712)');
    holder.release();
    await writing;
    const next = await taking;
    expect(next?.fence).toBe(lease.fence + 1n);
    await undo();
    expect((await deployment.record()).head?.number).toBe(2);
  });
});

describe('blocks that do not follow', () => {
  it('are refused', async () => {
    const { deployment, lease, before } = await prepared();
    const refused = (outcomes: Parameters<Deployment['commitBatch']>[1], code: string) =>
      expect(deployment.commitBatch(lease, outcomes)).rejects.toMatchObject({ code });
    await refused([outcome(1, [], { fork: 9 })], 'NOT_ON_HEAD');
    await refused([outcome(0, []), outcome(2, [])], 'NOT_ON_HEAD');
    await refused([outcome(2, [], { parentHash: hashOf(1, 9) })], 'NOT_ON_HEAD');
    await refused([outcome(3, []), outcome(3, [])], 'INVALID_BATCH');
    await refused([outcome(2, [account('a', 1), account('a', 2)])], 'REPEATED_MODIFICATION');
    await refused([], 'INVALID_BATCH');
    const failed = { message: 'boom', handler: 'h', block: { number: 2, hash: hashOf(2) } };
    await refused([{ ...outcome(2, []), failure: failed }, outcome(3, [])], 'INVALID_BATCH');
    await refused([{ ...outcome(2, [account('a', 1)]), failure: failed }], 'INVALID_BATCH');
    await expect(deployment.revertTo(lease, { number: 2, hash: hashOf(2) })).rejects.toMatchObject({
      code: 'REVERT_ABOVE_HEAD',
    });
    await expect(deployment.revertTo(lease, { number: 1, hash: hashOf(1, 9) })).rejects.toMatchObject({
      code: 'NOT_AN_ANCESTOR',
    });
    expect(await deployment.dump()).toBe(before);
  });
});

describe('entities that cannot be stored', () => {
  const cases: readonly [string, EntityModification, string][] = [
    ['an immutable one written again', swap('s1'), 'IMMUTABLE_ENTITY'],
    ['an immutable one removed', { type: 'Swap', id: 's1', data: null }, 'IMMUTABLE_ENTITY'],
    ['a missing value', { type: 'Account', id: 'x', data: { id: 'x' } }, 'UNSTORABLE_ENTITY'],
    ['a value of another kind', { type: 'Account', id: 'x', data: { id: 'x', n: 'one' } }, 'INVALID_VALUE'],
    ['a number too large', { type: 'Account', id: 'x', data: { id: 'x', n: 2 ** 31 } }, 'UNSTORABLE_ENTITY'],
    [
      'a time out of range',
      { type: 'Account', id: 'x', data: { id: 'x', n: 1, at: 2n ** 63n - 1n } },
      'INVALID_VALUE',
    ],
    [
      'an id longer than an index holds',
      { type: 'Account', id: randomText(9_000), data: { id: 'x', n: 1 } },
      'UNSTORABLE_ENTITY',
    ],
    ['an unknown type', { type: 'Nobody', id: 'x', data: { id: 'x' } }, 'UNKNOWN_ENTITY_TYPE'],
  ];
  it.each(cases)('%s: a retry cannot help, and the error says so', async (_name, modification, code) => {
    const { deployment, lease, before } = await prepared();
    const error = await failureOf(
      deployment.commitBatch(lease, [outcome(2, [account('a', 2), modification])]),
    );
    expect(error).toMatchObject({ code });
    expect(isDeterministic(error)).toBe(true);
    expect(await deployment.dump()).toBe(before);
    const failure = { message: 'boom', handler: 'handleX', block: { number: 2, hash: hashOf(2) } };
    await deployment.setFailure(lease, failure);
    expect(await deployment.record()).toMatchObject({ status: 'failed', failure });
    await deployment.commitBatch(lease, [outcome(2, [])]);
    await deployment.revertTo(lease, { number: 2, hash: hashOf(2) });
    expect(await deployment.record()).toMatchObject({ status: 'failed', failure });
    await deployment.revertTo(lease, { number: 1, hash: hashOf(1) });
    expect(await deployment.record()).toMatchObject({ status: 'syncing', failure: null });
  });
});

/** Text that PostgreSQL cannot compress below the limit of an index entry. */
function randomText(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCodePoint(0x4e00 + (state % 20_000));
  }).join('');
}
