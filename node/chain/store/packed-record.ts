// A record of the chain as bytes: all but its transactions' ids, which lie apart so that one can be looked at without the rest.
import { ByteReader } from '../types/byte-reader.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';
import type { ChainRecord } from './chain-store.ts';
import { packChanges, packedBytes, unpackChanges } from './packed-changes.ts';

export const ID_BYTES = 32;
const hashBytes = 32;
const mergedBytes = hashBytes + 1;
const headBytes = 4 + hashBytes * 2 + 4 * 4;

/** Index, id, state root, count of merged blocks, lengths of receipts and changes, count of transactions; then the first three of these. */
export function packRecord(record: ChainRecord): Uint8Array<ArrayBuffer> {
  const { index, id, stateRoot, merged, receipts, changes, transactionIds } = record;
  if (transactionIds.length % ID_BYTES !== 0)
    throw new RangeError(`ids of transactions have ${ID_BYTES} bytes each`);
  if (stateRoot.length !== hashBytes)
    throw new RangeError(`a state root has 32 bytes, not ${stateRoot.length}`);
  const ofChanges = packedBytes(changes);
  const bytes = new Uint8Array(headBytes + merged.length * mergedBytes + receipts.length + ofChanges);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, index, true);
  setId(bytes, 4, id);
  bytes.set(stateRoot, 36);
  view.setUint32(68, merged.length, true);
  view.setUint32(72, receipts.length, true);
  view.setUint32(76, ofChanges, true);
  view.setUint32(80, transactionIds.length / ID_BYTES, true);
  let at = headBytes;
  for (const each of merged) {
    setId(bytes, at, each.id);
    bytes[at + hashBytes] = each.blue ? 1 : 0;
    at += mergedBytes;
  }
  bytes.set(receipts, at);
  packChanges(changes, bytes, at + receipts.length);
  return bytes;
}

/** @throws Malformed or RangeError when it is none */
export function unpackRecord(bytes: Uint8Array, transactionIds: Uint8Array): ChainRecord {
  const reader = new ByteReader(bytes, 'record');
  const index = reader.u32();
  const id = hexOf(reader.bytes(hashBytes));
  const stateRoot = reader.bytes(hashBytes);
  const [blocks, ofReceipts, ofChanges, transactions] = [
    reader.u32(),
    reader.u32(),
    reader.u32(),
    reader.u32(),
  ];
  if (blocks * mergedBytes > bytes.length) reader.fail(`it names ${blocks} merged blocks`);
  if (transactions * ID_BYTES !== transactionIds.length) reader.fail(`it has ${transactions} transactions`);
  const merged = Array.from({ length: blocks }, () => ({
    id: hexOf(reader.bytes(hashBytes)),
    blue: reader.u8() === 1,
  }));
  const receipts = reader.bytes(ofReceipts);
  const changes = unpackChanges(reader.bytes(ofChanges));
  reader.end();
  return { index, id, stateRoot, merged, receipts, changes, transactionIds };
}

/** Of a packed record. */
export function packedMergedIds(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: view.getUint32(68, true) }, (_, nth) => {
    const at = headBytes + nth * mergedBytes;
    return hexOf(bytes.subarray(at, at + hashBytes));
  });
}

export const packedIdOf = (bytes: Uint8Array): string => hexOf(bytes.subarray(4, 4 + hashBytes));

/** Where the changes of a packed record lie: to its end. */
export function packedChangesOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.subarray(bytes.length - view.getUint32(76, true));
}

function setId(bytes: Uint8Array, at: number, id: string): void {
  const raw = bytesOf(id);
  if (raw.length !== hashBytes) throw new RangeError(`a block's id has 64 hexadecimal digits: ${id}`);
  bytes.set(raw, at);
}
