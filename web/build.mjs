// Builds the web app into dist/web and compresses what compresses well, so that the server only picks a file.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const web = dirname(fileURLToPath(import.meta.url));
const output = join(web, '../dist/web');

await build({ configFile: join(web, 'vite.config.ts'), root: web, logLevel: 'warn' });

const compressible = /\.(?:js|css|html|svg|json|ttf|map)$/;
/** Below this, headers outweigh what compression saves. */
const smallest = 1_024;
for (const entry of readdirSync(output, { recursive: true })) {
  const file = join(output, String(entry));
  const { size } = statSync(file);
  if (!compressible.test(file) || file.endsWith('.map') || size < smallest) continue;
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  // Quality 11 takes seconds for a large chunk and saves a few per cent over 9.
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  );
}
