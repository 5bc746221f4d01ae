// Anchoring against a real anvil and a real PostgreSQL: in batches, from several processes, through crashes at every point, and through
// reorganisations. What is indexed is read from the chain's logs here, and written to a change feed as the indexer writes it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Addresses } from '#contracts/deploy.ts';
import { agentsMigrations, agentsSchema } from '#node/agents/runs/migrations.ts';
import { RunStore } from '#node/agents/runs/run-store.ts';
import { isReproducible } from '#node/agents/runtime/digest.ts';
import type { RunErrorCode } from '#node/agents/runtime/runtime.ts';
import { devnetChainId, devnetUsers } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';
import { silentLogger } from '#node/platform/log.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { ActionRunner } from '../../actions/action-runner.ts';
import { openDevnetAccounts } from '../../actions/index.ts';
import { interfaces } from '../../actions/reverts.ts';
import { FeedWriter } from '../../testing/feed.ts';
import { AnchorBatches } from './anchor-batches.ts';
import { createRunAnchorer } from './index.ts';

/** Every way in which a run can fail. */
const runErrorCodes: Readonly<Record<RunErrorCode, true>> = {
  AGENT_THREW: true,
  NODE_FAILED: true,
  CODE_INVALID: true,
  OUT_OF_MEMORY: true,
  OUT_OF_GAS: true,
  DEADLINE_EXCEEDED: true,
  OUTPUT_TOO_LARGE: true,
  TOO_MANY_CALLS: true,
  CANCELLED: true,
  ENGINE_CRASHED: true,
};

let platform: TestPlatform;
let anvil: AnvilDevnet;
let provider: JsonRpcProvider;
let contracts: Addresses;
let feed: FeedWriter;
let deployed = 0;
/** Batches that the feed has, by number, with the block they are in. */
let indexed: Map<string, { block: number; transaction: string }>;
const dataDir = mkdtempSync(join(tmpdir(), 'aios-anchoring-'));

beforeAll(async () => {
  platform = await createTestPlatform();
  await migrate(platform.database.pool, agentsSchema, agentsMigrations);
  anvil = new AnvilDevnet({ dataDir });
  await anvil.start();
  contracts = await prepareDevnet(anvil.rpcUrl);
  provider = new JsonRpcProvider(anvil.rpcUrl, devnetChainId, { staticNetwork: true, cacheTimeout: -1 });
});
afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
  await platform?.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await platform.database.pool.query('truncate agents.runs restart identity');
  await redeploy();
});

async function redeploy(): Promise<void> {
  feed = new FeedWriter(platform.database.pool, `QmProofs${deployed++}`);
  indexed = new Map();
}

/** What a process of its own would make. */
async function anchorer(more: { most?: number; afterMs?: number } = {}) {
  const { pool } = platform.database;
  const published = devnetUsers().map(({ address }) => ({ address, label: '' }));
  const accounts = await openDevnetAccounts(pool, published);
  const runner = new ActionRunner({
    provider,
    chainId: devnetChainId,
    contracts,
    devnet: accounts,
    waitForBlock: async () => {},
  });
  return createRunAnchorer({
    ...{ pool, provider, runner, accounts, bus: platform.bus, logger: silentLogger },
    feed: async () => feed.deployment,
    most: more.most ?? 1_024,
    afterMs: more.afterMs ?? 0,
  });
}

let made = 0;
/** Runs that have ended, by hand. */
async function ended(
  count: number,
  more: { digest?: string | null; error?: string; status?: string; replayOf?: number } = {},
): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const digest = more.digest === undefined ? `0x${(++made).toString(16).padStart(64, '0')}` : more.digest;
    const { rows } = await platform.database.pool.query<{ id: string }>(
      `insert into agents.runs (deployment_id, version_id, network, trigger_kind, input, seed, guest_time, status, finished_at, digest, error, replay_of)
       values (1, 1, '1', 'manual', 'null', '', 0, $1, clock_timestamp(), $2, $3, $4) returning id`,
      [
        more.status ?? 'completed',
        digest,
        more.error ? JSON.stringify({ code: more.error, message: '' }) : null,
        more.replayOf ?? null,
      ],
    );
    ids.push(rows[0]?.id as string);
  }
  return ids;
}

/** Brings the feed to what the chain has now: what is gone is reverted first. */
async function index(): Promise<void> {
  const logs = await provider.getLogs({ address: contracts.runAnchor, fromBlock: 0, toBlock: 'latest' });
  const onChain = new Map(
    logs.map((log) => [
      BigInt(log.topics[1] as string).toString(),
      { log, event: interfaces.runAnchor.parseLog(log) },
    ]),
  );
  // The newest first, as blocks are undone.
  for (const [number, { transaction }] of [...indexed].reverse()) {
    if (onChain.get(number)?.log.transactionHash === transaction) break;
    await feed.revert(1);
    indexed.delete(number);
  }
  for (const [number, { log, event }] of onChain) {
    if (indexed.has(number)) continue;
    await feed.block([
      {
        entity: 'RunBatch',
        id: number,
        data: {
          id: number,
          number,
          root: event?.args.root,
          count: Number(event?.args.count),
          block: String(log.blockNumber),
          transaction: log.transactionHash,
        },
      },
    ]);
    indexed.set(number, { block: log.blockNumber, transaction: log.transactionHash });
  }
}

