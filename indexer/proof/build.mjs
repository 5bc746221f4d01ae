// Compiles the fast hash from AssemblyScript to WebAssembly and writes it as fast-hash-module.ts.
// The sources are kept as .as so that no TypeScript tool mistakes them for its own.
// Usage: node indexer/proof/build.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const compiler = resolve(here, '../../node_modules/assemblyscript/bin/asc');
const folder = mkdtempSync(join(tmpdir(), 'aios-hash-'));
const sources = createHash('sha256');
try {
  for (const name of ['xxh3', 'fast-hash']) {
    copyFileSync(join(here, `${name}.as`), join(folder, `${name}.ts`));
    sources.update(readFileSync(join(here, `${name}.as`)));
  }
  const options = ['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
  execFileSync(process.execPath, [compiler, 'fast-hash.ts', '-b', 'hash.wasm', ...options], { cwd: folder });
  const text = readFileSync(join(folder, 'hash.wasm')).toString('base64');
  writeFileSync(
    join(here, 'fast-hash-module.ts'),
    '// Made by build.mjs from fast-hash.as and xxh3.as: do not edit, build it again.\n\n' +
      `/** SHA-256 of the sources it was made from. */\nexport const FAST_HASH_SOURCES = '${sources.digest('hex')}';\n\n` +
      `/** The WebAssembly module, base64. */\nexport const FAST_HASH_MODULE =\n  '${text}';\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
