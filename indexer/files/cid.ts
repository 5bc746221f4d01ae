// Content identifiers of IPFS (https://github.com/multiformats/cid): what they look like, and whether bytes are what one of them names.
import { createHash } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { BASE58, base58 } from './base58.ts';

/** Multicodecs of the blocks that files are made of. */
export const RAW = 0x55;
export const DAG_PB = 0x70;

const IDENTITY = 0x00;
const MAX_IDENTITY_BYTES = 128;

/** A content identifier. Two with the same `key` name the same bytes. */
export interface Cid {
  readonly version: 0 | 1;
  readonly codec: number;
  readonly hashCode: number;
  readonly digest: Uint8Array;
}

const sha = (name: string) => (bytes: Uint8Array) => new Uint8Array(createHash(name).update(bytes).digest());

/** Hash functions by multihash code, those without known collisions only. */
const HASHES: ReadonlyMap<number, (bytes: Uint8Array) => Uint8Array> = new Map([
  [IDENTITY, (bytes: Uint8Array) => bytes],
  [0x12, sha('sha256')],
  [0x13, sha('sha512')],
  [0x14, sha('sha3-512')],
  [0x15, sha('sha3-384')],
  [0x16, sha('sha3-256')],
  [0x17, sha('sha3-224')],
  [0x1b, (bytes: Uint8Array) => keccak_256(bytes)],
  [0xb220, (bytes: Uint8Array) => blake2b(bytes, { dkLen: 32 })],
  [0xb240, (bytes: Uint8Array) => blake2b(bytes, { dkLen: 64 })],
]);

/** Alphabets of multibase by prefix: bits a character, or 0 for the bases that are no power of two. */
const BASES: Readonly<Record<string, { readonly alphabet: string; readonly bits: number }>> = {
  b: { alphabet: 'abcdefghijklmnopqrstuvwxyz234567', bits: 5 },
  B: { alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', bits: 5 },
  f: { alphabet: '0123456789abcdef', bits: 4 },
  F: { alphabet: '0123456789ABCDEF', bits: 4 },
  k: { alphabet: '0123456789abcdefghijklmnopqrstuvwxyz', bits: 0 },
  m: { alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', bits: 6 },
  u: { alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', bits: 6 },
  z: { alphabet: BASE58, bits: 0 },
};

/** Longer than any identifier of the hashes above in any base. */
const MAX_TEXT = 300;

function decodeBase(text: string, { alphabet, bits }: { alphabet: string; bits: number }): Uint8Array | null {
  if (bits === 0) {
    let value = 0n;
    let zeros = 0;
    let leading = true;
    for (const character of text) {
      const digit = alphabet.indexOf(character);
      if (digit < 0) return null;
      if (leading && digit === 0) zeros += 1;
      else leading = false;
      value = value * BigInt(alphabet.length) + BigInt(digit);
    }
    const hex = value === 0n ? '' : value.toString(16);
    const body = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
    return new Uint8Array(Buffer.concat([Buffer.alloc(zeros), body]));
  }
  const bytes: number[] = [];
  let buffer = 0;
  let held = 0;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return null;
    buffer = ((buffer << bits) | digit) & 0xffff;
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes.push((buffer >> held) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

/** An unsigned varint at `at` and where it ends; null when there is none. */
export function readVarint(bytes: Uint8Array, at: number): readonly [value: number, next: number] | null {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return Number.isSafeInteger(value) ? [value, at + index + 1] : null;
  }
  return null;
}

function multihashAt(
  bytes: Uint8Array,
  at: number,
): { readonly hashCode: number; readonly digest: Uint8Array; readonly next: number } | null {
  const code = readVarint(bytes, at);
  const length = code && readVarint(bytes, code[1]);
  if (!code || !length || length[1] + length[0] > bytes.length) return null;
  return {
    hashCode: code[0],
    digest: bytes.slice(length[1], length[1] + length[0]),
    next: length[1] + length[0],
  };
}

/** A binary identifier at `at`, as links and archives carry it, and where it ends. */
export function cidAt(bytes: Uint8Array, at: number): readonly [cid: Cid, next: number] | null {
  // Version 0 is a bare sha2-256 multihash.
  if (bytes[at] === 0x12 && bytes[at + 1] === 0x20) {
    const hash = multihashAt(bytes, at);
    return hash && [{ version: 0, codec: DAG_PB, hashCode: hash.hashCode, digest: hash.digest }, hash.next];
  }
  const version = readVarint(bytes, at);
  const codec = version && version[0] === 1 ? readVarint(bytes, version[1]) : null;
  const hash = codec && multihashAt(bytes, codec[1]);
  return codec && hash
    ? [{ version: 1, codec: codec[0], hashCode: hash.hashCode, digest: hash.digest }, hash.next]
    : null;
}

/** Reads an identifier in any base; null when it is none. */
export function parseCid(text: string): Cid | null {
  if (text.length > MAX_TEXT) return null;
  const bytes = /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(text)
    ? decodeBase(text, BASES.z as { alphabet: string; bits: number })
    : decodeMultibase(text);
  const found = bytes && cidAt(bytes, 0);
  if (!found || found[1] !== bytes.length) return null;
  const [cid] = found;
  const hash = HASHES.get(cid.hashCode);
  if (hash && cid.hashCode !== IDENTITY && hash(new Uint8Array()).length !== cid.digest.length) return null;
  return cid.hashCode === IDENTITY && cid.digest.length > MAX_IDENTITY_BYTES ? null : cid;
}

function decodeMultibase(text: string): Uint8Array | null {
  const base = BASES[text[0] ?? ''];
  return base ? decodeBase(text.slice(1).replace(/=+$/, ''), base) : null;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

const multihash = ({ hashCode, digest }: Cid): Uint8Array =>
  Uint8Array.from([...varint(hashCode), ...varint(digest.length), ...digest]);

/** The identifier as IPFS prints it: version 0 in base58, version 1 in base32. */
export function formatCid(cid: Cid): string {
  if (cid.version === 0) return base58(multihash(cid));
  const bytes = Uint8Array.from([1, ...varint(cid.codec), ...multihash(cid)]);
  const { alphabet } = BASES.b as { alphabet: string };
  let text = 'b';
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += alphabet[(buffer >> held) & 31];
    }
  }
  return held > 0 ? text + alphabet[(buffer << (5 - held)) & 31] : text;
}

/** Names the bytes whatever version or codec the identifier has: hex of its multihash. */
export function cidKey(cid: Cid): string {
  return Buffer.from(multihash(cid)).toString('hex');
}

/** The identifier of a block that was hashed with sha2-256. */
export function cidOf(bytes: Uint8Array, codec: number, version: 0 | 1): Cid {
  return { version, codec, hashCode: 0x12, digest: sha('sha256')(bytes) };
}

/** The bytes that an identifier carries itself (identity hash); null when it names others. */
export function carriedBytes(cid: Cid): Uint8Array | null {
  return cid.hashCode === IDENTITY ? cid.digest : null;
}

/** Whether the identifier's hash function is one that can be checked here. */
export function isCheckable(cid: Cid): boolean {
  return HASHES.has(cid.hashCode);
}

/** Whether these bytes are the ones that the identifier names. */
export function names(cid: Cid, bytes: Uint8Array): boolean {
  const hash = HASHES.get(cid.hashCode);
  return hash !== undefined && Buffer.compare(hash(bytes), cid.digest) === 0;
}
