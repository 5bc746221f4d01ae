// The prover on a real database with real worker processes: a job from request to verified answer, and everything that can end it early.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { PostgresEventBus } from '#node/platform/events/postgres-event-bus.ts';
import { silentLogger } from '#node/platform/log.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { asTenantOn } from '#node/platform/postgres/tenant.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import { circuitOf } from '../catalogue.ts';
import { credentialExample } from '../examples.ts';
import { JobQueue, type ProofJob } from './job-queue.ts';
import { KeyStore } from './key-store.ts';
import { verifyProof } from './prove.ts';
import { Prover } from './prover.ts';
import { assertDevelopmentKeysAllowed } from './setup-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'aios-prover-'));
const use = { production: false, chainId: 31_337 };
let database: TestDatabase;
let bus: PostgresEventBus;
let queue: JobQueue;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, 'platform', platformMigrations);
  bus = await PostgresEventBus.connect({ pool: database.pool, url: database.url, logger: silentLogger });
  queue = await JobQueue.open(database.pool, bus);
});

afterAll(async () => {
  await bus.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const proverOf = (options: { memoryBytes?: number; leaseMs?: number; use?: typeof use } = {}) =>
  new Prover({
    queue,
    store: { folder, use: options.use ?? use },
    workers: 1,
    memoryBytes: options.memoryBytes ?? 2 ** 31,
    timeoutMs: 200_000,
    leaseMs: options.leaseMs,
    logger: silentLogger,
  });

const request = (input: object = {}) =>
  queue.request({
    circuit: 'credential',
    system: 'groth16',
    input: { ...credentialExample, ...input },
    requestedBy: 'did:aios:tester',
  });

async function ended(id: string): Promise<{ last: ProofJob; stages: string[] }> {
  const stages: string[] = [];
  let last: ProofJob | undefined;
  for await (const job of queue.follow(id)) {
    last = job;
    if (job.stage && stages.at(-1) !== job.stage) stages.push(job.stage);
  }
  return { last: last as ProofJob, stages };
}

it('proves, shows its stages, verifies, and forgets the inputs', { timeout: 240_000 }, async () => {
  const prover = proverOf();
  prover.start();
  try {
    const job = await request();
    const { last, stages } = await ended(job.id);
    expect(last.error).toBeNull();
    expect(last.status).toBe('COMPLETED');
    expect(stages.at(-1)).toBe('done');
    expect(stages).toContain('setup');
    expect(last.development).toBe(true);
    expect(last.words).toHaveLength(8);
    expect(last.publicSignals?.[3]).toBe(BigInt(credentialExample.subject as string).toString());
    const { rows } = await database.pool.query('select input from proving.jobs where id = $1', [job.id]);
    expect(rows[0].input).toBeNull();
    // The keys are in the folder now, and say what they are.
    expect(readdirSync(folder).filter((name) => name.includes('groth16'))[0]).toContain('DEV-INSECURE');
    const keys = await new KeyStore({ folder, use }).open(circuitOf('credential'), 'groth16');
    expect(keys.keyHash).toBe(last.keyHash);
    const signals = last.publicSignals as string[];
    expect(await verifyProof(keys, 'groth16', signals, last.proof as object)).toBe(true);
    const other = [...signals.slice(0, 3), '1'];
    expect(await verifyProof(keys, 'groth16', other, last.proof as object)).toBe(false);

    // A lie is told from a fault.
    const lie = await ended((await request({ value: 17 })).id);
    expect(lie.last.status).toBe('FAILED');
    expect(lie.last.error?.code).toBe('STATEMENT_FALSE');

    // The worker ends with its requester's patience.
    const unwanted = await request();
    await queue.cancel(unwanted.id, 'did:aios:tester');
    expect((await ended(unwanted.id)).last.status).toBe('CANCELLED');
  } finally {
    await prover.stop();
  }

  // Memory is capped: the worker ends itself, the prover lives on.
  const small = proverOf({ memoryBytes: 40 * 2 ** 20 });
  small.start();
  try {
    const { last } = await ended((await request()).id);
    expect(last.error?.code).toBe('PROVER_OUT_OF_MEMORY');
  } finally {
    await small.stop();
  }
});

it('refuses a wrong circuit, system or input before it queues anything', async () => {
  const wrong = (change: object) =>
    queue.request({
      circuit: 'credential',
      system: 'groth16',
      input: credentialExample,
      requestedBy: 'did:aios:tester',
      ...change,
    });
  await expect(wrong({ circuit: 'nothing' })).rejects.toMatchObject({ code: 'CIRCUIT_UNKNOWN' });
  await expect(wrong({ circuit: 'spend-guard', system: 'plonk' })).rejects.toMatchObject({
    code: 'SYSTEM_UNSUPPORTED',
  });
  await expect(wrong({ input: { value: 'x', extra: 1 } })).rejects.toThrow(
    /value is to be an integer.*secret is missing.*extra is no input/s,
  );
});

it('a job whose holder fell silent is taken over, and the old holder writes nothing', async () => {
  const job = await request();
  const first = await queue.claim(1);
  expect(first?.id).toBe(job.id);
  await expect
    .poll(
      async () =>
        (
          await database.pool.query('select 1 from proving.jobs where id = $1 and leased_until < now()', [
            job.id,
          ])
        ).rowCount,
    )
    .toBe(1);
  const second = await queue.claim(60_000);
  expect(second).toMatchObject({ id: job.id, attempts: 2 });
  if (!first || !second) throw new Error('no lease');
  expect(await queue.renew(first, 1_000)).toBe('lost');
  expect(await queue.fail(first, { code: 'X', message: 'late' })).toBe(false);
  expect((await queue.find(job.id))?.status).toBe('RUNNING');
  await queue.cancel(job.id, 'did:aios:somebody-else');
  expect(await queue.renew(second, 1_000)).toBe('held');
  await queue.cancel(job.id, 'did:aios:tester');
  expect(await queue.renew(second, 60_000)).toBe('cancel');
  expect(await queue.claim(1_000)).toBeUndefined();
  await queue.fail(second, { code: 'PROOF_CANCELLED', message: 'cancelled' });
  expect((await queue.find(job.id))?.status).toBe('CANCELLED');
});

it('development keys are refused in production and on other chains', async () => {
  expect(() => assertDevelopmentKeysAllowed({ production: false, chainId: 31_337 })).not.toThrow();
  for (const forbidden of [
    { production: true, chainId: 31_337 },
    { production: false, chainId: 1 },
  ]) {
    expect(() => assertDevelopmentKeysAllowed(forbidden)).toThrow(/AIOS_PROVING_KEYS/);
    await expect(
      new KeyStore({ folder, use: forbidden }).open(circuitOf('credential'), 'groth16'),
    ).rejects.toMatchObject({ code: 'DEVELOPMENT_KEYS_REFUSED' });
  }
});

it('keeps a job to its network: what another network writes does not reach it', async () => {
  const run = { id: '7', network: '1', environment: '1-2', stepKey: '7/0/0' };
  const job = await queue.request({
    circuit: 'credential',
    system: 'groth16',
    input: credentialExample,
    requestedBy: 'did:aios:tester',
    run,
  });
  const touch = (network: string, environment: string) =>
    inTransaction(database.pool, (client) =>
      asTenantOn(client, { network, environment }, async () => {
        const { rowCount } = await client.query('update proving.jobs set stage = $2 where id = $1', [
          job.id,
          'x',
        ]);
        return rowCount;
      }),
    );
  expect(await touch('2', '1-2')).toBe(0);
  expect(await touch('1', '')).toBe(0);
  expect(await touch('', '')).toBe(0);
  expect(await touch('1', '1-2')).toBe(1);
  // The same step asks once.
  await expect(
    queue.request({
      circuit: 'credential',
      system: 'groth16',
      input: credentialExample,
      requestedBy: 'did:aios:tester',
      run,
    }),
  ).rejects.toThrow(/unique/);
  expect((await queue.ofRuns(['7', '8'])).get('7')?.id).toBe(job.id);
  const lease = await queue.claim(60_000);
  expect(lease).toMatchObject({ id: job.id, network: '1', environment: '1-2' });
  await queue.cancel(job.id, 'did:aios:tester');
  expect(lease && (await queue.renew(lease, 60_000))).toBe('cancel');
  expect(lease && (await queue.fail(lease, { code: 'PROOF_CANCELLED', message: '' }))).toBe(true);
  expect((await queue.find(job.id))?.status).toBe('CANCELLED');
});
