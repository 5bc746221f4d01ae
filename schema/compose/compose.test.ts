// Composition: the same text in any order, problems with fixes instead of exceptions, names that never merge.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { buildASTSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composeSupergraph, type SubgraphDefinition } from './compose-supergraph.ts';
import { isInProcessUrl } from './in-process-url.ts';
import { writeSupergraph } from './write-supergraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@shareable", "@external"])';
const directory: SubgraphDefinition = {
  name: 'directory',
  indexed: true,
  sdl: `${LINK} type Query { network(id: ID!): Network } type Network @key(fields: "id") { id: ID! name: String! } enum Order { asc desc }`,
};
const market: SubgraphDefinition = {
  name: 'market',
  indexed: true,
  sdl: `${LINK} type Query { sale(id: ID!): Sale } type Sale @key(fields: "id") { id: ID! } enum Order { asc desc }`,
};
const networks: SubgraphDefinition = {
  name: 'networks',
  url: 'http://127.0.0.1:4100/networks',
  sdl: `${LINK} type Query { mine: [Network!]! } type Network @key(fields: "id") { id: ID! site: String }`,
};

function problems(...subgraphs: SubgraphDefinition[]) {
  const result = composeSupergraph(subgraphs);
  return result.ok ? [] : result.problems;
}

describe('composeSupergraph', () => {
  it('gives the same text whatever the order of the subgraphs', () => {
    const all = [directory, market, networks];
    const expected = composeSupergraph(all);
    expect(expected.ok).toBe(true);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (shuffled) => {
        expect(composeSupergraph(shuffled)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  it('gives subgraphs without a URL one that cannot be reached', () => {
    const result = composeSupergraph([directory, networks]);
    if (!result.ok) throw new Error('must compose');
    buildASTSchema(parse(result.supergraphSdl), { assumeValidSDL: true });
    const urls = [...result.supergraphSdl.matchAll(/url: "([^"]+)"\)/g)].map(([, url]) => url ?? '');
    expect(urls.filter(isInProcessUrl)).toHaveLength(1);
    expect(urls).toContain(networks.url);
  });

  it('refuses a name that two indexed subgraphs define, but lets services extend it', () => {
    const clash = { ...market, sdl: market.sdl.replaceAll('Sale', 'Network').replace('sale(', 'network(') };
    expect(problems(directory, clash)).toMatchObject([
      {
        code: 'NAME_TAKEN',
        message: expect.stringContaining('"Query.network"'),
        fix: expect.stringContaining('alias'),
      },
      { code: 'NAME_TAKEN', subgraphs: ['directory', 'market'] },
    ]);
    expect(problems(directory, networks)).toEqual([]);
    const otherEnum = { ...market, sdl: market.sdl.replace('asc desc', 'up down') };
    expect(problems(directory, otherEnum)).toMatchObject([{ message: expect.stringContaining('"Order"') }]);
  });

  it('names the fix of what composition refuses, and of what does not parse', () => {
    const shared = { ...networks, sdl: networks.sdl.replace('site: String', 'name: String!') };
    expect(problems(directory, shared)).toMatchObject([
      { code: 'INVALID_FIELD_SHARING', fix: expect.stringContaining('@shareable') },
    ]);
    expect(problems(directory, { name: 'broken', sdl: 'type {' })).toMatchObject([
      { code: 'SDL_SYNTAX', subgraphs: ['broken'] },
    ]);
    expect(problems({ ...directory, name: 'a-b' }, { ...market, name: 'A_b' })).toMatchObject([
      { code: 'SUBGRAPH_NAME', fix: 'rename one of them' },
    ]);
  });
});

describe('writeSupergraph', () => {
  it('writes, then finds no drift; names what drifted and what is stale', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
    try {
      const options = { folder, subgraphs: [directory, market] };
      expect((await writeSupergraph(options)).drifted).toHaveLength(3);
      expect((await writeSupergraph({ ...options, check: true })).drifted).toEqual([]);
      await writeFile(join(folder, 'subgraphs/market.graphql'), 'type Query { edited: Int }');
      const check = await writeSupergraph({ folder, subgraphs: [market], check: true });
      expect(check.drifted).toEqual([
        'subgraphs/directory.graphql',
        'subgraphs/market.graphql',
        'supergraph.graphql',
      ]);
      expect(await readFile(join(folder, 'subgraphs/market.graphql'), 'utf8')).toContain('edited');
      await writeSupergraph({ folder, subgraphs: [market] });
      expect((await writeSupergraph({ folder, subgraphs: [market], check: true })).drifted).toEqual([]);
      await expect(
        writeSupergraph({ folder, subgraphs: [{ name: 'x', sdl: 'nonsense' }] }),
      ).rejects.toMatchObject({
        code: 'COMPOSITION_FAILED',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
