// What agents may do, with the real tables: nothing ungranted, quotas and budgets kept, effects once, callers and approvals waited for.
import { beforeEach, describe, expect, it } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { silentLogger } from '#node/platform/log.ts';
import { approveStep } from '../runs/approve-step.ts';
import { DeploymentStore } from '../runs/deployment-store.ts';
import { enqueue, runRow, until } from '../runs/testing/agents-database.ts';
import { agentsPerTest } from '../runs/testing/agents-per-test.ts';
import type { Guest } from '../runs/testing/in-process-runtime.ts';
import type { Json } from '../runtime/runtime.ts';
import { CapabilityBroker } from './capability-broker.ts';
import type { GrantsInput } from './grants.ts';
import type { TokenTransfer } from './pay.ts';
import { standardCapabilities } from './standard-capabilities.ts';

const agents = agentsPerTest();
let sent: Map<string, TokenTransfer>;
let sending: (transfer: TokenTransfer) => Promise<void>;
beforeEach(() => {
  sent = new Map();
  sending = async () => {};
});

const payee = `0x${'ab'.repeat(20)}`;
const broker = () =>
  new CapabilityBroker({
    logger: silentLogger,
    capabilities: standardCapabilities({
      pool: agents.db.database.pool,
      pay: async (transfer) => {
        await sending(transfer);
        sent.set(transfer.idempotencyKey, transfer);
        return { transaction: `tx:${transfer.idempotencyKey}` };
      },
    }),
  });
const start = (guests: Readonly<Record<string, Guest>>, grants: GrantsInput, leaseMs?: number) =>
  agents.start(guests, { broker: broker(), grants, leaseMs });
const { ended } = agents;
const query = async (text: string, ...values: unknown[]) =>
  (await agents.db.database.pool.query(text, values)).rows;
/** A guest that makes the calls it is given, and answers with what came of each. */
const caller: Guest = async (input, aios) => {
  const answers: Json[] = [];
  for (const [name, args] of input as [string, Json][])
    answers.push(await aios.call(name, args).catch((error: { code: string }) => ({ refused: error.code })));
  return answers;
};
const outcomes = async (calls: readonly [string, Json][], grants: GrantsInput) => {
  start({ caller }, grants);
  const [id] = await enqueue(agents.db, { input: calls as Json });
  return (await ended(id)).output;
};

describe('the broker', () => {
  it('refuses what is unknown, not granted, or called wrongly, and the guest may go on', async () => {
    expect(
      await outcomes(
        [
          ['storage.get', { key: 'a' }],
          ['constructor', null],
          ['__proto__.x', null],
          ['message.send', { topic: 'other', body: 1 }],
          ['message.send', { topic: 'news' }],
          ['message.send', { topic: 'news', body: 1 }],
        ],
        { message: { topics: ['news'] } },
      ),
    ).toEqual([
      { refused: 'CAPABILITY_NOT_GRANTED' },
      { refused: 'CAPABILITY_UNKNOWN' },
      { refused: 'CAPABILITY_UNKNOWN' },
      { refused: 'TOPIC_NOT_ALLOWED' },
      { refused: 'ARGUMENTS_INVALID' },
      { id: '1', listeners: 0 },
    ]);
  });
});

describe('storage', () => {
  it('keeps values within its quota, exactly', async () => {
    const big = 'x'.repeat(60);
    expect(
      await outcomes(
        [
          ['storage.set', { key: 'a', value: { text: '\u0000\ud800' } }],
          ['storage.get', { key: 'a' }],
          ['storage.set', { key: 'b', value: big }],
          ['storage.set', { key: 'c', value: big }],
          ['storage.delete', { key: 'b' }],
          ['storage.set', { key: 'c', value: big }],
          ['storage.list', {}],
        ],
        { storage: { bytes: 100 } },
      ),
    ).toEqual([
      null,
      { text: '\u0000\ud800' },
      null,
      { refused: 'STORAGE_FULL' },
      true,
      null,
      [
        { key: 'a', bytes: 24 },
        { key: 'c', bytes: 63 },
      ],
    ]);
  });
});

