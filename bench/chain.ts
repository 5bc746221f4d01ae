// What the chain can do. Prints cores, load, operations of each envelope, and says that every signature is verified by every validator.
//   npm run bench:chain -- --validators 1 --ops 1      the cost of each stage, in CPU seconds of all threads
//   npm run bench:chain -- --validators 4 --ops 16     processes of their own, until what is sent is final
//   npm run bench:chain -- --growth                    the same at 10K, 100K and 1M accounts
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { tellDevnet } from './chain/devnet-figures.ts';
import { devnetLoad } from './chain/devnet-load.ts';
import { type OneValidatorFigures, oneValidator } from './chain/one-validator.ts';

const { values } = parseArgs({
  options: {
    validators: { type: 'string', default: '1' },
    ops: { type: 'string', default: '1' },
    accounts: { type: 'string', default: '100000' },
    envelopes: { type: 'string' },
    rate: { type: 'string' },
    growth: { type: 'boolean', default: false },
  },
  args: process.argv.slice(3),
});
const operations = Number(values.ops);
const whole = (value: number) => Math.round(value).toLocaleString('en-US');
console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`);

if (values.growth) await growth();
else if (values.validators === '1') tell(await one(Number(values.accounts)), Number(values.accounts));
else {
  const options = {
    ...{ validators: Number(values.validators), operations, seconds: 30 },
    rate: Number(values.rate ?? Math.ceil(11_000 / operations)),
  };
  tellDevnet(options, await devnetLoad(options));
}

function one(accounts: number): Promise<OneValidatorFigures> {
  const rate = Number(values.rate ?? 8_000 / operations);
  return oneValidator({
    ...{ accounts, operations, rate },
    envelopes: Number(values.envelopes ?? rate * 10),
  });
}

function tell(figures: OneValidatorFigures, accounts: number): void {
  const { envelopes, cpuSeconds, seconds, idleCpuPerSecond, stages } = figures;
  const spent = cpuSeconds - idleCpuPerSecond * seconds;
  console.log(
    `1 validator, ${operations} operation${operations === 1 ? '' : 's'} an envelope, ${whole(accounts)} accounts, all signatures verified: ${whole(envelopes / cpuSeconds)} envelopes, ${whole(figures.operations / cpuSeconds)} operations per CPU second of all threads (goal 10,000); ${whole(envelopes / seconds)} envelopes a second`,
  );
  const each = (cpu: number) => `${((cpu * 1e6) / envelopes).toFixed(2)} µs`;
  console.log(
    `  all ${each(cpuSeconds)} an envelope, of which the chain alone would take ${each(idleCpuPerSecond * seconds)} and the load ${each(spent)}`,
  );
  for (const [stage, cpu] of stages) console.log(`  ${stage.padEnd(32)} ${each(cpu)}`);
}

async function growth(): Promise<void> {
  const costs: number[] = [];
  for (const accounts of [10_000, 100_000, 1_000_000]) {
    const figures = await one(accounts);
    tell(figures, accounts);
    costs.push(figures.cpuSeconds / figures.envelopes);
  }
  console.log(`most to least: ${(Math.max(...costs) / Math.min(...costs)).toFixed(2)} (goal at most 1.5)`);
}
