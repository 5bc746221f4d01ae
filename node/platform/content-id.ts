// Content identifiers of documents: CIDv1, codec raw, sha2-256, base32. The one form in which a document can be checked against its name.
import { createHash } from 'node:crypto';

// https://github.com/multiformats/cid: version 1, codec raw (0x55), multihash sha2-256 (0x12) of 32 bytes.
const prefix = Uint8Array.of(1, 0x55, 0x12, 32);

/** The content identifier of these bytes. */
export function contentIdOf(bytes: Uint8Array): string {
  return `b${base32(Buffer.concat([prefix, createHash('sha256').update(bytes).digest()]))}`;
}

/** The content identifier in what a chain writes down for a document, `CID` or `ipfs://CID`; null when it has not the form that can be here. */
export function contentIdIn(reference: string): string | null {
  const cid = reference.trim().replace(/^ipfs:\/\//, '');
  return /^b[a-z2-7]{58}$/.test(cid) ? cid : null;
}

/** RFC 4648, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(buffer << (5 - bits)) & 31];
  return text;
}
