// One validator in this process, fed with signed transactions: what verifying, executing and storing them costs, stage by stage.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bls12381Signer } from '#node/chain/crypto/bls-signer.ts';
import { Bls12381 } from '#node/chain/crypto/bls12-381.ts';
import { Ed25519Signer } from '#node/chain/crypto/ed25519-signer.ts';
import { Ed25519Workers } from '#node/chain/crypto/ed25519-workers.ts';
import { fastPairHasher } from '#node/chain/crypto/pair-hasher.ts';
import { systemClock } from '#node/chain/engine/clock.ts';
import { openNode } from '#node/chain/engine/open-node.ts';
import { Validator } from '#node/chain/engine/validator.ts';
import { SigningJournal } from '#node/chain/finality/signing-journal.ts';
import type { Network } from '#node/chain/net/network.ts';
import { LmdbStore } from '#node/chain/store/lmdb-store.ts';
import { readGenesis } from '#node/chain/types/genesis.ts';
import { hexOf } from '#node/chain/types/identifiers.ts';
import { silentLogger } from '#node/platform/log.ts';
import { Load } from './load.ts';
import { Stages } from './stages.ts';

export interface OneValidatorOptions {
  readonly accounts: number;
  readonly operations: number;
  /** Envelopes measured. */
  readonly envelopes: number;
  /** Envelopes a second that are sent. */
  readonly rate: number;
}

export interface OneValidatorFigures {
  readonly envelopes: number;
  readonly operations: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly idleCpuPerSecond: number;
  readonly stages: ReadonlyMap<string, number>;
}

const chainId = 1_051;

/** Alone: there is nobody to tell. */
const nobody: Network = {
  self: 'alone',
  peers: [],
  start: async () => {},
  publish: () => {},
  ask: async function* () {},
  blame: () => {},
  close: async () => {},
};

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function oneValidator(options: OneValidatorOptions): Promise<OneValidatorFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-bench-chain-'));
  const load = new Load({
    chainId,
    senders: 500,
    accounts: options.accounts,
    operations: options.operations,
  });
  const signer = new Bls12381Signer(new Uint8Array(32).fill(7));
  const owner = new Ed25519Signer(new Uint8Array(32).fill(8));
  const address = hexOf(owner.address);
  const genesis = readGenesis({
    parameters: { chainId, genesisTime: Math.ceil(Date.now() / 1_000) * 1_000 },
    ...{ reserve: '100000000000000', treasury: '0', accounts: load.balances },
    validators: [
      {
        ...{ address, stake: String(10n ** 14n), votingKey: hexOf(signer.publicKey) },
        proofOfPossession: hexOf(signer.proofOfPossession),
      },
    ],
  });
  const stages = new Stages();
  const signatures = await Ed25519Workers.start({ workers: 1, logger: silentLogger });
  const journal = await SigningJournal.open(join(folder, 'signing.journal'));
  const closers = [() => signatures.close(), () => journal.close()];
  try {
    const { node, ledger, mempool, store } = await openNode({
      openStore: (id) => LmdbStore.open({ folder: join(folder, 'store'), genesis: id }),
      ...{ genesis, bls: new Bls12381(), signatures, clock: systemClock, log: silentLogger },
      ...{ hashPairs: fastPairHasher(), joinNetwork: () => nobody },
      mempoolLimits: { transactions: 200_000, bytes: 256 * 1_048_576, perSender: 4_096 },
    });
    closers.push(() => store.close());
    const validator = new Validator({
      ...{ node, address, signer, journal, clock: systemClock, store, mempool, log: silentLogger },
      ...{ announce: () => {}, isSynced: () => true },
    });
    stages.time(ledger, 'execute', 'execution and state root');
    stages.time(store, 'putRecord', 'record, on the main thread');
    stages.time(store, 'putBlock', 'block, on the main thread');
    stages.time(mempool, 'add', 'mempool');
    stages.time(mempool, 'take', 'taking from the mempool');
    stages.time(mempool, 'executed', 'forgetting what is executed');
    stages.time(validator, 'seal', 'sealing the block');
    const warm = load.envelopes(options.rate * 3);
    const measured = load.envelopes(options.envelopes);
    validator.start();
    const idleFrom = cpuSeconds();
    await wait(3_000);
    const idleCpuPerSecond = (cpuSeconds() - idleFrom) / 3;
    const executed = async (count: number) => {
      while (executedNonces(ledger, load) < count) await wait(250);
    };
    await send(node, warm, options.rate);
    await executed(warm.length);
    stages.reset();
    const from = cpuSeconds();
    const started = performance.now();
    await send(node, measured, options.rate);
    await executed(warm.length + measured.length);
    await store.commit();
    const seconds = (performance.now() - started) / 1_000;
    const spent = cpuSeconds() - from;
    validator.close();
    return {
      ...{ envelopes: measured.length, operations: measured.length * options.operations },
      ...{ seconds, cpuSeconds: spent, idleCpuPerSecond, stages: stages.seconds },
    };
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    for (const close of closers.reverse()) await close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Node = Awaited<ReturnType<typeof openNode>>['node'];

/** At a steady pace, a hundred at a time, as agents' batches come. */
async function send(node: Node, envelopes: readonly Uint8Array[], rate: number): Promise<void> {
  const batch = 100;
  const started = performance.now();
  for (let from = 0; from < envelopes.length; from += batch) {
    const admissions = await node.submitAll(envelopes.slice(from, from + batch));
    const refused = admissions.find(({ admitted }) => !admitted);
    if (refused && !refused.admitted) throw new Error(`refused: ${refused.code} ${refused.why}`);
    const ahead = ((from + batch) / rate) * 1_000 - (performance.now() - started);
    if (ahead > 5) await wait(ahead);
  }
}

function executedNonces(ledger: { account(address: Uint8Array): { nonce: bigint } }, load: Load): number {
  return load.addresses.reduce((sum, address) => sum + Number(ledger.account(address).nonce), 0);
}
