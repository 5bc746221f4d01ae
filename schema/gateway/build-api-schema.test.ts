// The API schema that is built in slices is the one that the router's runtime would have built at once.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filterInternalFieldsAndTypes } from '@graphql-tools/federation';
import { buildSchema, introspectionFromSchema, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { buildApiSchema } from './build-api-schema.ts';
import { compileSupergraph } from './compiled-supergraph.ts';

describe('buildApiSchema', () => {
  it('introspects as the whole supergraph without its machinery does', async () => {
    const supergraph = await readFile(join(packageRoot, 'schema/supergraph.graphql'), 'utf8');
    const compiled = compileSupergraph(supergraph);
    expect(compiled.apiPieces.length).toBeGreaterThan(5);
    const built = await buildApiSchema(compiled.apiPieces);
    const expected = filterInternalFieldsAndTypes(buildSchema(supergraph, { assumeValidSDL: true }));
    expect(printSchema(built)).toBe(printSchema(expected));
    const sorted = (schema: typeof built) => {
      const { types, ...rest } = introspectionFromSchema(schema).__schema;
      return { ...rest, types: [...types].sort((a, b) => (a.name < b.name ? -1 : 1)) };
    };
    expect(sorted(built)).toEqual(sorted(expected));
    // In pieces that are each a few milliseconds' work.
    const whole = compiled.apiPieces.reduce((sum, piece) => sum + piece.length, 0);
    expect(Math.max(...compiled.apiPieces.map((piece) => piece.length))).toBeLessThan(whole / 3);
  });
});
