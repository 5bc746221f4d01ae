// Builds what runs into dist/: the bundled entries (esbuild), the house subgraphs (graph-cli) and the web app (vite).
// Plain JavaScript because it runs before anything is bundled. `--only=entries,subgraphs,web` builds a part.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const wanted = (part) => !only || only.includes(part);

/** Every file that is started by itself: the command, worker threads, child processes. Output name → source. */
const entries = {
  'bin/aios': 'bin/aios.ts',
  'bin/check': 'bin/check/check.ts',
  'agent-host': 'node/agents/runtime/host/agent-host-process.ts',
  'agent-worker': 'node/agents/runtime/host/agent-worker.ts',
  'chain-node': 'node/chain/process/chain-process.ts',
  'chain-signatures': 'node/chain/crypto/ed25519-worker.ts',
  'chain-store': 'node/chain/store/lmdb-worker.ts',
  'indexer-io': 'indexer/indexer-io.ts',
  'mapping-worker': 'indexer/mapping/worker.ts',
  'prove-worker': 'circuits/prover/prove-worker.ts',
  'query-planner': 'schema/gateway/query-planner-worker.ts',
  'supergraph-compiler': 'schema/gateway/supergraph-compiler-worker.ts',
};

/** Entries that are copied away from dist/ and run alone there: one file each, without shared chunks. */
const standalone = {
  'python-child': 'node/agents/runtime/python/child.ts',
};

/** What other programs import, in Node or in a browser: one file that names no module of Node. Output name → source. */
const libraries = {
  client: 'node/agents/client/index.ts',
};

if (wanted('entries')) {
  await build({
    absWorkingDir: root,
    entryPoints: libraries,
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'neutral',
    target: 'es2022',
    format: 'esm',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  await build({
    absWorkingDir: root,
    entryPoints: standalone,
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
  });
  const present = Object.fromEntries(
    Object.entries(entries).filter(([, source]) => existsSync(join(root, source))),
  );
  if (!only) rmSync(join(root, 'dist/chunks'), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: present,
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
    keepNames: true,
    // Packages written for CommonJS that are bundled by accident would look for `require`; none is meant to be.
    define: { 'process.env.AIOS_BUNDLED': '"1"' },
  });
}

for (const [part, script] of [
  ['subgraphs', 'subgraphs/build.mjs'],
  ['web', 'web/build.mjs'],
]) {
  if (!wanted(part) || !existsSync(join(root, script))) continue;
  const { status } = spawnSync(process.execPath, [join(root, script)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
