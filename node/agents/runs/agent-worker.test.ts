// Runs on a real PostgreSQL: executed once, resumed from the journal, guarded by fences, told as a stream without gaps.
import { describe, expect, it } from 'vitest';
import type { StepContext } from './broker.ts';
import { JournalWriter } from './journal-writer.ts';
import { runStream } from './run-events.ts';
import { claimRuns, renewLeases } from './run-queue.ts';
import { createTestWorker, enqueue, runRow, until } from './testing/agents-database.ts';
import { agentsPerTest } from './testing/agents-per-test.ts';

const agents = agentsPerTest();

const { start, ended } = agents;
const eventsOf = async (id: string | undefined) =>
  (await agents.db.bus.read(runStream(String(id)), 0n, 100)).map(({ seq, payload }) => ({
    seq,
    ...(payload as { kind: string }),
  }));

describe('AgentWorker', () => {
  it('executes a run, keeps output, logs and steps, and tells it as a stream without gaps', async () => {
    start({
      double: async (input, aios) => {
        const { n } = input as { n: number };
        aios.log(`doubling ${n} \u0000 \ud800`);
        return await aios.call('echo', { n: n * 2 });
      },
    });
    const [id] = await enqueue(agents.db, { input: { n: 21 } });
    expect(await ended(id)).toMatchObject({ status: 'completed', output: { n: 42 }, attempt: 0 });
    const events = await eventsOf(id);
    expect(events.map(({ kind }) => kind)).toEqual(['queued', 'started', 'log', 'step', 'finished']);
    expect(events.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n, 5n]);
    const { rows } = await agents.db.database.pool.query('select * from agents.steps');
    expect(rows).toMatchObject([
      { run_id: id, step: 0, capability: 'echo', status: 'answered', answer: { ok: { n: 42 } } },
    ]);
  });

  it('makes one run of one cause, however many processes see it', async () => {
    const tick = { trigger: { kind: 'schedule' as const, key: 'schedule:1000' } };
    const made = await Promise.all(Array.from({ length: 8 }, () => enqueue(agents.db, tick)));
    expect(made.flat().filter((id) => id !== undefined)).toHaveLength(1);
  });

  it('shares a queue among workers: every run once', async () => {
    let executions = 0;
    const guests = { count: () => ++executions };
    start(guests, { concurrency: 4 });
    start(guests, { concurrency: 4 });
    start(guests, { concurrency: 4 });
    await enqueue(agents.db, ...Array.from({ length: 300 }, () => ({})));
    await until(
      async () =>
        (
          await agents.db.database.pool.query(
            `select count(*)::int as n from agents.runs where status = 'completed'`,
          )
        ).rows[0].n,
      (n) => n === 300,
    );
    expect(executions).toBe(300);
    expect((await agents.db.database.pool.query('select from agents.run_queue')).rowCount).toBe(0);
  });

  it('resumes from the journal: what was answered is not asked again', async () => {
    const acted: string[] = [];
    let release: () => void = () => {};
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    let waits = false;
    const broker = {
      async call(step: StepContext) {
        acted.push(step.key);
        await step.begin();
        // The first worker stops for ever within its third step.
        if (first && step.step === 2) {
          waits = true;
          await stuck;
        }
        const answer = { ok: step.step };
        await step.answered(answer);
        return answer;
      },
    };
    const guests = {
      sum: async (_input: unknown, aios: { call(name: string, args: null): Promise<unknown> }) => {
        let sum = 0;
        for (let n = 0; n < 4; n++) sum += (await aios.call('number', null)) as number;
        return sum;
      },
    };
    const dying = createTestWorker(agents.db, guests, { broker, leaseMs: 400 });
    dying.start();
    const [id] = await enqueue(agents.db, {});
    await until(
      () => waits,
      (stands) => stands,
    );
    dying.abandon();
    first = false;
    start(guests, { broker, leaseMs: 400 });
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 6 });
    expect(acted).toEqual([`${id}/0`, `${id}/1`, `${id}/2`, `${id}/2`, `${id}/3`]);
    expect((await eventsOf(id)).at(-1)).toMatchObject({ kind: 'finished', status: 'completed' });
    // The zombie wakes up: its answer is refused, and nothing changes.
    release();
    await until(
      () => dying.status.lost,
      (lost) => lost === 1,
    );
    expect(await runRow(agents.db, id)).toMatchObject({ status: 'completed', output: 6 });
  });

  it('runs what comes while all but one place are taken for long', async () => {
    let release: () => void = () => {};
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = start(
      { long: () => stuck.then(() => null), short: async () => 'done' },
      { concurrency: 8, leaseMs: 60_000 },
    );
    await enqueue(agents.db, ...Array.from({ length: 7 }, () => ({})));
    await until(
      () => worker.status.running,
      (running) => running === 7,
    );
    const [short] = await enqueue(agents.db, { versionId: '2' });
    expect(await ended(short)).toMatchObject({ output: 'done' });
    expect(worker.status.running).toBe(7);
    release();
  });

  it('leaves the runs in its own hands alone when it is late with its leases', async () => {
    const { pool } = agents.db.database;
    const owner = crypto.randomUUID();
    await enqueue(agents.db, {}, {});
    const mine = await claimRuns(pool, { owner, limit: 2, leaseMs: 0, except: [] });
    const held = mine.map(({ id }) => id);
    expect(held).toHaveLength(2);
    expect(await claimRuns(pool, { owner, limit: 2, leaseMs: 0, except: held })).toEqual([]);
    const other = await claimRuns(pool, {
      owner: crypto.randomUUID(),
      limit: 2,
      leaseMs: 60_000,
      except: [],
    });
    expect(other.map(({ id, takeovers }) => ({ id, takeovers }))).toEqual(
      held.map((id) => ({ id, takeovers: 1 })),
    );
  });

  it('lengthens leases past a place that is being written to, and tells what was taken from it', async () => {
    const { pool } = agents.db.database;
    const owner = crypto.randomUUID();
    await enqueue(agents.db, {}, {}, {});
    const runs = await claimRuns(pool, { owner, limit: 3, leaseMs: 0, except: [] });
    const [free, locked, taken] = runs;
    await pool.query('update agents.run_queue set fence = fence + 1, owner = $2 where run_id = $1', [
      taken?.id,
      crypto.randomUUID(),
    ]);
    const leased = async (id: string | undefined) =>
      (await pool.query('select visible_at > now() as leased from agents.run_queue where run_id = $1', [id]))
        .rows[0].leased;
    const client = await pool.connect();
    await client.query('begin');
    await client.query('select from agents.run_queue where run_id = $1 for update', [locked?.id]);
    const renewing = renewLeases(pool, { owner, leaseMs: 60_000, runs });
    await until(
      () => leased(free?.id),
      (is) => is,
    );
    expect(await leased(locked?.id)).toBe(false);
    await client.query('commit');
    client.release();
    expect(await renewing).toEqual({ cancelled: new Set(), lost: new Set([taken?.id]) });
    expect([await leased(locked?.id), await leased(taken?.id)]).toEqual([true, false]);
  });

  it('refuses every write under an outdated fence', async () => {
    const [id] = await enqueue(agents.db, {});
    const [zombie] = await claimRuns(agents.db.database.pool, {
      owner: crypto.randomUUID(),
      limit: 1,
      leaseMs: 0,
      except: [],
    });
    const [holder] = await claimRuns(agents.db.database.pool, {
      owner: crypto.randomUUID(),
      limit: 1,
      leaseMs: 60_000,
      except: [],
    });
    if (!zombie || !holder) throw new Error('not claimed');
    expect([zombie.fence, holder.fence, holder.takeovers]).toEqual(['1', '2', 1]);
    const writer = new JournalWriter({ pool: agents.db.database.pool });
    const record = {
      step: 0,
      attempt: 0,
      capability: 'x',
      args: null,
      inputHash: '',
      status: 'started' as const,
    };
    const end = { kind: 'released' as const };
    await expect(writer.step(zombie, record)).rejects.toThrow(/taken over/);
    await expect(writer.transact(zombie, async () => ({ record, result: 1 }))).rejects.toThrow(/taken over/);
    await expect(writer.end(zombie, end)).rejects.toThrow(/taken over/);
    expect((await agents.db.database.pool.query('select from agents.steps')).rowCount).toBe(0);
    await writer.step(holder, record);
    expect((await eventsOf(id)).map(({ kind }) => kind)).toEqual(['queued', 'step']);
  });

  it('tries again what could end differently, and only that', async () => {
    let failures = 2;
    const broker = {
      async call(step: StepContext) {
        const answer =
          step.step === 1 && failures-- > 0
            ? { error: { code: 'HTTP_FAILED', message: 'away' } }
            : { ok: step.step };
        await step.answered(answer);
        return answer;
      },
    };
    start(
      {
        flaky: async (_input, aios) => {
          await aios.call('first', null);
          return aios.call('second', null);
        },
        wrong: () => {
          throw new Error('always');
        },
      },
      { broker },
    );
    const [flaky, wrong] = await enqueue(agents.db, { maxAttempts: 3 }, { versionId: '2', maxAttempts: 3 });
    expect(await ended(flaky)).toMatchObject({ status: 'completed', output: 1, attempt: 2 });
    expect(await ended(wrong)).toMatchObject({
      status: 'failed',
      attempt: 0,
      error: { code: 'AGENT_THREW' },
    });
    const kinds = (await eventsOf(flaky)).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'queued',
      ...['started', 'step', 'step', 'retry'],
      ...['started', 'step', 'retry'],
      ...['started', 'step', 'finished'],
    ]);
  });

  it('gives up a run that ends its workers', async () => {
    const [id] = await enqueue(agents.db, {});
    await agents.db.database.pool.query(
      'update agents.run_queue set takeovers = 4, owner = gen_random_uuid() where run_id = $1',
      [id],
    );
    start({ fine: () => 1 });
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'ENGINE_CRASHED' } });
  });

  it('gives back what runs when it closes', async () => {
    const guests = {
      slow: (_input: unknown, aios: { call(name: string, args: null): Promise<unknown> }) =>
        aios.call('x', null),
    };
    let hang = true;
    const broker = {
      async call(step: StepContext) {
        if (hang) await new Promise(() => {});
        await step.answered({ ok: 'done' });
        return { ok: 'done' };
      },
    };
    const first = createTestWorker(agents.db, guests as never, { broker, leaseMs: 60_000 });
    first.start();
    const [id] = await enqueue(agents.db, {});
    await until(
      () => first.status.running,
      (running) => running === 1,
    );
    await first.close();
    hang = false;
    start(guests as never, { broker });
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 'done' });
  });
});
