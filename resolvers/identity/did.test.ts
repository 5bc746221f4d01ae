import { generateKeyPairSync } from 'node:crypto';
import { encodeBase58, getBytes } from 'ethers';
import { describe, expect, it } from 'vitest';
import { addressOf, didDocument, didOfAddress, didOfKey, keyOfDid, verifyDidSignature } from './did.ts';

// RFC 8032, section 7.1, test 2.
const rfc8032 = {
  key: getBytes('0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  message: 'r',
  signature: getBytes(
    '0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
};

describe('did:aios', () => {
  it('names a key and gives it back, leading zeros included', () => {
    for (let zeros = 0; zeros < 32; zeros += 3) {
      const key = new Uint8Array(32).fill(7);
      key.fill(0, 0, zeros);
      expect(keyOfDid(didOfKey(key))).toEqual(key);
    }
  });

  it('verifies the vector of RFC 8032 and refuses any change to it', () => {
    const did = didOfKey(rfc8032.key);
    expect(verifyDidSignature(did, rfc8032.message, rfc8032.signature)).toBe(true);
    expect(verifyDidSignature(did, 's', rfc8032.signature)).toBe(false);
    const bent = Uint8Array.from(rfc8032.signature);
    bent[40] = (bent[40] ?? 0) ^ 1;
    expect(verifyDidSignature(did, rfc8032.message, bent)).toBe(false);
    expect(verifyDidSignature(did, rfc8032.message, rfc8032.signature.subarray(1))).toBe(false);
  });

  it('accepts one spelling only, and only 32 bytes', () => {
    const key = encodeBase58(rfc8032.key);
    for (const bad of [
      '',
      'did:aios:',
      `did:key:${key}`,
      `did:aios:1${key}`,
      `did:aios:${key}#x`,
      `did:aios:${encodeBase58(rfc8032.key.subarray(1))}`,
      `did:aios:${encodeBase58(new Uint8Array(33).fill(255))}`,
      `did:aios:${key.replace(/.$/, '0')}`,
    ])
      expect(() => keyOfDid(bad), bad).toThrow(expect.objectContaining({ code: 'INVALID_DID' }));
  });

  it('resolves to a document of its own key', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const did = didOfKey(raw);
    const document = didDocument(did, ['did:pkh:x']);
    expect(document.id).toBe(did);
    expect(document.alsoKnownAs).toEqual(['did:pkh:x']);
    const [method] = document.verificationMethod;
    // Every did:key of ed25519 starts with z6Mk: the multicodec prefix is the right one.
    expect(method?.publicKeyMultibase).toMatch(/^z6Mk/);
    expect(method?.controller).toBe(did);
    expect(document.authentication).toEqual([method?.id]);
  });
});

describe('did:pkh', () => {
  it('names an address on a chain', () => {
    const did = didOfAddress(1, '0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    expect(did).toBe('did:pkh:eip155:1:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
    expect(addressOf(did)).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
    expect(didDocument(did).verificationMethod[0]?.blockchainAccountId).toBe(did.slice(8));
    expect(() => didDocument('did:pkh:eip155:1:0xF39F')).toThrow(/did:pkh/);
  });
});
