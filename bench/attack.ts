// Lets one validator of a devnet break the rules, and looks at what it loses.
//   npm run attack -- equivocate|double-vote|surround|wrong-root|downtime [--validators 4]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MISCONDUCTS } from '#node/chain/engine/misconduct.ts';
import { DevnetProcesses } from '#node/chain/process/devnet.ts';
import { initDevnet } from '#node/chain/process/init-chain.ts';
import { systemTopics } from '#node/chain/rpc/system-events.ts';
import { ask, finalIndex, until } from './chain/node-rpc.ts';

const { positionals, values } = parseArgs({
  options: { validators: { type: 'string', default: '4' } },
  allowPositionals: true,
  args: process.argv.slice(3),
});
const attacks = [...MISCONDUCTS, 'downtime'];
const [attack = ''] = positionals;
if (!attacks.includes(attack)) {
  console.error(`Name one attack: ${attacks.join(', ')}.`);
  process.exit(2);
}

interface Validator {
  readonly address: string;
  readonly pool: string;
  readonly active: boolean;
  readonly missed: number;
}

const count = Number(values.validators);
const folder = await mkdtemp(join(tmpdir(), 'aios-attack-'));
// A window of 40 epochs instead of 1,024, so that the trial takes minutes and not half an hour.
const nodes = await initDevnet({ folder, validators: count, parameters: { dutyEpochs: 40 } });
const culprit = count - 1;
const devnet = await DevnetProcesses.start({
  ...{ nodes, logLevel: 'warn' },
  misconduct: new Map(attack === 'downtime' ? [] : [[culprit, attack]]),
});
try {
  const url = devnet.rpcUrl(0) as string;
  const validators = () => ask<readonly Validator[]>(url, 'aios_getValidators');
  const pool = async (nth: number) => {
    const found = (await validators()).find(({ address }) => address === `0x${nodes[nth]?.address}`);
    return BigInt(found?.pool ?? 0);
  };
  await until('the first final block', 60, async () => (await finalIndex(url)) > 2);
  const before = await Promise.all(nodes.map((_, nth) => pool(nth)));
  if (attack === 'downtime') await devnet.kill(culprit);
  const seconds = await until(
    'the stake is cut',
    180,
    async () => (await pool(culprit)) < (before[culprit] as bigint),
  );
  await until('the cut is final', 60, async () => {
    const latest = await slashes(url, 'finalized');
    return latest.length > 0;
  });
  const after = await Promise.all(nodes.map((_, nth) => pool(nth)));
  const cut = 1 - Number(after[culprit]) / Number(before[culprit]);
  const expected = attack === 'downtime' ? 0.01 : 1;
  const harmed = after.flatMap((stake, nth) =>
    nth !== culprit && stake < (before[nth] as bigint) ? [nth] : [],
  );
  const found = await slashes(url, 'finalized');
  // Rewards of the meantime go to the pool before it is cut by one in a hundred.
  const isRight = Math.abs(cut - expected) < 0.0005;
  console.log(
    `${attack}: ${(cut * 100).toFixed(3)}% cut after ${seconds.toFixed(1)} s (goal ${expected * 100}%), ${found.length} slash on chain (${found.map(({ topics }) => topics.length).join()} topics), ${harmed.length} honest validators lost anything (goal 0)`,
  );
  if (!isRight || harmed.length > 0 || found.length !== 1) process.exitCode = 1;
} finally {
  await devnet.close();
  await rm(folder, { recursive: true, force: true });
}

function slashes(url: string, toBlock: string): Promise<readonly { topics: readonly string[] }[]> {
  return ask(url, 'eth_getLogs', [{ fromBlock: '0x0', toBlock, topics: [[systemTopics.slashed]] }]);
}
