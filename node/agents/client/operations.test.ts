// The client's documents against the committed supergraph: a field that was renamed there is found here, not by users.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { OPERATIONS } from './operations.ts';

test('every document is valid against the supergraph', () => {
  const schema = buildSchema(readFileSync(join(packageRoot, 'schema/supergraph.graphql'), 'utf8'), {
    assumeValid: true,
  });
  for (const document of Object.values(OPERATIONS))
    expect(validate(schema, parse(document), specifiedRules)).toEqual([]);
});

test('a browser can load it: nothing of Node is in it, and it is small', async () => {
  const { outputFiles, warnings } = await build({
    entryPoints: [join(packageRoot, 'node/agents/client/index.ts')],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  expect(outputFiles[0]?.text).not.toMatch(/from ?"node:|require\("/);
  expect(outputFiles[0]?.contents.length).toBeLessThan(80_000);
});
