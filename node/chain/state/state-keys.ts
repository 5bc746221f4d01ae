// How entries of the state are named: a byte for what kind of thing it is, then which one. Kinds are part of the protocol.
import { bytesOf } from '../types/identifiers.ts';

export const EntryKind = {
  account: 0,
  totals: 1,
  progress: 2,
  validator: 3,
  votingKey: 4,
  stake: 5,
  unbonding: 6,
  checkpoint: 7,
  duties: 8,
  did: 9,
  didOf: 10,
  task: 11,
} as const;

/** @param address 20 bytes */
export function accountKey(address: Uint8Array): Uint8Array {
  const key = new Uint8Array(1 + address.length);
  key.set(address, 1);
  return key;
}

/** @param name hexadecimal digits of what stands behind the kind */
export function entryKey(kind: number, name: string): Uint8Array {
  const rest = bytesOf(name);
  const key = new Uint8Array(1 + rest.length);
  key[0] = kind;
  key.set(rest, 1);
  return key;
}

/** An epoch where entries are to lie in the order of epochs: 8 bytes, the highest first, as hexadecimal digits. */
export const epochName = (epoch: number): string => epoch.toString(16).padStart(16, '0');

export const epochOfName = (name: string): number => Number.parseInt(name.slice(0, 16), 16);
