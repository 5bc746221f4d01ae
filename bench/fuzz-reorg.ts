// Random chains with reorganisations up to the finality depth, dynamic data sources, aggregations and pruning: in the end every table and
// every proof of indexing is that of a fresh index. A line a seed; a seed that fails is run again by its number alone.
//   npm run fuzz:reorg -- [--seeds 100] [--from 1]
import { parseArgs } from 'node:util';
import { createFuzzDatabase, withServer } from './fuzz/databases.ts';
import { fuzzReorg } from './fuzz/reorg-seed.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
  args: process.argv.slice(3),
});
const first = Number(values.from);
const last = first + Number(values.seeds) - 1;
let failed = 0;
await withServer(false, async (server) => {
  let databases = 0;
  for (let seed = first; seed <= last; seed++) {
    const begun = performance.now();
    let line: string;
    try {
      const { difference, ...report } = await fuzzReorg(seed, () =>
        createFuzzDatabase(server.url, `fuzz_${++databases}`),
      );
      const { blocks, reorgs, deepest, finality, prunedTo, lines } = report;
      line =
        `${blocks} blocks, ${reorgs} reorgs (deepest ${deepest} of ${finality}), ` +
        `pruned to ${prunedTo}, ${lines} lines ${difference ? 'DIFFER' : 'equal'}`;
      if (difference) line += `\n${difference}`;
      if (difference) failed++;
    } catch (error) {
      failed++;
      line = `FAILED: ${error instanceof Error ? error.stack : String(error)}`;
    }
    console.log(`seed ${seed}: ${line} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  }
});
const seeds = last - first + 1;
console.log(
  failed === 0
    ? `all ${seeds} seeds equal`
    : `${failed} of ${seeds} seeds failed; run one again with --from SEED --seeds 1`,
);
process.exitCode = failed === 0 ? 0 : 1;
