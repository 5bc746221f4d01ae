import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseEntitySchema } from '../manifest/entity-schema.ts';
import { prepareTypes } from '../mapping/entity-types.ts';
import type { Value } from '../model.ts';
import { FastHash, FastState } from './fast-hash.ts';
import { FAST_HASH_SOURCES } from './fast-hash-module.ts';
import { LegacyState } from './legacy-hash.ts';
import { createEventStream, proofOfIndexing } from './proof-of-indexing.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Written by the Rust crates: all writes of a list go into one state, whose bytes (fast) or hash (legacy) are noted after each.
type Writes = readonly (readonly [readonly number[], number, string])[];
const vectors = JSON.parse(readFileSync(join(here, 'testing/stable-hash-vectors.json'), 'utf8')) as {
  fast: Writes;
  finish: string;
  legacy: Writes;
};
const data = Uint8Array.from({ length: 3_000 }, (_, index) => (Math.imul(index, 2_654_435_761) >>> 13) & 255);

test('the fast hash is the crate’s, for inputs of every length class', () => {
  const state = new FastState(new FastHash());
  for (const [path, length, expected] of vectors.fast) {
    state.write(path, data.subarray(0, length));
    expect(hex(state.toBytes()), `${path} ${length}`).toBe(expected);
  }
  expect(hex(state.finish().reverse())).toBe(vectors.finish);
});

test('the legacy hash is the crate’s', () => {
  const state = new LegacyState();
  for (const [path, length, expected] of vectors.legacy) {
    state.write(path, data.subarray(0, length));
    expect(hex(state.finish()), `${path} ${length}`).toBe(expected);
  }
});

test('the committed module was made from the committed sources', () => {
  const sources = createHash('sha256');
  for (const name of ['xxh3', 'fast-hash']) sources.update(readFileSync(join(here, `${name}.as`)));
  expect(sources.digest('hex'), 'run node indexer/proof/build.mjs').toBe(FAST_HASH_SOURCES);
});

// The cases of graph-node's own test of its proof of indexing.
interface Event {
  readonly type: string;
  readonly set?: Readonly<Record<string, Value>>;
}
const types = prepareTypes(
  parseEntitySchema('type User @entity { id: String!, val: Int, key: String, null: String }'),
);
const full = { type: 'type', set: { id: 'id', val: 1 } };
const withNull = { type: 'type', set: { id: 'id', key: 's', null: null } };
const only = (type: string) => ({ type, set: { id: 'id' } });
const removed = { type: 'type' };

interface Case {
  readonly name: string;
  readonly deployment: string;
  readonly block: number;
  readonly hash: number;
  readonly indexer: number | null;
  readonly regions: Readonly<Record<string, readonly (readonly Event[])[]>>;
  readonly fast: string;
  readonly legacy: string;
}

const cases: readonly Case[] = [
  {
    name: 'genesis',
    ...{ deployment: 'test', block: 0, hash: 1, indexer: null, regions: {} },
    fast: 'dced49c45eac68e8b3d8f857928e7be6c270f2db8b56b0d7f27ce725100bae01',
    legacy: '401e5bef572bc3a56b0ced0eb6cb4619d2ca748db6af8855828d16ff3446cfdd',
  },
  {
    name: 'one event',
    ...{ deployment: 'test', block: 1, hash: 1, indexer: 1, regions: { eth: [[], [only('t')]] } },
    fast: '8bb3373fb55e02bde3202bac0eeecf1bd9a676856a4dd6667bd809aceda41885',
    legacy: '96640d7a35405524bb21da8d86f7a51140634f44568cf9f7df439d0b2b01a435',
  },
  {
    name: 'several blocks',
    ...{ deployment: 'b', block: 4, hash: 3, indexer: 1 },
    regions: { eth: [[], [full], [], [only('type')], []] },
    fast: '8b0097ad96b21f7e4bd8dcc41985e6e5506b808f1185016ab1073dd8745238ce',
    legacy: 'a0346ee0d7e0518f73098b6f9dc020f1cf564fb88e09779abfdf5da736de5e82',
  },
  {
    name: 'two causality regions, a null and a removal',
    ...{ deployment: 'b', block: 4, hash: 3, indexer: 1 },
    regions: { eth: [[], [withNull], [], [removed], []], ipfs: [[], [full], [], [full], []] },
    fast: '2041af28678e68406247a5cfb5fe336947da75256c79b35c2f61fc7985091c0e',
    legacy: 'cc9449860e5b19b76aa39d6e05c5a560d1cb37a93d4bf64669feb47cfeb452fa',
  },
  {
    name: 'data',
    ...{ deployment: 'test', block: 1, hash: 1, indexer: 4, regions: { eth: [[], [full]] } },
    fast: '421ef30a03be64014b9eef2b999795dcabfc601368040df855635e7886eb3822',
    legacy: 'd304672a249293ee928d99d9cb0576403bdc4b6dbadeb49b98f527277297cdcc',
  },
];

test.each(['fast', 'legacy'] as const)('graph-node’s own cases, %s', (version) => {
  for (const { name, deployment, block, hash, indexer, regions, ...expected } of cases) {
    const states = Object.entries(regions).map(([region, blocks]) => {
      const stream = createEventStream(version);
      let state: Uint8Array | null = null;
      for (const [number, events] of blocks.entries()) {
        stream.beginBlock(number);
        for (const { type, set } of events) {
          const user = types.get('User');
          if (user === undefined) throw new Error('no type');
          if (set === undefined) stream.removeEntity(type, 'id');
          else
            stream.setEntity(
              typeNamed(type),
              'id',
              user.stored.map((field) => set[field.name]),
            );
        }
        // Pausing does not end a block.
        stream.pause(state);
        state = stream.pause(state);
      }
      return { name: region, state: state as Uint8Array };
    });
    const proof = proofOfIndexing({
      version,
      deployment,
      block: { number: block, hash: new Uint8Array(32).fill(hash) },
      indexer: indexer === null ? null : new Uint8Array(20).fill(indexer),
      regions: states,
    });
    expect(hex(proof), name).toBe(expected[version]);
  }
});

const named = new Map<string, ReturnType<typeof typeOf>>();
function typeOf(name: string) {
  const user = types.get('User');
  if (user === undefined) throw new Error('no type');
  return { ...user, name };
}
function typeNamed(name: string) {
  const known = named.get(name) ?? typeOf(name);
  named.set(name, known);
  return known;
}
