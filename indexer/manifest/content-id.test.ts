import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { base58 } from '../files/base58.ts';
import { contentId } from './content-id.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('contentId', () => {
  test.each([
    ['', 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'],
    ['hello world', 'Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD'],
    ['hello world\n', 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'],
  ])('is what ipfs add prints for %j', (text, cid) => {
    expect(contentId(bytes(text))).toBe(cid);
  });

  test('agrees with the dag-pb and unixfs libraries on files of several chunks', async () => {
    const { UnixFS } = await import('ipfs-unixfs');
    const dagPb = await import('@ipld/dag-pb');
    const { CID } = await import('multiformats/cid');
    const digest = await import('multiformats/hashes/digest');
    const content = new Uint8Array(262_144 * 3 + 17).map((_, index) => (index * 31) % 251);
    const links = [];
    const parent = new UnixFS({ type: 'file' });
    const cidOf = (block: Uint8Array) =>
      CID.createV0(digest.create(0x12, createHash('sha256').update(block).digest()));
    for (let offset = 0; offset < content.length; offset += 262_144) {
      const chunk = content.subarray(offset, offset + 262_144);
      const block = dagPb.encode({ Data: new UnixFS({ type: 'file', data: chunk }).marshal(), Links: [] });
      links.push({ Name: '', Tsize: block.length, Hash: cidOf(block) });
      parent.addBlockSize(BigInt(chunk.length));
    }
    const root = dagPb.encode({ Data: parent.marshal(), Links: links } as never);
    expect(contentId(content)).toBe(cidOf(root).toString());
  });
});

test('base58 keeps leading zero bytes', () => {
  expect(base58(new Uint8Array([0, 0, 1]))).toBe('112');
  expect(base58(new Uint8Array())).toBe('');
});
