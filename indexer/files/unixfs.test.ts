// Identifiers, paths and files against the libraries of IPFS itself, and against what nobody honest would make.
import { describe, expect, it } from 'vitest';
import { readCar } from './car.ts';
import { type Cid, cidKey, cidOf, DAG_PB, formatCid, names, parseCid, RAW } from './cid.ts';
import { parseContentPath, showContentPath } from './content-path.ts';
import { car } from './testing/test-gateway.ts';
import { type BlockReader, type FileBlock, fileBlocks, readFile } from './unixfs.ts';

const reader = (blocks: readonly FileBlock[]): BlockReader => {
  const byKey = new Map(blocks.map((block) => [cidKey(block.cid), block.bytes]));
  return async (cid) => byKey.get(cidKey(cid)) ?? null;
};
const rootOf = (blocks: readonly FileBlock[]): Cid => (blocks.at(-1) as FileBlock).cid;
const bytes = (length: number) => new Uint8Array(length).map((_, index) => (index * 31) % 251);

describe('identifiers', () => {
  it.each([
    'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o',
    'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
    'bafybeibwzifw52ttrkqlikfzext5akxu7lz4xiwjgwzmqcpdzmp3n5vnbe',
    'zdj7WWeQ43G6JJvLWQWZpyHuAMq6uYWRjkBXFad11vE2LHhQ7',
    'k2jmtxvmrtxuxgqgixbu3qyjqvmzr8a4f7yfy7u5f7wzzk1lzkfsxxxx',
    'f01701220c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a',
    'not a cid',
    'Qm',
    'bafy',
    'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff50',
  ])('reads %s as the library does', async (text) => {
    const { CID } = await import('multiformats/cid');
    const { base16 } = await import('multiformats/bases/base16');
    const { base36 } = await import('multiformats/bases/base36');
    const base = text.startsWith('f') ? base16 : text.startsWith('k') ? base36 : undefined;
    let expected: string | null = null;
    try {
      expected = CID.parse(text, base as never).toString();
    } catch {
      expected = null;
    }
    const cid = parseCid(text);
    expect(cid && formatCid(cid)).toBe(expected);
  });

  it('knows the bytes that an identifier names, by every hash it checks', async () => {
    const content = new TextEncoder().encode('hello world\n');
    const cid = cidOf(content, RAW, 1);
    expect(names(cid, content)).toBe(true);
    expect(names(cid, new TextEncoder().encode('hello world'))).toBe(false);
    expect(names({ ...cid, hashCode: 0x11 }, content)).toBe(false);
  });

  it.each([
    [
      'ipfs://QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o',
      'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o',
    ],
    [
      '/ipfs/QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o/a/b.json',
      'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o/a/b.json',
    ],
    [
      'https://ipfs.io/ipfs/QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o/x',
      'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o/x',
    ],
    [
      'http://127.0.0.1/api/v0/cat?arg=QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o',
      'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o',
    ],
    [' QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o/ ', 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'],
    ['QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o/a?b', null],
    ['https://example.org/picture.png', null],
    ['', null],
  ])('reads the path %s', (text, shown) => {
    const path = parseContentPath(text);
    expect(path && showContentPath(path)).toBe(shown);
  });
});

describe('files', () => {
  it.each([0, 1, 262_144, 262_145, 262_144 * 176 + 5])(
    'of %i bytes come back as they went in',
    async (length) => {
      const content = Buffer.alloc(length, 'the bytes of a file, over and over');
      for (const version of [0, 1] as const) {
        const blocks = fileBlocks(content, version);
        expect(blocks.every(({ cid, bytes: block }) => names(cid, block))).toBe(true);
        const found = await readFile({ cid: rootOf(blocks), names: [] }, reader(blocks), 64 << 20);
        expect(Buffer.compare(found ?? Buffer.alloc(0), content)).toBe(0);
      }
    },
  );

  it('of version 1 have the identifiers that kubo gives them', () => {
    // ipfs add --cid-version=1 of "hello world\n", and of 300,000 zeros as ipfs-unixfs-importer makes them.
    const small = fileBlocks(new TextEncoder().encode('hello world\n'), 1);
    expect(formatCid(rootOf(small))).toBe('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4');
  });

  it('lie in directories, by name', async () => {
    const { UnixFS } = await import('ipfs-unixfs');
    const dagPb = await import('@ipld/dag-pb');
    const { CID } = await import('multiformats/cid');
    const blocks = fileBlocks(new TextEncoder().encode('inside'));
    const link = { Name: 'a b.txt', Tsize: 14, Hash: CID.parse(formatCid(rootOf(blocks))) };
    const block = dagPb.encode({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: [link] } as never);
    const directory = { cid: cidOf(block, DAG_PB, 1), bytes: block };
    const read = reader([...blocks, directory]);
    const found = await readFile({ cid: directory.cid, names: ['a b.txt'] }, read, 100);
    expect(new TextDecoder().decode(found ?? undefined)).toBe('inside');
    await expect(readFile({ cid: directory.cid, names: ['c'] }, read, 100)).rejects.toThrow('has no entry c');
    await expect(readFile({ cid: directory.cid, names: [] }, read, 100)).rejects.toThrow(
      'is a directory, not a file',
    );
  });

  it('that are too large, incomplete or no files are refused by name', async () => {
    const blocks = fileBlocks(bytes(600_000));
    const path = { cid: rootOf(blocks), names: [] };
    await expect(readFile(path, reader(blocks), 599_999)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(await readFile(path, reader(blocks.slice(1)), 1 << 20)).toBeNull();
    const noise = new TextEncoder().encode('\u0001\u0002 not dag-pb');
    const fake = { cid: cidOf(noise, DAG_PB, 0), bytes: noise };
    await expect(readFile({ cid: fake.cid, names: [] }, reader([fake]), 100)).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
    });
    const cbor = { cid: cidOf(noise, 0x71, 1), bytes: noise };
    await expect(readFile({ cid: cbor.cid, names: [] }, reader([cbor]), 100)).rejects.toThrow('codec 0x71');
  });

  it('that are trees without bytes do not keep their reader for ever', async () => {
    // Each level refers to the one below 170 times: 170^6 empty leaves.
    const dagPb = await import('@ipld/dag-pb');
    const { UnixFS } = await import('ipfs-unixfs');
    const { CID } = await import('multiformats/cid');
    const blocks: FileBlock[] = [...fileBlocks(new Uint8Array())];
    for (let level = 0; level < 5; level += 1) {
      const Hash = CID.parse(formatCid(rootOf(blocks)));
      const Links = Array.from({ length: 170 }, () => ({ Name: '', Tsize: 1, Hash }));
      const block = dagPb.encode({ Data: new UnixFS({ type: 'file' }).marshal(), Links } as never);
      blocks.push({ cid: cidOf(block, DAG_PB, 0), bytes: block });
    }
    await expect(readFile({ cid: rootOf(blocks), names: [] }, reader(blocks), 100)).rejects.toThrow(
      'has no end',
    );
  });
});

describe('archives', () => {
  it('give their blocks, and say when they are cut', () => {
    const blocks = fileBlocks(bytes(600_000));
    const archive = car(blocks);
    expect([...readCar(archive)].map(({ cid }) => cidKey(cid))).toEqual(blocks.map(({ cid }) => cidKey(cid)));
    expect(() => [...readCar(archive.subarray(0, archive.length - 1))]).toThrow('ends within a block');
    expect(() => [...readCar(new Uint8Array([255, 255]))]).toThrow('has no header');
  });
});
