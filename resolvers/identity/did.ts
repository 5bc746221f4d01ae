// Decentralised identifiers of the product: did:aios names an ed25519 key and resolves from itself; did:pkh names a chain address.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { decodeBase58, encodeBase58, getBytes, toBeHex } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';

/** Length of a raw ed25519 public key and of a signature, in bytes (RFC 8032). */
const keyBytes = 32;
const signatureBytes = 64;
/** Multicodec prefix of an ed25519 public key, for `publicKeyMultibase`. */
const ed25519Codec = Uint8Array.of(0xed, 0x01);

export interface VerificationMethod {
  readonly id: string;
  readonly type: string;
  readonly controller: string;
  readonly publicKeyMultibase?: string;
  readonly blockchainAccountId?: string;
}

/** A DID document (W3C DID Core 1.0), the part this product uses. */
export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly verificationMethod: readonly VerificationMethod[];
  readonly authentication: readonly string[];
  readonly assertionMethod: readonly string[];
  readonly alsoKnownAs?: readonly string[];
}

/** The DID of a raw ed25519 public key: `did:aios:<base58btc(key)>`. */
export function didOfKey(publicKey: Uint8Array): string {
  if (publicKey.length !== keyBytes) {
    throw new AiosError('INVALID_KEY', `An ed25519 public key has 32 bytes, this one ${publicKey.length}.`);
  }
  return `did:aios:${encodeBase58(publicKey)}`;
}

/**
 * The raw public key that a did:aios names.
 * @throws AiosError INVALID_DID when it is not one, is not 32 bytes, or is not spelled as `didOfKey` spells it.
 */
export function keyOfDid(did: string): Uint8Array {
  const match = /^did:aios:([1-9A-HJ-NP-Za-km-z]{32,44})$/.exec(did);
  if (match?.[1]) {
    const value = decodeBase58(match[1]);
    if (value < 1n << 256n) {
      const key = getBytes(toBeHex(value, keyBytes));
      if (didOfKey(key) === did) return key;
    }
  }
  throw new AiosError(
    'INVALID_DID',
    `${JSON.stringify(did.slice(0, 100))} is not a did:aios. Expected did:aios: followed by an ed25519 public key of 32 bytes in base58btc.`,
  );
}

/** Whether `signature` (64 bytes) is the ed25519 signature of exactly the UTF-8 bytes of `message` by the DID's key. */
export function verifyDidSignature(did: string, message: string, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false;
  const key = keyOfDid(did);
  try {
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') },
      format: 'jwk',
    });
    return verify(null, Buffer.from(message, 'utf8'), publicKey, signature);
  } catch {
    // The 32 bytes are not a point of the curve: nobody can sign for such a DID.
    return false;
  }
}

/** The DID of an address on a chain: did:pkh over CAIP-10. */
export function didOfAddress(chainId: number, address: string): string {
  return `did:pkh:${caip10(chainId, address)}`;
}

/** A chain address as CAIP-10 writes it, lower-case: `eip155:31337:0x…`. */
export function caip10(chainId: number, address: string): string {
  return `eip155:${chainId}:${address.toLowerCase()}`;
}

/** An address of the AiOS chain as CAIP-10 writes it: `aios:1051:0x…`. Its keys are ed25519, so that it is never an EVM address. */
export function dagCaip10(chainId: number, address: string): string {
  return `aios:${chainId}:${address.toLowerCase()}`;
}

/** The address that a did:aios's key has on the AiOS chain: the last 20 bytes of SHA-256 over a domain and the key. @throws AiosError INVALID_DID */
export function dagAddressOfDid(did: string): string {
  const hash = createHash('sha256').update('aios/address/ed25519\0').update(keyOfDid(did)).digest();
  return `0x${hash.subarray(12).toString('hex')}`;
}

/** The address inside a CAIP-10 account of the AiOS chain with this id, or null for anything else. */
export function dagAddressOf(chainId: number, account: string): string | null {
  const match = /^aios:(\d+):(0x[0-9a-f]{40})$/.exec(account);
  return match?.[2] !== undefined && Number(match[1]) === chainId ? match[2] : null;
}

/** The address inside an EVM CAIP-10 account or did:pkh, or null for anything else. */
export function addressOf(account: string): string | null {
  return /^(?:did:pkh:)?eip155:\d+:(0x[0-9a-f]{40})$/.exec(account)?.[1] ?? null;
}

/**
 * The document of a DID. Both methods resolve from the identifier alone; `alsoKnownAs` names linked accounts.
 * @throws AiosError INVALID_DID for another method or a malformed identifier.
 */
export function didDocument(did: string, alsoKnownAs: readonly string[] = []): DidDocument {
  const known = alsoKnownAs.length > 0 ? { alsoKnownAs } : {};
  if (did.startsWith('did:pkh:')) {
    const address = addressOf(did);
    if (!address) {
      throw new AiosError('INVALID_DID', `${did.slice(0, 100)} is not a did:pkh of an EVM account (eip155).`);
    }
    const id = `${did}#blockchainAccountId`;
    return {
      '@context': [
        'https://www.w3.org/ns/did/v1',
        'https://w3id.org/security/suites/secp256k1recovery-2020/v2',
      ],
      id: did,
      verificationMethod: [
        {
          id,
          type: 'EcdsaSecp256k1RecoveryMethod2020',
          controller: did,
          blockchainAccountId: did.slice('did:pkh:'.length),
        },
      ],
      authentication: [id],
      assertionMethod: [id],
      ...known,
    };
  }
  const key = keyOfDid(did);
  const multibase = `z${encodeBase58(Uint8Array.of(...ed25519Codec, ...key))}`;
  const id = `${did}#${multibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase: multibase }],
    authentication: [id],
    assertionMethod: [id],
    ...known,
  };
}