async function places(ids: readonly string[]) {
  const runs = await new RunStore(platform.database.pool).runs(ids);
  const batches = new AnchorBatches(platform.database.pool);
  const known = await batches.batches([...runs.values()].flatMap(({ anchor }) => anchor?.batch ?? []));
  return ids.map((id) => {
    const run = runs.get(id);
    const batch = run?.anchor && known.get(run.anchor.batch);
    return { digest: run?.digest as string, anchor: run?.anchor ?? null, batch: batch ?? null };
  });
}

/** The root that a digest and its path lead to, written down a second time from the contract's words. */
function rootOf(digest: string, index: number, path: readonly string[]): string {
  const hash = (...parts: Uint8Array[]) => keccak_256(Buffer.concat(parts));
  const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
  let node = hash(Uint8Array.of(0), bytes(digest));
  let place = index;
  for (const sibling of path) {
    node =
      place % 2 === 0
        ? hash(Uint8Array.of(1), node, bytes(sibling))
        : hash(Uint8Array.of(1), bytes(sibling), node);
    place = Math.floor(place / 2);
  }
  return `0x${Buffer.from(node).toString('hex')}`;
}

async function verifyOnChain(
  number: string,
  digest: string,
  index: number,
  path: readonly string[],
): Promise<boolean> {
  const data = interfaces.runAnchor.encodeFunctionData('verify', [number, digest, index, path]);
  return BigInt(await provider.send('eth_call', [{ to: contracts.runAnchor, data }, 'latest'])) === 1n;
}

async function expectAnchored(ids: readonly string[]): Promise<void> {
  for (const { digest, anchor, batch } of await places(ids)) {
    if (!anchor || !batch?.indexed) throw new Error('a run is not anchored');
    expect(rootOf(digest, anchor.index, anchor.path)).toBe(batch.root);
    expect(await verifyOnChain(batch.indexed.number, digest, anchor.index, anchor.path)).toBe(true);
    const other = `${digest.slice(0, -1)}${digest.endsWith('f') ? '0' : 'f'}`;
    expect(await verifyOnChain(batch.indexed.number, other, anchor.index, anchor.path)).toBe(false);
    expect(batch.indexed.transaction).toBe(indexed.get(batch.indexed.number)?.transaction);
  }
}

const countOnChain = async () => {
  const data = interfaces.runAnchor.encodeFunctionData('batchCount', []);
  return Number(await provider.send('eth_call', [{ to: contracts.runAnchor, data }, 'latest']));
};

