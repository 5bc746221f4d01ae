// What manifests may and may not say of files and of subgraphs as data sources: each problem by its line.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from './load-deployment.ts';

const scratch = mkdtempSync(join(tmpdir(), 'aios-kinds-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function changed(fixture: string, change: (manifest: string) => string): string {
  const folder = mkdtempSync(join(scratch, 'build-'));
  cpSync(join(packageRoot, 'indexer/mapping/fixtures', fixture, 'build'), folder, { recursive: true });
  const file = join(folder, 'subgraph.yaml');
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
  return folder;
}

/** Line of the first one that holds the text, from 1. */
const lineOf = (folder: string, text: string): number =>
  readFileSync(join(folder, 'subgraph.yaml'), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

test.each<[string, string, (text: string) => string, string, string]>([
  [
    'files',
    'arweave',
    (text) => text.replace('file/ipfs', 'file/arweave'),
    'file/arweave',
    'Arweave is not read',
  ],
  [
    'files',
    'an old specVersion',
    (text) => text.replace('1.3.0', '0.0.6'),
    'file/ipfs',
    'needs specVersion 0.0.7',
  ],
  [
    'files',
    'no handler',
    (text) => text.replace(/ +handler: handleFile\n/, ''),
    'mapping:',
    'handler: is missing',
  ],
  [
    'files',
    'no entities',
    (text) => text.replace('- FileEntity', '- Unknown'),
    '- Unknown',
    'must list the entity types',
  ],
  [
    'files',
    'a file as a static data source',
    (text) => text.replace('ethereum/contract', 'file/ipfs'),
    'kind: file/ipfs',
    'write it under templates',
  ],
  [
    'composed',
    'a subgraph as a template',
    (text) => `${text}templates:\n  - kind: subgraph\n    name: T\n    network: devnet\n`,
    '  - kind: subgraph\n    name: T',
    'not a template',
  ],
  [
    'composed',
    'an old specVersion',
    (text) => text.replace('1.3.0', '1.2.0'),
    'kind: subgraph',
    'needs specVersion 1.3.0',
  ],
  [
    'composed',
    'no address',
    (text) => text.replace(/ +address: files\n/, ''),
    'source:',
    'address: is missing',
  ],
  [
    'composed',
    'two handlers of one entity',
    (text) => text.replace('entity: Stamp', 'entity: Order'),
    'handler: handleStamp',
    'Order has a handler already',
  ],
])('%s: %s is refused by line', async (fixture, _, change, at, message) => {
  const folder = changed(fixture, change);
  const error = await loadDeployment(folder).then(
    () => new Error('it loaded'),
    (thrown: Error) => thrown,
  );
  const complaint = error.message.split('\n').find((line) => line.includes(message));
  expect(complaint, error.message).toBeDefined();
  if (!at.includes('\n') && at !== 'mapping:')
    expect(Number(complaint?.split(':')[1])).toBeGreaterThanOrEqual(lineOf(folder, at) - 2);
});

test('both kinds load', async () => {
  const files = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/files'));
  expect(files.templates[0]).toMatchObject({
    name: 'File',
    file: 'ipfs',
    mapping: { fileHandler: 'handleFile', entities: ['FileEntity'] },
  });
  const composed = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/composed'));
  expect(composed.dataSources[0]).toMatchObject({
    subgraph: 'files',
    address: null,
    mapping: {
      entityHandlers: [
        { entity: 'Order', handler: 'handleOrder' },
        { entity: 'Stamp', handler: 'handleStamp' },
      ],
    },
  });
});
