// Handlers per CPU-second of the mapping runtime with a store in memory: an ERC-20 Transfer with 3 gets, 4 sets and a division.
// Run: npx vitest bench --run indexer/mapping/mapping.bench.ts (prints one line per variant)
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import { measureRunner } from './testing/measure-runner.ts';

describe('ERC-20 transfers', async () => {
  const token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
  bench(
    'handlers per CPU-second',
    () => {
      const { perCpuSecond, handlers } = measureRunner(token, { blocks: 300, transfersPerBlock: 100 });
      process.stdout.write(`${handlers} handlers: ${Math.round(perCpuSecond)} per CPU-second\n`);
    },
    { iterations: 3, warmupIterations: 1, time: 0, warmupTime: 0 },
  );
});
