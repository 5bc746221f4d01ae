// Workflows on the journal of runs, with the real tables: parallel, in order, resumed after crashes, undone, replayed to the same digest.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveStep } from '../runs/approve-step.ts';
import { signalRun } from '../runs/run-signals.ts';
import { runRow, until } from '../runs/testing/agents-database.ts';
import type { Guest } from '../runs/testing/in-process-runtime.ts';
import type { Json } from '../runtime/runtime.ts';
import { WorkflowHarness } from './testing/workflow-harness.ts';

const meeting = new Map<string, number>();
let failures = 0;
const undone: Json[] = [];
const guests: Record<string, Guest> = {
  /** Answers with what it is given. */
  echo: (input) => input,
  /** Comes back only when as many as it says are here at once. */
  meet: async (input) => {
    const { room, people } = input as { room: string; people: number };
    meeting.set(room, (meeting.get(room) ?? 0) + 1);
    await until(
      () => meeting.get(room) ?? 0,
      (here) => here >= people,
    );
    return room;
  },
  fail: (input) => {
    failures += 1;
    if (typeof input === 'number' && failures > input) return 'at last';
    throw new Error('no');
  },
  undo: (input) => {
    undone.push(input);
    return null;
  },
  say: async (input, aios) => aios.call('message.send', { topic: 'stock', body: input }),
};

let harness: WorkflowHarness;
beforeAll(async () => {
  harness = await WorkflowHarness.create(guests, { message: { topics: ['stock'] } });
  harness.worker();
});
afterAll(() => harness.close());