describe('RunAnchorer', () => {
  it('anchors what running again must come to, and nothing else', async () => {
    const ids = await ended(3);
    const others = [
      ...(await ended(1, { digest: null })),
      ...(await ended(1, { replayOf: 1 })),
      ...(await ended(1, { status: 'killed', error: 'DEADLINE_EXCEEDED' })),
      ...(await ended(1, { status: 'killed', error: 'CANCELLED' })),
    ];
    const killed = await ended(1, { status: 'killed', error: 'OUT_OF_GAS' });
    const job = await anchorer();
    await job.anchor();
    expect((await places(ids)).every(({ batch }) => batch !== null && batch.indexed === null)).toBe(true);
    await index();
    await job.anchor();
    await expectAnchored([...ids, ...killed]);
    expect((await places(others)).every(({ anchor }) => anchor === null)).toBe(true);
  });

  it('agrees with the digest on which ends those are', async () => {
    for (const code of Object.keys(runErrorCodes) as RunErrorCode[]) {
      await platform.database.pool.query('truncate agents.runs');
      const [id] = await ended(1, { status: 'failed', error: code });
      await (await anchorer()).anchor();
      const [place] = await places([id as string]);
      expect([code, place?.anchor !== null]).toEqual([
        code,
        isReproducible({ error: { code, message: '' } }),
      ]);
    }
    await index();
    await (await anchorer()).anchor();
  });

  it('waits for a full batch or for its time, and splits what is more', async () => {
    const before = await countOnChain();
    const ids = await ended(5);
    const patient = await anchorer({ most: 4, afterMs: 3_600_000 });
    await patient.anchor();
    expect(await countOnChain()).toBe(before + 1);
    expect((await places(ids)).map(({ anchor }) => anchor?.index ?? null)).toEqual([0, 1, 2, 3, null]);
    const due = await anchorer({ most: 4, afterMs: 0 });
    await due.anchor();
    await index();
    await due.anchor();
    expect(await countOnChain()).toBe(before + 2);
    await expectAnchored(ids);
    const [, , , , last] = await places(ids);
    expect(last?.anchor).toMatchObject({ index: 0, path: [] });
  });

  it('is done once by many processes at the same time', async () => {
    const before = await countOnChain();
    const ids = await ended(20);
    const jobs = await Promise.all(Array.from({ length: 4 }, () => anchorer()));
    await Promise.all(jobs.map((job) => job.anchor()));
    await index();
    await Promise.all(jobs.map((job) => job.anchor()));
    expect(await countOnChain()).toBe(before + 1);
    await expectAnchored(ids);
  });

  it('goes on where a process died: after the batch was stored, and after it was signed', async () => {
    const before = await countOnChain();
    const { pool } = platform.database;
    const stored = await ended(2);
    await new AnchorBatches(pool).collect({ most: 10, afterMs: 0, contract: contracts.runAnchor });
    expect(await countOnChain()).toBe(before);
    const signed = await ended(2);
    // Sending fails, as it does for a process that dies before.
    const send = provider.send.bind(provider);
    provider.send = (method, params) =>
      method === 'eth_sendRawTransaction' ? Promise.reject(new Error('gone')) : send(method, params);
    await (await anchorer()).anchor();
    provider.send = send;
    const { rows: kept } = await pool.query(
      `select key, hash from agents.transfers where key like 'anchor/%' order by nonce desc limit 2`,
    );
    expect(await countOnChain()).toBe(before);
    const job = await anchorer();
    await job.anchor();
    await index();
    await job.anchor();
    await expectAnchored([...stored, ...signed]);
    expect(await countOnChain()).toBe(before + 2);
    const { rows: after } = await pool.query(
      `select key, hash from agents.transfers where key like 'anchor/%' order by nonce desc limit 2`,
    );
    expect(after).toEqual(kept);
  });

  it('takes back what a reorganisation took, and anchors it again', async () => {
    const before = await countOnChain();
    const job = await anchorer({ most: 2 });
    const ids = await ended(4);
    await job.anchor();
    await index();
    await job.anchor();
    await expectAnchored(ids);
    const hashes = (await places(ids)).map(({ batch }) => batch?.indexed?.transaction);
    // Both batches leave the chain, with their transactions.
    await provider.send('anvil_rollback', [2]);
    expect(await countOnChain()).toBe(before);
    await index();
    await job.anchor();
    expect(await countOnChain()).toBe(before + 2);
    expect((await places(ids)).every(({ batch }) => batch?.indexed === null)).toBe(true);
    await index();
    await job.anchor();
    await expectAnchored(ids);
    expect((await places(ids)).map(({ batch }) => batch?.indexed?.transaction)).toEqual(hashes);
  });

  it('signs anew what lost its place to another transaction of the same address', async () => {
    const { pool } = platform.database;
    const [id] = await ended(1);
    const job = await anchorer();
    await job.anchor();
    const { rows } = await pool.query<{ sender: string; key: string; nonce: string }>(
      `select sender, key, nonce from agents.transfers where key like 'anchor/%' order by nonce desc limit 1`,
    );
    const { sender, key } = rows[0] as { sender: string; key: string };
    await provider.send('anvil_rollback', [1]);
    await provider.send('anvil_impersonateAccount', [sender]);
    await provider.send('eth_sendTransaction', [{ from: sender, to: sender, value: '0x0' }]);
    await index();
    await job.anchor();
    await index();
    await job.anchor();
    await expectAnchored([id as string]);
    const again = await pool.query<{ nonce: string }>('select nonce from agents.transfers where key = $1', [
      key,
    ]);
    expect(Number(again.rows[0]?.nonce)).toBe(Number(rows[0]?.nonce) + 1);
  });

  it('believes another deployment of the subgraph from its beginning', async () => {
    const ids = await ended(2);
    const job = await anchorer();
    await job.anchor();
    await index();
    await job.anchor();
    await redeploy();
    await job.anchor();
    expect((await places(ids)).every(({ batch }) => batch?.indexed === null)).toBe(true);
    const before = await countOnChain();
    await index();
    await job.anchor();
    await expectAnchored(ids);
    expect(await countOnChain()).toBe(before);
  });

  it('takes no word of a batch that somebody else anchored', async () => {
    const ids = await ended(2);
    const job = await anchorer();
    const { pool } = platform.database;
    await new AnchorBatches(pool).collect({ most: 10, afterMs: 0, contract: contracts.runAnchor });
    const [place] = await places(ids);
    const data = interfaces.runAnchor.encodeFunctionData('anchor', [place?.batch?.root, 2]);
    const from = devnetUsers()[0]?.address;
    await provider.send('eth_sendTransaction', [{ from, to: contracts.runAnchor, data }]);
    await index();
    await new AnchorBatches(pool).project(feed.deployment);
    expect((await places(ids)).every(({ batch }) => batch?.indexed === null)).toBe(true);
    await job.anchor();
    await index();
    await job.anchor();
    await expectAnchored(ids);
  });
});
