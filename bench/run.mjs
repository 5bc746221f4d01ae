// Runs one benchmark: `node bench/run.mjs network-search [arguments]` bundles bench/network-search.ts and starts it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const name = process.argv[2] ?? '';
const source = join(root, 'bench', `${name}.ts`);
if (!/^[a-z0-9-]+$/.test(name) || !existsSync(source)) {
  console.error(`There is no bench/${name}.ts. Give the name of a file in bench/, without ".ts".`);
  process.exit(2);
}
const outfile = join(root, 'dist', 'bench', `${name}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [source],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
