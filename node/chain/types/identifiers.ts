// How blocks and validators are named where they are compared, counted and logged: as text, which is ordered as the bytes are.
import { hash as digest } from 'node:crypto';

/** The hash of a block's header, 32 bytes as 64 lower-case hexadecimal digits. */
export type BlockId = string;
/** An address, 20 bytes as 40 lower-case hexadecimal digits. Validators go by that of the account that staked first. */
export type AddressHex = string;

export const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** A copy of its own, which is no view of a shared buffer. @param hex without 0x */
export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const utf8 = new TextEncoder();

/**
 * What a validator's BLS key signs for an object: SHA-256 over what kind of statement it is, which chain it is for, and the object's SSZ root.
 * A signature made for one kind or one chain is good for no other.
 * @param domain ends in a zero byte, so that none is the beginning of another
 * @param genesis id of the genesis block
 */
export function signingRoot(domain: `aios/${string}\0`, genesis: BlockId, root: Uint8Array): Uint8Array {
  return new Uint8Array(
    digest('sha256', Buffer.concat([utf8.encode(domain), bytesOf(genesis), root]), 'buffer'),
  );
}
