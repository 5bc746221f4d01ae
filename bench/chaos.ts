// Kills the processes of a devnet at random, as power cuts would, under load, and looks at what becomes of it.
//   npm run chaos -- [--kill9 100] [--validators 4] [--seed 1]
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '#node/chain/dag/testing/random-dag.ts';
import { contradictionOf } from '#node/chain/finality/contradiction.ts';
import type { SigningRecord } from '#node/chain/finality/signing-history.ts';
import { chainFolder } from '#node/chain/process/chain-folder.ts';
import { DevnetProcesses } from '#node/chain/process/devnet.ts';
import { initDevnet } from '#node/chain/process/init-chain.ts';
import { hexOf } from '#node/chain/types/identifiers.ts';
import { Load } from './chain/load.ts';
import { ask, blockAt, finalIndex, until, wait } from './chain/node-rpc.ts';

const { values } = parseArgs({
  options: {
    kill9: { type: 'string', default: '100' },
    validators: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
  args: process.argv.slice(3),
});
const kills = Number(values.kill9);
const count = Number(values.validators);
const random = seeded(Number(values.seed));
const chainId = 1_051;
const folder = await mkdtemp(join(tmpdir(), 'aios-chaos-'));
const load = new Load({ chainId, senders: 50, accounts: 500, operations: 4 });
// Who is killed again and again misses votes; that is no part of this trial.
const nodes = await initDevnet({
  ...{ folder, validators: count, accounts: load.balances },
  parameters: { missedPerMille: 1_000 },
});
const devnet = await DevnetProcesses.start({
  ...{ nodes, logLevel: 'warn' },
  onExit: (nth, code, signal) => unforeseen.push(`node ${nth + 1} ended by itself: ${signal ?? code}`),
});
const unforeseen: string[] = [];
let stopped = false;
let submitted = 0;
const envelopes = load.envelopes(20_000);

/** A few transactions a second, to whoever runs. */
const sending = (async () => {
  for (let nth = 0; !stopped && nth < envelopes.length; nth++) {
    const url = devnet.rpcUrl((nth % 50) % count);
    if (url) {
      try {
        await ask(url, 'aios_sendTransaction', [`0x${hexOf(envelopes[nth] as Uint8Array)}`]);
        submitted += 1;
      } catch {
        // It has just been killed, or the one before was lost with it.
      }
    }
    await wait(20);
  }
})();

try {
  await until('the first final block', 60, async () => (await finalIndex(devnet.rpcUrl(0) as string)) > 2);
  const started = performance.now();
  for (let kill = 1; kill <= kills; kill++) {
    // One at a time mostly; now and then two, so that nothing becomes final for a while.
    const victims = new Set([
      Math.floor(random() * count),
      random() < 0.15 ? Math.floor(random() * count) : -1,
    ]);
    victims.delete(-1);
    await Promise.all([...victims].map((nth) => devnet.kill(nth)));
    await wait(random() * 1_500);
    for (const nth of victims) await devnet.startNode(nth);
    await wait(random() * 1_500);
    if (kill % 10 === 0)
      console.log(
        `${kill} of ${kills} kills, ${((performance.now() - started) / 1_000).toFixed(0)} s, ${submitted} transactions`,
      );
  }
  stopped = true;
  await sending;
  const urls = nodes.map((_, nth) => devnet.rpcUrl(nth) as string);
  const target = Math.max(
    ...(await Promise.all(urls.map(async (url) => Number((await blockAt(url, 'latest')).number)))),
  );
  const seconds = await until(`block ${target} final everywhere`, 120, async () =>
    (await Promise.all(urls.map(finalIndex))).every((index) => index >= target),
  );
  const common = Math.min(...(await Promise.all(urls.map(finalIndex))));
  const blocks = await Promise.all(urls.map((url) => blockAt(url, common)));
  const isOne = new Set(blocks.map(({ hash, stateRoot }) => `${hash} ${stateRoot}`)).size === 1;
  const doubles = (await Promise.all(nodes.map((node) => contradictions(node.folder)))).flat();
  console.log(
    `${kills} kills of ${count} processes: block ${common} final on all ${seconds.toFixed(1)} s after the last, ${isOne ? `the same everywhere (state ${blocks[0]?.stateRoot})` : `DIFFERENT: ${JSON.stringify(blocks)}`}; ${doubles.length} contradictions in what was signed (goal 0); ${unforeseen.length} processes ended by themselves (goal 0) ${unforeseen.join('; ')}`,
  );
  if (!isOne || doubles.length > 0 || unforeseen.length > 0) process.exitCode = 1;
} finally {
  stopped = true;
  await devnet.close();
  await rm(folder, { recursive: true, force: true });
}

/** In the journal of a validator, which has every vote and proposal that it ever signed. */
async function contradictions(of: string): Promise<string[]> {
  const lines = (await readFile(chainFolder(of).journal, 'utf8')).split('\n').filter((line) => line !== '');
  const records = lines.map((line) => JSON.parse(line.slice(line.indexOf(' ') + 1)) as SigningRecord);
  const votes = records.flatMap((record) => (record.kind === 'vote' ? [{ ...record, validator: of }] : []));
  const found: string[] = [];
  for (const [nth, vote] of votes.entries())
    for (const other of votes.slice(Math.max(0, nth - 200), nth))
      if (contradictionOf(other, vote)) found.push(`epoch ${vote.target.epoch}`);
  const proposals = new Map<number, string>();
  for (const record of records) {
    if (record.kind !== 'proposal') continue;
    const known = proposals.get(record.round);
    if (known !== undefined && known !== record.block) found.push(`round ${record.round}`);
    proposals.set(record.round, record.block);
  }
  return found;
}