describe('payments', () => {
  const pay: GrantsInput = { pay: { token: 'AiOS', perRun: '10', perDay: '15', payees: [payee] } };

  it('stay within the run, the day and the payees', async () => {
    const send = (amount: string, to = payee): [string, Json] => ['pay.send', { payee: to, amount }];
    const first = (await outcomes(
      [send('6'), send('6'), send('4'), send('1', `0x${'00'.repeat(20)}`)],
      pay,
    )) as Json[];
    expect(first.slice(1)).toEqual([
      { refused: 'BUDGET_EXCEEDED' },
      { transaction: 'tx:1/2', payee, amount: '4' },
      { refused: 'PAYEE_NOT_ALLOWED' },
    ]);
    const [id] = await enqueue(agents.db, { input: [send('6'), send('5')] as Json });
    const second = await ended(id);
    expect(second.output).toEqual([{ refused: 'BUDGET_EXCEEDED' }, expect.objectContaining({ amount: '5' })]);
    expect(second.cost).toBe('5');
    expect([...sent.values()].map(({ amount }) => amount)).toEqual([6n, 4n, 5n]);
    expect(await query(`select reserved, spent from agents.budgets where kind = 'day'`)).toEqual([
      { reserved: '0', spent: '15' },
    ]);
  });

  it('many at once never exceed the day', async () => {
    start({ caller }, pay);
    const ids = await enqueue(
      agents.db,
      ...Array.from({ length: 30 }, () => ({ input: [['pay.send', { payee, amount: '1' }]] as Json })),
    );
    await Promise.all(ids.map(ended));
    expect(sent.size).toBe(15);
  });

  it('give back what was refused, and follow up what is open under the same key', async () => {
    let tries = 0;
    sending = async ({ idempotencyKey }) => {
      tries += 1;
      if (idempotencyKey === '1/0') throw new AiosError('PAYMENT_REFUSED', 'The token is paused.');
      if (tries < 4) throw new Error('connection lost');
    };
    start({ caller }, pay);
    const [id] = await enqueue(agents.db, {
      input: [
        ['pay.send', { payee, amount: '9' }],
        ['pay.send', { payee, amount: '9' }],
      ] as Json,
    });
    const run = await ended(id);
    expect(run.output).toEqual([
      { refused: 'PAYMENT_REFUSED' },
      { transaction: 'tx:1/1', payee, amount: '9' },
    ]);
    expect(tries).toBe(4);
    expect(await query('select key, status from agents.payments order by key')).toEqual([
      { key: '1/0', status: 'released' },
      { key: '1/1', status: 'settled' },
    ]);
    expect(await query('select distinct reserved, spent from agents.budgets')).toEqual([
      { reserved: '0', spent: '9' },
    ]);
  });

  it('are not begun by a worker that was taken over', async () => {
    let wake: () => void = () => {};
    const paused = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let first = true;
    const guest: Guest = async (_input, aios) => {
      // The first worker's process stops here, before it asks to pay.
      if (first) {
        first = false;
        await paused;
      }
      return aios.call('pay.send', { payee, amount: '3' });
    };
    const zombie = start({ guest }, pay, 300);
    const [id] = await enqueue(agents.db, {});
    await until(
      () => first,
      (value) => !value,
    );
    zombie.abandon();
    start({ guest }, pay, 300);
    expect(await ended(id)).toMatchObject({ status: 'completed', cost: '3' });
    wake();
    await until(
      () => zombie.status.lost,
      (lost) => lost === 1,
    );
    expect(sent.size).toBe(1);
    expect(sent.get(`${id}/0`)?.fence).toBe(2n);
  });
});

