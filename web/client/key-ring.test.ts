import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { base58, createKey, keyFrom, sign } from './key-ring.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('base58', () => {
  // Vectors of Bitcoin Core (src/test/data/base58_encode_decode.json).
  it.each([
    ['', ''],
    ['61', '2g'],
    ['626262', 'a3gV'],
    ['73696d706c792061206c6f6e6720737472696e67', '2cFupjhnEsSn59qHXstmK2ffpLv2'],
    ['00eb15231dfceb60925886b67d065299925915aeb172c06647', '1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L'],
    ['00000000000000000000', '1111111111'],
  ])('%s', (bytes, text) => expect(base58(hex(bytes))).toBe(text));
});

describe('DID keys', () => {
  // RFC 8032, section 7.1, test 1.
  const secret = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
  const publicKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

  it('names a key by its public half', () => {
    expect(keyFrom(`0x${secret}`).did).toBe(`did:aios:${base58(hex(publicKey))}`);
  });

  it('signs what another implementation verifies', () => {
    const key = keyFrom(secret);
    const signature = hex(sign(key, 'AiOS · challenge').slice(2));
    const der = Buffer.concat([hex('302a300506032b6570032100'), hex(publicKey)]);
    const verifier = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('AiOS · challenge'), verifier, signature)).toBe(true);
    expect(verify(null, Buffer.from('AiOS · Challenge'), verifier, signature)).toBe(false);
  });

  it('makes another key each time, and refuses what is none', () => {
    expect(createKey().did).not.toBe(createKey().did);
    expect(() => keyFrom('0x1234')).toThrow('64 hexadecimal digits');
  });
});
