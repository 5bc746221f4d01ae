// graph-node and we index the same chain, reorganisations included, and are asked the same: every answer, byte for byte, the whole
// introspection, and proofs of indexing. Ends with 1 at the first difference and prints it.
//   npm run oracle -- [--seed 1] [--queries 500] [--blocks 60] [--only token] [--all]
import { parseArgs } from 'node:util';
import { runOracle } from './oracle/run-oracle.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    queries: { type: 'string', default: '500' },
    blocks: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    all: { type: 'boolean', default: false },
  },
  args: process.argv.slice(3),
});
process.exitCode = await runOracle({
  seed: Number(values.seed),
  queries: Number(values.queries),
  blocks: Number(values.blocks),
  only: values.only,
  all: values.all,
});
