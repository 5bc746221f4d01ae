// Evidence of runs in the product: a run's digest comes back from the chain through the supergraph with its proof of inclusion; it survives
// the chain taking the block back, and processes that are killed while batches are on their way. An agent returns its answer with a proof
// that is bound to its run, and holds on chain.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { Contract, JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { credentialExample, mlpExample } from '#circuits/examples.ts';
import { runAnchorAbi } from '#contracts/generated/run-anchor.ts';
import { runContext } from '#node/agents/capabilities/prove.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';
import { devnetUrlOf } from './testing/sales.ts';
import { type RunState, WorkingAgents } from './testing/working-agents.ts';

let product: Product;
let agents: WorkingAgents;
let deployment: string;
const dataDir = temporaryFolder();
const start = () => startProduct({ args: ['--no-demo'], dataDir, env: { AIOS_AGENTS_ANCHOR_MS: '300' } });

const files = [
  {
    path: 'agent.json',
    text: JSON.stringify({
      name: 'doubler',
      version: '1.0.0',
      language: 'javascript',
      entry: 'agent.js',
      capabilities: {},
    }),
  },
  { path: 'agent.js', text: 'export function run(input) { return input * 2; }' },
];
const fields = `output digest anchored { transaction block root index proof contract batch { id root count submitter transaction block } }`;

beforeAll(async () => {
  product = await start();
  agents = await WorkingAgents.create(() => product.url);
  deployment = await agents.deploy(files);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await cleanUp();
}, 60_000);

const anchored = (id: string) => agents.until(id, fields, (run) => run.anchored?.batch != null, 90_000);

/** The root that a digest and its path lead to: the words of RunAnchor.sol, written down a second time. */
function rootOf(digest: string, index: number, proof: readonly string[]): string {
  const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
  const node = proof.reduce(
    (below, sibling, level) =>
      Buffer.from(
        keccak_256(
          Buffer.concat(
            (index >> level) % 2 === 0
              ? [Buffer.of(1), below, bytes(sibling)]
              : [Buffer.of(1), bytes(sibling), below],
          ),
        ),
      ),
    Buffer.from(keccak_256(Buffer.concat([Buffer.of(0), bytes(digest)]))),
  );
  return `0x${node.toString('hex')}`;
}

/** Checks a run's place by a second implementation, on chain, and against the indexed batch. */
async function expectProven({ digest, anchored: place }: RunState): Promise<void> {
  const provider = new JsonRpcProvider(await devnetUrlOf(product.url));
  try {
    expect(rootOf(digest, place.index, place.proof)).toBe(place.root);
    const contract = new Contract(place.contract, runAnchorAbi, provider);
    const verify = (of: string) =>
      contract.getFunction('verify').staticCall(place.batch.id, of, place.index, place.proof);
    expect(await verify(digest)).toBe(true);
    expect(await verify(`0x${'00'.repeat(32)}`)).toBe(false);
    expect(place.batch).toMatchObject({
      root: place.root,
      transaction: place.transaction,
      block: place.block,
    });
    const receipt = await provider.getTransactionReceipt(place.transaction);
    expect(String(receipt?.blockNumber)).toBe(String(place.block));
  } finally {
    provider.destroy();
  }
}

it('a run is anchored, and the chain says so', async () => {
  const id = await agents.start(deployment, 21);
  const run = await anchored(id);
  expect(run).toMatchObject({ status: 'COMPLETED', output: 42, anchored: { index: expect.any(Number) } });
  await expectProven(run);

  const { run: replay } = await agents.mutate('replayRun', 'ReplayRunInput', 'run { id }', { runId: id });
  const again = await agents.until(replay.id, fields, ({ status }) => status === 'COMPLETED');
  expect(again).toMatchObject({ digest: run.digest, anchored: null });
}, 120_000);

it('a block that leaves the chain takes its batch along, which is anchored again', async () => {
  const ids = await Promise.all([1, 2, 3].map((n) => agents.start(deployment, n)));
  const before = await Promise.all(ids.map(anchored));
  const provider = new JsonRpcProvider(await devnetUrlOf(product.url));
  const first = Math.min(...before.map((run) => Number(run.anchored.block)));
  const depth = (await provider.getBlockNumber()) - first + 1;
  await provider.send('anvil_reorg', [depth, []]);
  provider.destroy();
  await eventually(async () => {
    const after = await Promise.all(ids.map(anchored));
    return after.every((run, n) => Number(run.anchored.block) > Number(before[n]?.anchored.block));
  }, 'the batches were not anchored again');
  for (const run of await Promise.all(ids.map(anchored))) await expectProven(run);
}, 180_000);

const proofFields = 'id status circuit keyHash words publicSignals { name value } error { code }';
const runFields = `seed output digest error { code message } anchored { root } proof { ${proofFields} } steps { capability status args }`;

