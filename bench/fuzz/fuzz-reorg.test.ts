// A short run of the reorganisation fuzzer; `npm run fuzz:reorg -- --seeds 100` is the long one.
import { expect, inject, it } from 'vitest';
import { createFuzzDatabase } from './databases.ts';
import { fuzzReorg } from './reorg-seed.ts';

it('deployments that lived through reorganisations and pruning equal fresh ones', {
  timeout: 180_000,
}, async () => {
  let databases = 0;
  const report = await fuzzReorg(100, () =>
    createFuzzDatabase(inject('postgresUrl'), `fuzz_reorg_${process.pid}_${++databases}`),
  );
  expect(report.difference).toBeUndefined();
  expect(report.reorgs).toBeGreaterThan(1);
  expect(report.prunedTo).toBeGreaterThan(0);
});
