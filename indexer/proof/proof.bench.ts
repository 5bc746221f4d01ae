// What a proof of indexing costs the mapping thread: an ERC-20 Transfer with four sets, without, with the fast and with the legacy hash.
// Run: npx vitest bench --run indexer/proof (prints handlers per CPU-second of each)
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import { measureRunner } from '../mapping/testing/measure-runner.ts';

describe('ERC-20 transfers', async () => {
  const token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
  for (const proof of [null, 'fast', 'legacy'] as const) {
    bench(
      proof ?? 'without',
      () => {
        const blocks = proof === 'legacy' ? 20 : 300;
        const { perCpuSecond } = measureRunner(token, { blocks, transfersPerBlock: 100, proof });
        process.stdout.write(`${proof ?? 'without'}: ${Math.round(perCpuSecond)} handlers per CPU-second\n`);
      },
      { iterations: 3, warmupIterations: 1, time: 0, warmupTime: 0 },
    );
  }
});
