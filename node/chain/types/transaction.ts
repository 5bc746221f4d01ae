// A signed envelope of the native lane: who, in which place of their order, for which fee, does what. One encoding for each: who changes a
// byte has another transaction, and no two byte strings are the same one.
import { hash as digest } from 'node:crypto';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { MAX_OPERATIONS, MAX_TRANSACTION_BYTES } from './limits.ts';
import { Malformed } from './malformed.ts';
import {
  type Address,
  type Amount,
  type Operation,
  operationBytes,
  operationsIn,
  readOperation,
  writeOperation,
} from './operation.ts';

export interface UnsignedTransaction {
  /** That of the chain, which changes with every incompatible version of it: signatures are good for one chain alone. */
  readonly chainId: number;
  /** Ed25519, 32 bytes; the sender's address follows from it. */
  readonly publicKey: Uint8Array;
  /** How many transactions of the sender come before it. */
  readonly nonce: bigint;
  /** For each operation, nano-AiOS. */
  readonly fee: Amount;
  readonly operations: readonly Operation[];
}

export interface Transaction extends UnsignedTransaction {
  /** Ed25519 over `signedBytes`, 64 bytes. */
  readonly signature: Uint8Array;
}

const version = 1;
const publicKeyBytes = 32;
export const SIGNATURE_BYTES = 64;
const headerBytes = 1 + 4 + publicKeyBytes + 8 + 8 + 1;
const object = 'transaction';
const utf8 = new TextEncoder();
const domains = {
  transaction: utf8.encode('aios/transaction/1\0'),
  id: utf8.encode('aios/transaction-id/1\0'),
  address: utf8.encode('aios/address/ed25519\0'),
} as const;

/** @throws Malformed when it is none that anybody would read, so that mistakes show where they are made */
export function encodeTransaction(transaction: Transaction): Uint8Array {
  const bytes = pack(transaction, transaction.signature);
  decodeTransaction(bytes);
  return bytes;
}

/** @throws Malformed; never anything else, whatever the bytes are */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  if (bytes.length > MAX_TRANSACTION_BYTES)
    throw new Malformed(object, 0, `it has ${bytes.length} bytes, more than ${MAX_TRANSACTION_BYTES}`);
  const reader = new ByteReader(bytes, object);
  const is = reader.u8();
  if (is !== version) reader.fail(`its version is ${is}, not ${version}`, 0);
  const chainId = reader.u32();
  const publicKey = reader.bytes(publicKeyBytes);
  const nonce = reader.u64();
  const fee = reader.u64();
  const at = reader.offset;
  const count = reader.u8();
  const operations: Operation[] = [];
  let counted = 0;
  for (let nth = 0; nth < count; nth++) {
    const operation = readOperation(reader);
    operations.push(operation);
    counted += operationsIn(operation);
    if (counted > MAX_OPERATIONS) reader.fail(`it has more than ${MAX_OPERATIONS} operations`, at);
  }
  if (count === 0) reader.fail('it has no operations', at);
  // Its cost is that of two signatures over objects of its own; nothing may hide behind it.
  if (count > 1 && operations.some(({ kind }) => kind === 'evidence'))
    reader.fail('evidence stands alone', at);
  const signature = reader.bytes(SIGNATURE_BYTES);
  reader.end();
  return { chainId, publicKey, nonce, fee, operations, signature };
}

/** What the sender signs. */
export function signedBytes(transaction: UnsignedTransaction): Uint8Array {
  return joined(domains.transaction, pack(transaction, new Uint8Array()));
}

/** What the sender of an encoded transaction has signed, without taking it apart. */
export function signedBytesOf(encoded: Uint8Array): Uint8Array {
  return joined(domains.transaction, encoded.subarray(0, encoded.length - SIGNATURE_BYTES));
}

/** Its id, 32 bytes. The signature is part of it. */
export function transactionIdOf(encoded: Uint8Array): Uint8Array {
  return new Uint8Array(digest('sha256', joined(domains.id, encoded), 'buffer'));
}

/** The last 20 bytes of the hash of a public key. */
export function addressOf(publicKey: Uint8Array): Address {
  return new Uint8Array(digest('sha256', joined(domains.address, publicKey), 'buffer')).slice(12);
}

/** How many operations it counts as. */
export function operationCount({ operations }: UnsignedTransaction): number {
  return operations.reduce((count, operation) => count + operationsIn(operation), 0);
}

function pack(transaction: UnsignedTransaction, signature: Uint8Array): Uint8Array {
  const { chainId, publicKey, nonce, fee, operations } = transaction;
  const most = operations.reduce(
    (bytes, operation) => bytes + operationBytes(operation),
    headerBytes + SIGNATURE_BYTES,
  );
  const writer = new ByteWriter(most, object)
    .u8(version)
    .u32(chainId)
    .bytes(publicKey, publicKeyBytes)
    .u64(nonce)
    .u64(fee)
    .u8(operations.length);
  for (const operation of operations) writeOperation(writer, operation);
  return writer.bytes(signature, signature.length).take();
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