it('a credit decision comes with a proof that it followed the scorecard, bound to its run', async () => {
  const folder = join(packageRoot, 'node/agents/templates/credit-scoring');
  const text = (path: string) => readFileSync(join(folder, path), 'utf8');
  const paths = ['agent.json', 'agent.ts', 'scorecard.json'];
  const scoring = await agents.deploy(paths.map((path) => ({ path, text: text(path) })));
  const golden = JSON.parse(text('golden/1-an-old-careful-business.json'));
  const id = await agents.start(scoring, { ...golden.input, prove: true });
  const waiting = await agents.until(id, runFields, ({ status }) => status === 'WAITING');
  expect(waiting).toMatchObject({
    steps: [{ capability: 'prove.request', status: 'waiting' }],
    proof: { circuit: 'credit-policy' },
  });
  const run = await agents.until(id, runFields, ({ anchored: place }) => place !== null, 400_000);
  const { proof, ...answer } = run.output;
  expect(answer).toEqual(golden.output);
  expect(run.proof).toMatchObject({ id: proof.job, status: 'COMPLETED', error: null });
  expect(proof.signals).toMatchObject({ decision: '2', context: runContext(run.seed) });
  expect(run.proof.publicSignals.map(({ value }: { value: string }) => value)).toEqual(proof.publicSignals);

  const { keyHash, words, publicSignals } = proof;
  const verdict = await agents.mutate('verifyProof', 'VerifyProofInput', 'valid', {
    ...{ keyHash, words, publicSignals },
  });
  expect(verdict).toEqual({ valid: true, error: null });
  const otherKey = await agents.mutate('verifyProof', 'VerifyProofInput', 'valid', {
    ...{ words, publicSignals },
    keyHash: `0x${'12'.repeat(32)}`,
  });
  expect(otherKey).toMatchObject({ valid: false, error: { code: 'UNKNOWN_VERIFYING_KEY' } });

  // Whoever asked for the run may record its proof, once.
  const submit = () =>
    agents.mutate('submitProof', 'SubmitProofInput', 'verifiedProof { context nullifier }', {
      job: run.proof.id,
    });
  expect(await submit()).toMatchObject({
    error: null,
    verifiedProof: { context: proof.signals.context, nullifier: proof.signals.nullifier },
  });
  expect((await submit()).error.code).toBe('NULLIFIER_USED');

  const { run: replay } = await agents.mutate('replayRun', 'ReplayRunInput', 'run { id }', { runId: id });
  const again = await agents.until(replay.id, 'digest digestMatches', ({ status }) => status === 'COMPLETED');
  expect(again).toMatchObject({ digest: run.digest, digestMatches: true });
}, 500_000);

it('a proof that cannot be had is an error in the guest, and leaves nothing behind', async () => {
  const prover = await agents.deploy([
    {
      path: 'agent.json',
      text: JSON.stringify({
        name: 'prover',
        version: '1.0.0',
        language: 'javascript',
        entry: 'agent.js',
        capabilities: { prove: { circuits: ['credential', 'horoscope', 'credit-policy', 'mlp-1k'] } },
      }),
    },
    {
      path: 'agent.js',
      text: `export function run(asked, aios) {
        return asked.map((args) => {
          try { return aios.call('prove.request', args).signals.subject; } catch (error) { return error.code; }
        });
      }`,
    },
  ]);
  const asked = [
    { circuit: 'spend-guard', inputs: {} },
    { circuit: 'horoscope', inputs: {} },
    { circuit: 'credential', inputs: { value: 1 } },
    { circuit: 'credential', inputs: credentialExample, system: 'stark' },
    { circuit: 'credit-policy', inputs: credentialExample, system: 'plonk' },
    { circuit: 'mlp-1k', inputs: { context: 1 } },
    { circuit: 'credential', inputs: { ...credentialExample, minimum: 40 } },
    { circuit: 'credential', inputs: credentialExample },
  ];
  const id = await agents.start(prover, asked);
  const run = await agents.until(id, runFields, ({ status }) => status === 'COMPLETED', 180_000);
  expect(run.output).toEqual([
    'CIRCUIT_NOT_GRANTED',
    'CIRCUIT_UNKNOWN',
    'WITNESS_INPUT_INVALID',
    'ARGUMENTS_INVALID',
    'SYSTEM_UNSUPPORTED',
    'WITNESS_INPUT_INVALID',
    'STATEMENT_FALSE',
    BigInt(String(credentialExample.subject)).toString(),
  ]);
  const { proofJobs } = await agents.query('{ proofJobs(first: 50) { circuit status } }', {});
  expect(
    proofJobs.map(({ circuit, status }: { circuit: string; status: string }) => `${circuit} ${status}`),
  ).toEqual(['credential COMPLETED', 'credential FAILED', 'credit-policy COMPLETED']);

  // Stopped while its proof is being made: the proof is cancelled.
  const { context: _set, ...model } = mlpExample(24, 32, 8);
  const stopped = await agents.start(prover, [{ circuit: 'mlp-1k', inputs: model }]);
  await agents.until(stopped, runFields, ({ proof }) => proof?.status === 'RUNNING');
  await agents.mutate('stopAgent', 'StopAgentInput', 'deployment { status }', { deploymentId: prover });
  const ended = await agents.until(stopped, runFields, ({ proof }) => proof?.status === 'CANCELLED');
  expect(ended).toMatchObject({ status: 'KILLED', proof: { error: { code: 'PROOF_CANCELLED' } } });
}, 300_000);

it('what ended before kill -9 is anchored after it, once', async () => {
  deployment = await agents.deploy(files);
  const ids: string[] = [];
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 6; n++) ids.push(await agents.start(deployment, n));
    await agents.until(ids.at(-1) as string, '', ({ status }) => status === 'COMPLETED');
    product.kill('node');
    await product.ended();
    product = await start();
    await agents.signInAgain();
  }
  const runs = await Promise.all(ids.map(anchored));
  for (const run of runs) await expectProven(run);
  // Every digest has one place, and every batch one transaction.
  const { runBatches } = await agents.query('{ runBatches(first: 1000) { id root count } }', {});
  expect(new Set(runBatches.map(({ root }: { root: string }) => root)).size).toBe(runBatches.length);
  const places = runs.map(({ anchored: { batch, index } }) => `${batch.id}/${index}`);
  expect(new Set(places).size).toBe(runs.length);
}, 300_000);
