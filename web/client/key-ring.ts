// The viewer's own key: an ed25519 key made in the browser and kept in its storage, named by the DID
// `did:aios:<base58btc(public key)>`. The secret never leaves the browser except when its owner copies it.
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes } from '@noble/curves/utils.js';

const STORAGE_KEY = 'aios.key';
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export interface DidKey {
  readonly did: string;
  /** 32 bytes of hex; the whole secret. */
  readonly secret: string;
}

/** Base58 in Bitcoin's alphabet: leading zero bytes become leading ones. */
export function base58(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  let text = '';
  for (; value > 0n; value /= 58n) text = ALPHABET[Number(value % 58n)] + text;
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = `1${text}`;
  }
  return text;
}

/** The key of a secret: 64 hex digits, `0x` or not. Throws when it is anything else. */
export function keyFrom(secret: string): DidKey {
  const hex = secret.trim().replace(/^0x/i, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error('A key is 64 hexadecimal digits.');
  return { secret: hex, did: `did:aios:${base58(ed25519.getPublicKey(hexToBytes(hex)))}` };
}

export function createKey(): DidKey {
  return keyFrom(bytesToHex(ed25519.utils.randomSecretKey()));
}

/** The key kept in this browser, or null. */
export function storedKey(): DidKey | null {
  try {
    const secret = localStorage.getItem(STORAGE_KEY);
    return secret ? keyFrom(secret) : null;
  } catch {
    return null;
  }
}

export function storeKey(key: DidKey): void {
  localStorage.setItem(STORAGE_KEY, key.secret);
}

/** Ed25519 signature over the UTF-8 bytes of `message`, as lower-case 0x hex. */
export function sign(key: DidKey, message: string): string {
  return `0x${bytesToHex(ed25519.sign(new TextEncoder().encode(message), hexToBytes(key.secret)))}`;
}
