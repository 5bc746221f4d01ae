import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
// @ts-expect-error plain JavaScript, shared with the script that builds the fixtures
import { HASH_FILE, sourceHash } from './fixtures/source-hash.mjs';

// Compiling them again takes graph-cli minutes on a busy machine; the digest of what they were compiled from says as much.
test.each(['token', 'probe', 'swaps', 'files', 'composed'])(
  'the committed modules of %s were built from the committed sources',
  (name) => {
    const folder = join(packageRoot, 'indexer/mapping/fixtures', name);
    const built = readFileSync(join(folder, HASH_FILE), 'utf8').trim();
    expect(sourceHash(folder), 'run node indexer/mapping/fixtures/build.mjs').toBe(built);
  },
);
