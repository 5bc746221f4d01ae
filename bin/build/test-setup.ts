// Global set-up of the tests: builds the bundled entries that worker threads need and starts one PostgreSQL for all.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageRoot } from '../../node/platform/package-root.ts';
import { EmbeddedPostgres } from '../../node/platform/postgres/embedded-postgres.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [join(packageRoot, 'bin/build/build.mjs'), '--only=entries,subgraphs'], {
    stdio: 'inherit',
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'aios-test-'));
  chmodSync(dataDir, 0o755);
  const postgres = new EmbeddedPostgres({
    dataDir,
    durable: false,
    sharedBuffersMb: 128,
    maxConnections: 200,
  });
  await postgres.start();
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
