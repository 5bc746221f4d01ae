// graph-node's own test subgraphs, built elsewhere: GRAPH_NODE_SUITE names a folder of their builds (api-version-0.0.7, derived-loaders,
// host-exports, …). What graph-node's runner and integration tests assert of them is asserted here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AbiCoder, id as keccakText } from 'ethers';
import { describe, expect, test } from 'vitest';
import type { BlockHeader, BlockOutcome, Hex, Log } from '#indexer/model.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph } from '../manifest/manifest.ts';
import { BlockRunner } from './block-runner.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { header, transaction } from './testing/synthetic-chain.ts';

const folder = process.env.GRAPH_NODE_SUITE ?? '';
const coder = AbiCoder.defaultAbiCoder();

/** Answers the overloads of one function by their selectors. */
class Chain extends MemoryStore {
  override call(_: BlockHeader, __: Hex, data: Hex): Hex | null {
    const overloads: Readonly<Record<string, Hex>> = {
      [selector('exampleFunction(bytes32)')]: coder.encode(['uint256'], [256]) as Hex,
      [selector('exampleFunction(string)')]: coder.encode(['string'], ['string -> string']) as Hex,
      [selector('exampleFunction(uint256)')]: coder.encode(['string'], ['uint256 -> string']) as Hex,
    };
    return overloads[data.slice(0, 10)] ?? null;
  }
}

const selector = (signature: string) => keccakText(signature).slice(0, 10);

class Suite {
  readonly store: Chain;
  readonly #subgraph: LoadedSubgraph;
  readonly #runner: BlockRunner;

  constructor(subgraph: LoadedSubgraph) {
    this.#subgraph = subgraph;
    this.store = new Chain(subgraph.schema);
    this.#runner = new BlockRunner(subgraph, this.store);
  }

  static async load(name: string): Promise<Suite> {
    return new Suite(await loadDeployment(join(folder, name)));
  }

  /** One block with an event for each argument of the subgraph's only event handler. */
  run(number: number, ...values: readonly (string | number)[]): BlockOutcome {
    const [source] = this.#subgraph.dataSources;
    const [handler] = source?.mapping.eventHandlers ?? [];
    const made = transaction(number, 0);
    const types = (handler?.abi.inputs ?? []).map(({ type }) => type);
    const logs = values.map(
      (value, logIndex): Log => ({
        address: source?.address ?? `0x${'11'.repeat(20)}`,
        topics: [handler?.topic0 as Hex],
        data: coder.encode(
          types,
          types.map((type) => (type === 'string' ? String(value) : value)),
        ) as Hex,
        blockHash: header(number).hash,
        blockNumber: number,
        transactionHash: made.hash,
        transactionIndex: 0,
        logIndex,
      }),
    );
    const outcome = this.#runner.run({
      header: header(number),
      transactions: new Map([[made.hash, made]]),
      receipts: new Map(),
      calls: new Map(),
      triggers: logs.map((log) => ({
        kind: 'event',
        dataSource: 0,
        handler: handler?.handler ?? '',
        log,
        receipt: false,
      })),
    } as unknown as Parameters<BlockRunner['run']>[0]);
    this.store.apply(outcome);
    return outcome;
  }
}

const has = (name: string) => existsSync(join(folder, name));

describe.skipIf(folder === '')('graph-node’s test subgraphs', () => {
  test.skipIf(!has('api-version-0.0.7'))('before 0.0.8 undeclared fields are dropped', async () => {
    const suite = await Suite.load('api-version-0.0.7');
    expect(suite.run(1, '0.0.7').failure).toBeUndefined();
    expect(suite.store.all('TestResult')).toEqual([{ id: '0.0.7', message: '0.0.7' }]);
  });

  test.skipIf(!has('api-version-0.0.8'))('since 0.0.8 undeclared fields fail', async () => {
    const suite = await Suite.load('api-version-0.0.8');
    expect(suite.run(1, '0.0.8').failure?.message).toContain(
      'Attempted to set undefined fields [invalid_field] for the entity type `TestResult`. Make sure those fields are defined in the schema.',
    );
  });

  test.skipIf(!has('derived-loaders'))('derived fields load what handlers did in flight', async () => {
    const suite = await Suite.load('derived-loaders');
    expect(suite.run(1, '1_0', '1_0', '1_1').failure).toBeUndefined();
    expect(suite.run(2, '2_0').failure).toBeUndefined();
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    const resultOf = (id: string) => suite.store.get('TestResult', id);
    expect(resultOf('1_0')).toMatchObject({
      barDerived: ['0_1_0', '1_1_0', '2_1_0'],
      bBarDerived: ['0_1_0', '1_1_0', '2_1_0'].map(bytes),
    });
    expect(resultOf('1_1')).toMatchObject({
      barDerived: ['0_1_1', '2_1_1'],
      bBarDerived: ['0_1_1', '2_1_1'].map(bytes),
    });
    expect(resultOf('2_0')).toMatchObject({ barDerived: ['0_2_0'], bBarDerived: [bytes('0_2_0')] });
    expect(suite.store.get('BarTestResult', '0_1_1')).toMatchObject({ value: 1n, value2: 0n });
    expect(suite.store.get('BBarTestResult', bytes('0_2_0'))).toMatchObject({ value: 2n, value2: 0n });
  });

  test.skipIf(!has('host-exports'))('its assertions about decimals and ABI encoding hold', async () => {
    const suite = await Suite.load('host-exports');
    expect(suite.run(1, 1).failure).toBeUndefined();
  });

  test.skipIf(!has('value-roundtrip'))('null characters are stripped', async () => {
    const suite = await Suite.load('value-roundtrip');
    expect(suite.run(1, 1).failure).toBeUndefined();
    expect(suite.store.all('Foo')).toEqual([{ id: '0', value: 'bla' }]);
  });

  test.skipIf(!has('overloaded-functions'))('every overload of a function is called', async () => {
    const suite = await Suite.load('overloaded-functions');
    expect(suite.run(1, 1).failure).toBeUndefined();
    expect(suite.store.all('Call')).toEqual([
      { id: 'bytes32 -> uint256', value: '256' },
      { id: 'string -> string', value: 'string -> string' },
      { id: 'uint256 -> string', value: 'uint256 -> string' },
    ]);
  });
});
