import { join } from 'node:path';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { measureRunner } from '#indexer/mapping/testing/measure-runner.ts';
import { packageRoot } from '#node/platform/package-root.ts';

const token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
for (let i = 0; i < 2; i++)
  console.log(
    Math.round(
      measureRunner(token, { blocks: Number(process.argv[3] ?? 300), transfersPerBlock: 100 }).perCpuSecond,
    ),
  );