describe('a workflow', () => {
  it('runs branches at once, joins them, and replays to the same digest', async () => {
    const meet = { run: 'meet', input: { room: 'a', people: 3 } };
    const id = await harness.start(
      {
        nodes: {
          one: meet,
          two: meet,
          three: meet,
          join: {
            needs: ['one', 'two', 'three'],
            run: 'echo',
            input: { got: '${nodes.one}-${nodes.two}', n: '${input.n}' },
          },
        },
        output: { joined: '${nodes.join.got}', sum: { $sum: ['${nodes.join.n}', 1] } },
      },
      { n: 41 },
    );
    expect(await harness.ended(id)).toMatchObject({
      status: 'completed',
      output: { joined: 'a-a', sum: 42 },
    });
    const { digest, again } = await harness.replay(id);
    expect(again).toBe(digest);
  });

  it('goes on while another branch is still busy', async () => {
    const id = await harness.start({
      nodes: {
        slow: { approval: { question: 'Go on?' } },
        first: { run: 'echo', input: 1 },
        second: { needs: ['first'], run: 'echo', input: { $sum: ['${nodes.first}', 1] } },
      },
      output: '${nodes.second}',
    });
    const approval = await harness.waiting(id, 'approval.ask');
    await until(
      async () =>
        (await harness.journal(id)).filter(
          ({ capability, status }) => capability === 'agent.call' && status === 'answered',
        ).length,
      (answered) => answered === 2,
    );
    await approveStep(harness.db.database.pool, id, approval, { approved: true, by: 'did:boss', note: null });
    expect(await harness.ended(id)).toMatchObject({ status: 'completed', output: 2 });
  });

  it('maps with a bound on how many run at once', async () => {
    const id = await harness.start(
      {
        nodes: {
          each: { map: { over: '${input}', run: 'echo', input: ['${item}', '${index}'], concurrency: 2 } },
        },
        output: '${nodes.each}',
      },
      ['a', 'b', 'c', 'd', 'e'],
    );
    expect((await harness.ended(id)).output).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
      ['e', 4],
    ]);
    // Never more than two begun of which the walk had not heard.
    let open = 0;
    for (const { capability, answer } of await harness.journal(id)) {
      if (capability === 'agent.call') open += 1;
      else open -= (answer as { ok: Json[] }).ok.length;
      expect(open).toBeLessThanOrEqual(2);
    }
  });

  it('branches: what was not chosen is skipped, and a join of any goes on', async () => {
    const nodes = {
      size: { branch: [{ name: 'large', when: { $gt: ['${input}', 10] } }], else: 'small' },
      ask: { needs: ['size:large'], run: 'echo', input: 'asked' },
      done: { needs: ['size:small'], run: 'echo', input: 'direct' },
      end: {
        needs: ['ask', 'done'],
        join: 'any',
        run: 'echo',
        input: { $first: ['${nodes.ask}', '${nodes.done}'] },
      },
    };
    for (const [input, output] of [
      [11, 'asked'],
      [10, 'direct'],
    ] as const) {
      const id = await harness.start({ nodes, output: ['${nodes.size}', '${nodes.end}'] }, input);
      expect((await harness.ended(id)).output).toEqual([input > 10 ? 'large' : 'small', output]);
    }
  });

  it('waits for signals, also one that came before, and for messages', async () => {
    const { pool } = harness.db.database;
    const id = await harness.start({
      nodes: {
        pause: { approval: { question: 'Ready?' } },
        paid: { needs: ['pause'], signal: { name: 'paid' } },
        heard: { needs: ['pause'], message: { topic: 'stock', where: { sku: 'PEAR' } } },
      },
      output: ['${nodes.paid.payload.amount}', '${nodes.heard.body.left}'],
    });
    const approval = await harness.waiting(id, 'approval.ask');
    await signalRun(pool, id, { name: 'paid', payload: { amount: 5 }, by: 'did:shop' });
    await approveStep(pool, id, approval, { approved: true, by: 'did:boss', note: null });
    await harness.waiting(id, 'wait.message');
    const say = {
      nodes: {
        say: {
          map: {
            over: [
              { sku: 'APPLE', left: 9 },
              { sku: 'PEAR', left: 3 },
            ],
            run: 'say',
            concurrency: 1,
          },
        },
      },
    };
    await harness.start(say);
    expect(await harness.ended(id)).toMatchObject({ status: 'completed', output: [5, 3] });
    await expect(signalRun(pool, id, { name: 'paid', payload: null, by: 'did:shop' })).rejects.toThrow(
      /has ended/,
    );
  });

  it('delays, gives up waiting, and nobody can answer what was let go', async () => {
    const id = await harness.start({
      nodes: {
        breath: { delay: { ms: 30 } },
        never: { needs: ['breath'], signal: { name: 'x' }, timeoutMs: 40 },
      },
    });
    expect(await harness.ended(id)).toMatchObject({
      status: 'failed',
      error: {
        code: 'NODE_FAILED',
        message: expect.stringMatching(/^never: TIMED_OUT: it took longer than 40 ms/),
      },
    });
    expect((await harness.journal(id)).every(({ status }) => status === 'answered')).toBe(true);
  });

  it('tries a node again as its policy says', async () => {
    failures = 0;
    const id = await harness.start({
      nodes: { flaky: { run: 'fail', input: 2, retry: { attempts: 3, delayMs: 5 } } },
      output: '${nodes.flaky}',
    });
    expect(await harness.ended(id)).toMatchObject({ status: 'completed', output: 'at last' });
    const calls = (await harness.journal(id))
      .map(({ capability }) => capability)
      .filter((name) => name !== 'wait.any');
    expect(calls).toEqual(['agent.call', 'wait.delay', 'agent.call', 'wait.delay', 'agent.call']);
  });

  it('undoes what was done, last first, and lets go of what waits', async () => {
    undone.length = 0;
    const undo = (name: string) => ({ run: 'undo', input: { name, was: '${output}' } });
    const id = await harness.start({
      nodes: {
        a: { run: 'echo', input: 'A', compensate: undo('a') },
        b: { needs: ['a'], run: 'echo', input: 'B', compensate: undo('b') },
        c: { needs: ['b'], map: { over: [1, 2], run: 'echo' }, compensate: undo('c') },
        waits: { approval: { question: 'never answered' }, compensate: undo('waits') },
        bad: { needs: ['c'], run: 'fail', input: null },
        later: { needs: ['bad'], run: 'echo', compensate: undo('later') },
      },
    });
    const run = await harness.ended(id);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'NODE_FAILED' } });
    expect(run.error?.message).toMatch(/^bad: AGENT_FAILED: .* no$/);
    expect(undone).toEqual([
      { name: 'c', was: [1, 2] },
      { name: 'b', was: 'B' },
      { name: 'a', was: 'A' },
    ]);
    const approval = (await harness.journal(id)).find(({ capability }) => capability === 'approval.ask');
    await expect(
      approveStep(harness.db.database.pool, id, approval?.step ?? -1, {
        approved: true,
        by: 'x',
        note: null,
      }),
    ).rejects.toThrow(/waits for no approval/);
    const { digest, again } = await harness.replay(id);
    expect(again).toBe(digest);
  });

  it('fails when it is not approved, and says what could not be undone', async () => {
    const id = await harness.start({
      nodes: {
        order: { run: 'echo', input: 1, compensate: { run: 'fail', input: null } },
        ok: { needs: ['order'], approval: { question: 'Order?' } },
      },
    });
    const approval = await harness.waiting(id, 'approval.ask');
    await approveStep(harness.db.database.pool, id, approval, {
      approved: false,
      by: 'did:boss',
      note: null,
    });
    const run = await harness.ended(id);
    expect(run.error?.message).toBe(
      'ok: NOT_APPROVED: did:boss did not approve. What could not be undone: order (AGENT_FAILED).',
    );
  });

  it('ends agents that it no longer waits for', async () => {
    const id = await harness.start({
      nodes: { long: { run: 'meet', input: { room: 'empty', people: 2 }, timeoutMs: 100 } },
    });
    expect((await harness.ended(id)).error?.message).toMatch(/TIMED_OUT/);
    const { rows } = await harness.db.database.pool.query<{ id: string }>(
      'select id from agents.runs where parent_run = $1',
      [id],
    );
    const child = await until(
      () => runRow(harness.db, rows[0]?.id),
      ({ status }) => status === 'killed',
    );
    expect(child.error?.code).toBe('CANCELLED');
  });
});
