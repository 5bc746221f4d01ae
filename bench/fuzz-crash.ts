// kill -9 of the indexer or of PostgreSQL at random moments, without any manual step: the same final tables as a fresh index.
//   npm run fuzz:crash -- [--kills 50] [--seed 1]
import { parseArgs } from 'node:util';
import { fuzzCrash } from './fuzz/crash-run.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
  args: process.argv.slice(3),
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const { difference, blocks, reorgs, lines } = await fuzzCrash(seed, kills, (line) => console.log(line));
console.log(
  `seed ${seed}: ${kills} kills, ${blocks} blocks, ${reorgs} reorgs, ${lines} lines ${difference ? `DIFFER\n${difference}` : 'equal'}`,
);
process.exitCode = difference ? 1 : 0;
