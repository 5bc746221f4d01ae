// A devnet of real processes under load: how long until what was sent is final, and whether all nodes agree.
//   npm run devnet -- [--validators 4] [--seconds 120] [--ops 16] [--rate 60]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { tellDevnet } from './chain/devnet-figures.ts';
import { devnetLoad } from './chain/devnet-load.ts';

const { values } = parseArgs({
  options: {
    validators: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '120' },
    ops: { type: 'string', default: '16' },
    rate: { type: 'string', default: '60' },
  },
  args: process.argv.slice(3),
});
const options = {
  validators: Number(values.validators),
  operations: Number(values.ops),
  rate: Number(values.rate),
  seconds: Number(values.seconds),
};
console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`);
const figures = await devnetLoad(options);
tellDevnet(options, figures);
if (new Set(figures.roots).size !== 1) process.exitCode = 1;
