// Fails when the first route loads more JavaScript than a first visit may cost. Reads the manifest of `vite build web`.
// Counted: the entry, all it imports statically, and for every other page that page's own chunk; gzipped as served.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 180;
const dist = fileURLToPath(new URL('../dist/web/', import.meta.url));
const manifestFile = `${dist}.vite/manifest.json`;
if (!existsSync(manifestFile)) {
  console.error('check-size: dist/web is not built. Run `npx vite build web` first.');
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));

/** The chunk and everything it imports statically. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
}

const gzipped = (keys) =>
  [...keys].reduce(
    (sum, key) => sum + gzipSync(readFileSync(dist + manifest[key].file), { level: 9 }).length,
    0,
  );

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = closure(entry);
const firstBytes = gzipped(first);
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

console.log(`first route   ${kb(firstBytes)} gzipped JS in ${first.size} files (limit ${LIMIT_KB} KB)`);
for (const key of manifest[entry].dynamicImports ?? []) {
  const own = [...closure(key)].filter((one) => !first.has(one));
  console.log(`  + ${key.replace(/^.*\//, '').padEnd(26)} ${kb(gzipped(own))}`);
}
if (firstBytes > LIMIT_KB * 1000) {
  console.error(
    `check-size: the first route is ${kb(firstBytes - LIMIT_KB * 1000)} over its limit. Load something lazily.`,
  );
  process.exit(1);
}