describe('runs that runs cause', () => {
  it('call another agent, wait for it without holding a place, and pay out of the caller budget', async () => {
    const store = new DeploymentStore(agents.db.database.pool);
    const place = (licenceId: string) => ({ network: '1', environment: '', agentId: '1', licenceId });
    const content = { cid: 'c', language: 'javascript' as const, entry: 'a', manifest: {}, files: new Map() };
    const { deployment } = await store.deploy(place('1'), content, 'did:x');
    const grants: GrantsInput = {
      agent: { deployments: [deployment.id, '999'], depth: 2 },
      pay: { token: 'AiOS', perRun: '10', perDay: '100', payees: [payee] },
    };
    let begun = 0;
    const guest: Guest = async (input, aios) => {
      begun += 1;
      const { depth } = input as { depth: number };
      const paid = await aios
        .call('pay.send', { payee, amount: '2' })
        .catch((error: { code: string }) => error.code);
      const below = await aios
        .call('agent.call', {
          deployment: deployment.id,
          input: { depth: depth + 1 },
          budget: depth === 0 ? '3' : '1',
        })
        .catch((error: { code: string }) => error.code);
      return { depth, paid, below } as Json;
    };
    agents.start({ guest }, { broker: broker(), grants, concurrency: 1 });
    const id = await store.startRun(deployment, { input: { depth: 0 } });
    const run = await ended(id);
    expect(run).toMatchObject({
      status: 'completed',
      output: {
        depth: 0,
        paid: { amount: '2' },
        below: {
          output: {
            depth: 1,
            paid: { amount: '2' },
            below: { output: { depth: 2, paid: 'BUDGET_EXCEEDED', below: 'TOO_DEEP' } },
          },
        },
      },
    });
    // One place only: each caller was put aside and replayed.
    expect(begun).toBe(5);
    expect(sent.size).toBe(2);
    expect(await query('select depth, cost from agents.runs order by depth')).toEqual([
      { depth: 0, cost: '4' },
      { depth: 1, cost: '2' },
      { depth: 2, cost: '0' },
    ]);
    expect(
      await query(`select period, reserved, spent from agents.budgets where kind = 'run' and reserved > 0`),
    ).toEqual([]);
  });

  it('wait for a person, and go on with the answer', async () => {
    const guest: Guest = (_input, aios) => aios.call('approval.ask', { question: 'Pay?' });
    start({ guest }, { approval: {} });
    const [id] = await enqueue(agents.db, {});
    await until(
      () => runRow(agents.db, id),
      ({ status }) => status === 'waiting',
    );
    const decision = { approved: true, by: 'did:x', note: 'fine' };
    await approveStep(agents.db.database.pool, String(id), 0, decision);
    expect(await ended(id)).toMatchObject({ status: 'completed', output: decision });
    await expect(approveStep(agents.db.database.pool, String(id), 0, decision)).rejects.toThrow(
      /waits for no approval/,
    );
  });

  it('come again later, and listen to messages', async () => {
    const store = new DeploymentStore(agents.db.database.pool);
    const content = { cid: 'c', language: 'javascript' as const, entry: 'a', manifest: {}, files: new Map() };
    const { deployment } = await store.deploy(
      { network: '1', agentId: '1', licenceId: '1' },
      content,
      'did:x',
    );
    await store.setTriggers(deployment, [{ kind: 'message', topic: 'news' }]);
    const seen: Json[] = [];
    const guest: Guest = async (input, aios) => {
      seen.push(input);
      if (input === 'first') {
        await aios.call('schedule.at', { afterMs: 1_000, input: 'later' });
        await aios.call('message.send', { topic: 'news', body: { hot: true } });
      }
      return null;
    };
    start({ guest }, { schedule: {}, message: { topics: ['news'] } });
    await store.startRun(deployment, { input: 'first' });
    await until(
      () => seen.length,
      (length) => length === 3,
    );
    expect(seen).toEqual(['first', expect.objectContaining({ topic: 'news', body: { hot: true } }), 'later']);
  });
});
