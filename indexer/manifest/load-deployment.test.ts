import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { bindNetwork } from './bind-network.ts';
import { contentId } from './content-id.ts';
import { loadDeployment } from './load-deployment.ts';
import type { DataSource } from './manifest.ts';

const fixture = join(packageRoot, 'indexer/mapping/fixtures/token');
const scratch: string[] = [];
afterAll(() => {
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the built fixture with its manifest changed. */
function changed(change: (manifest: string) => string, from = fixture): string {
  const folder = mkdtempSync(join(tmpdir(), 'aios-manifest-'));
  scratch.push(folder);
  cpSync(join(from, 'build'), folder, { recursive: true });
  const file = join(folder, 'subgraph.yaml');
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
  return folder;
}

async function problemOf(folder: string): Promise<string> {
  const error = await loadDeployment(folder).then(
    () => new Error('it loaded'),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(AiosError);
  return error.message;
}

describe('loadDeployment', () => {
  test('reads a project folder, its build folder and the built manifest alike', async () => {
    const project = await loadDeployment(fixture);
    const build = await loadDeployment(join(fixture, 'build'));
    const file = await loadDeployment(join(fixture, 'build/subgraph.yaml'));
    expect(build).toEqual(project);
    expect(file).toEqual(project);
    expect(project).toMatchObject({
      specVersion: '1.2.0',
      apiVersion: '0.0.9',
      prune: 'never',
      templates: [],
    });
    expect([...project.schema.entities.keys()]).toEqual(['Token', 'Account', 'Transfer']);
    const [source] = project.dataSources;
    expect(source).toMatchObject({
      name: 'Token',
      network: 'mainnet',
      address: null,
      startBlock: 1,
      endBlock: null,
    });
    expect(source?.mapping.eventHandlers).toMatchObject([
      {
        // keccak256("Transfer(address,address,uint256)"), as on every explorer
        topic0: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
        handler: 'handleTransfer',
        receipt: false,
        abi: { name: 'Transfer' },
      },
    ]);
    expect(project.modules.get(source?.mapping.module ?? '')?.length).toBeGreaterThan(10_000);
  });

  test('the deployment id is the one graph-cli gives', async () => {
    const { default: Compiler } = await import(
      '../../node_modules/@graphprotocol/graph-cli/dist/compiler/index.js'
    );
    const { default: immutable } = await import('immutable');
    const outputDir = join(fixture, 'build');
    const compiler = Object.create(Compiler.prototype);
    Object.assign(compiler, {
      options: { outputDir },
      protocol: { name: 'ethereum', hasABIs: () => true },
      ipfs: {
        async *addAll([file]: { content: Uint8Array }[]) {
          yield { cid: contentId(file?.content ?? new Uint8Array()) };
        },
        pin: { add: async () => undefined },
      },
    });
    const manifest = immutable.fromJS(parse(readFileSync(join(outputDir, 'subgraph.yaml'), 'utf8')));
    expect((await loadDeployment(fixture)).id).toBe(await compiler.uploadSubgraphToIPFS(manifest));
  });

  test.each<[string, (manifest: string) => string, string]>([
    [
      'another kind',
      (text) => text.replace('kind: ethereum\n', 'kind: near\n'),
      'subgraph.yaml:6: dataSources[0].kind: data sources of kind near cannot run here: use ethereum',
    ],
    [
      'call handlers',
      (text) =>
        text.replace(
          '      eventHandlers',
          '      callHandlers:\n        - function: f()\n          handler: g\n      eventHandlers',
        ),
      'f() is not a function of the ABI that changes state',
    ],
    [
      'the call filter',
      (text) =>
        text.replace(
          '      eventHandlers',
          '      blockHandlers:\n        - handler: handleTransfer\n          filter:\n            kind: call\n      eventHandlers',
        ),
      'needs an address: call and block handlers belong to one contract',
    ],
    [
      'grafting',
      (text) => `${text}graft:\n  base: Qm\n  block: 1\n`,
      'graft: needs the feature: add "- grafting" to features',
    ],
    ['an API to come', (text) => text.replace('0.0.9', '0.0.10'), '0.0.10 is not supported'],
    [
      'an unknown spec version',
      (text) => text.replace('1.2.0', '1.5.0'),
      'subgraph.yaml:1: specVersion: 1.5.0 is not supported',
    ],
    [
      'a short address',
      (text) => text.replace('abi: ERC20', 'address: "0x12"\n      abi: ERC20'),
      'subgraph.yaml:10: dataSources[0].source.address: 0x12 is not an address',
    ],
    [
      'an ABI nobody has',
      (text) => text.replace('abi: ERC20', 'abi: ERC721'),
      'ERC721 is not among the ABIs',
    ],
    [
      'an event the ABI lacks',
      (text) => text.replace('Transfer(indexed', 'Transfers(indexed'),
      'use one of Transfer(indexed address,indexed address,uint256)',
    ],
    [
      'a missing file',
      (text) => text.replace('Token/Token.wasm', 'Token/Tokens.wasm'),
      'Token/Tokens.wasm cannot be read',
    ],
    [
      'source code',
      (text) => text.replace('Token/Token.wasm', './src/mapping.ts'),
      'is source code: run "graph build"',
    ],
    [
      'a wrong end block',
      (text) => text.replace('startBlock: 1', 'startBlock: 9\n      endBlock: 3'),
      '3 is before startBlock 9',
    ],
    [
      'topic filters too early',
      (text) =>
        text
          .replace('1.2.0', '1.1.0')
          .replace('handler: handle', 'topic1:\n            - "0x01"\n          handler: handle'),
      'topic1 needs specVersion 1.2.0',
    ],
    ['broken YAML', (text) => text.replace('dataSources:', 'dataSources: ['), 'correct the YAML syntax'],
  ])('refuses %s by name and line', async (_, change, message) => {
    const problem = await problemOf(changed(change));
    expect(problem).toContain(message);
    expect(problem).toMatch(/subgraph\.yaml:\d+: /);
  });

  test.each<[string, (manifest: string) => string, string]>([
    [
      'a handler the module lacks',
      (text) => text.replace('handler: handleTransfer', 'handler: handleTransfers'),
      'does not export the handler handleTransfers',
    ],
    ['a misspelt key', (text) => text.replace('startBlock', 'startblock'), 'unknown key, ignored'],
    [
      'a source without handlers',
      (text) => text.replace(/ {6}eventHandlers:[\s\S]*?(?=\n {6}file:|$)/, '      eventHandlers: []'),
      'has no handlers',
    ],
  ])('warns of %s, which graph-node accepts', async (_, change, message) => {
    const { warnings } = await loadDeployment(changed(change));
    expect(warnings).toHaveLength(1);
    expect(warnings?.[0]).toMatch(/subgraph\.yaml:\d+: /);
    expect(warnings?.[0]).toContain(message);
  });

  test('anchors, aliases and merged keys are what they stand for', async () => {
    const plain = await loadDeployment(fixture);
    const aliased = await loadDeployment(
      changed((text) =>
        text
          .replace('language: wasm/assemblyscript', 'language: &language wasm/assemblyscript')
          .replace('    network: mainnet', '    <<: *where')
          .replace(/^/, 'where: &where\n  network: mainnet\n'),
      ),
    );
    // Everything stands two lines further down.
    expect(movedUp(aliased.dataSources, 2)).toEqual(plain.dataSources);
  });

  test('a manifest as it stands on IPFS finds its files by their content ids', async () => {
    const plain = await loadDeployment(fixture);
    const folder = changed((text) => `${text}# linked\n`);
    const file = join(folder, 'subgraph.yaml');
    const linked = readFileSync(file, 'utf8').replace(/file: (\S+)/g, (_, path: string) => {
      const content = new Uint8Array(readFileSync(join(folder, path)));
      writeFileSync(join(folder, contentId(content)), content);
      return `file: { /: /ipfs/${contentId(content)} }`;
    });
    writeFileSync(file, linked);
    const loaded = await loadDeployment(folder);
    expect(loaded.id).toBe(contentId(new TextEncoder().encode(linked)));
    expect(loaded.dataSources).toEqual(plain.dataSources);
    expect([...loaded.modules.keys()]).toEqual([...plain.modules.keys()]);
  });

  test('topic filters and contexts are read', async () => {
    const loaded = await loadDeployment(
      changed((text) =>
        text
          .replace('handler: handle', 'topic1:\n            - "0xAb"\n          handler: handle')
          .replace(
            '    source:',
            '    context:\n      fee:\n        type: BigDecimal\n        data: "0.30"\n      name:\n        type: String\n        data: x\n      count:\n        type: Int8\n        data: 7\n    source:',
          ),
      ),
    );
    expect(loaded.dataSources[0]?.mapping.eventHandlers[0]?.topic1).toEqual([`0x${'ab'.padStart(64, '0')}`]);
    expect(loaded.dataSources[0]?.context).toEqual({
      fee: { digits: 3n, exp: -1 },
      name: 'x',
      count: { digits: 7n, exp: 0, long: 'Int8' },
    });
  });

  test('a folder without a manifest says what to do', async () => {
    expect(await problemOf(tmpdir())).toContain('"graph build"');
  });
});

test('bindNetwork changes where a subgraph runs, not what it is', async () => {
  const loaded = await loadDeployment(fixture);
  const bound = bindNetwork(loaded, {
    network: 'devnet',
    dataSources: { Token: { address: '0xABCDEF0000000000000000000000000000000001', startBlock: 7 } },
  });
  expect(bound.id).toBe(loaded.id);
  expect(bound.dataSources[0]).toMatchObject({
    network: 'devnet',
    address: '0xabcdef0000000000000000000000000000000001',
    startBlock: 7,
  });
  expect(() => bindNetwork(loaded, { network: 'devnet', dataSources: { Tokens: {} } })).toThrow(
    /no data source Tokens/,
  );
});

describe('call and block handlers', () => {
  const vault = join(packageRoot, 'indexer/mapping/fixtures/vault');
  const problem = (from: string, to: string) =>
    problemOf(changed((manifest) => manifest.replace(from, to), vault));

  test('call handlers name a function that changes state, with its selector', async () => {
    const { dataSources } = await loadDeployment(vault);
    expect(dataSources[0]?.mapping.callHandlers[0]).toMatchObject({
      function: 'deposit(uint256)',
      selector: '0xb6b55f25',
      handler: 'handleDeposit',
      line: expect.any(Number),
    });
    expect(await problem('function: ping(uint256)', 'function: total()')).toMatch(
      /:\d+: .*total\(\) is not a function of the ABI that changes state: use one of .*deposit\(uint256\)/,
    );
    expect(await problem('function: ping(uint256)', 'function: ping(uint)')).toContain('ping(uint)');
  });

  test('one block handler of a kind, none for every block beside a filtered one, and always an address', async () => {
    expect(await problem('kind: once', 'kind: call')).toContain('two block handlers of the kind "call"');
    expect(await problem('filter:\n            kind: once', 'x: 1')).toMatch(/beside a filtered one/);
    expect(await problem('address: "0x5FbDB2315678afecb367f032d93F642f64180aa3"\n', '\n')).toContain(
      'needs an address',
    );
    expect(await problem('kind: once', 'kind: never')).toContain('use call, once or polling');
  });
});

/** Data sources whose lines of the manifest are `by` less. */
function movedUp(sources: readonly DataSource[], by: number): DataSource[] {
  return sources.map((source) => ({
    ...source,
    mapping: {
      ...source.mapping,
      eventHandlers: source.mapping.eventHandlers.map((handler) => ({
        ...handler,
        line: (handler.line ?? 0) - by,
      })),
    },
  }));
}
