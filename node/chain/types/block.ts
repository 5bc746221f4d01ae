// A block as it travels and is stored: its signed header, and a body of certificates and transactions as their senders packed them.
import { hash as digest } from 'node:crypto';
import { ListCompositeType } from '@chainsafe/ssz';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { blockIdOf, decodeHeader, encodeHeader, MAX_HEADER_BYTES, type SignedHeader } from './header.ts';
import { type BlockId, hexOf } from './identifiers.ts';
import { MAX_BLOCK_BYTES, MAX_BLOCK_OPERATIONS, MAX_CERTIFICATES, MAX_TRANSACTION_BYTES } from './limits.ts';
import { readSsz } from './read-ssz.ts';
import {
  type Certificate,
  CertificateSsz,
  certificateFromSsz,
  certificateToSsz,
  MAX_CERTIFICATE_BYTES,
} from './vote.ts';

export interface Body {
  readonly certificates: readonly Certificate[];
  /** Encoded; in the order in which they are executed. */
  readonly transactions: readonly Uint8Array[];
}

export interface Block extends Body {
  readonly id: BlockId;
  readonly header: SignedHeader;
}

const object = 'block';
const version = 1;
const CertificatesSsz = new ListCompositeType(CertificateSsz, MAX_CERTIFICATES);
const MAX_CERTIFICATES_BYTES = MAX_CERTIFICATES * (MAX_CERTIFICATE_BYTES + 4);
const domain = new TextEncoder().encode('aios/body/1\0');

/** What a header says of its body: SHA-256 over the root of the certificates and the ids of all transactions in a row. */
export function bodyRootOf(
  certificates: readonly Certificate[],
  transactionIds: readonly Uint8Array[],
): string {
  const root = CertificatesSsz.hashTreeRoot(certificates.map(certificateToSsz));
  return digest('sha256', Buffer.concat([domain, root, ...transactionIds]), 'hex');
}

/** The bytes of a block. What they say is not looked at. */
export function encodeBlock({ header, certificates, transactions }: Omit<Block, 'id'>): Uint8Array {
  const head = encodeHeader(header);
  const proofs = CertificatesSsz.serialize(certificates.map(certificateToSsz));
  const most = transactions.reduce(
    (bytes, { length }) => bytes + 2 + length,
    head.length + proofs.length + 16,
  );
  const writer = new ByteWriter(most, object)
    .u8(version)
    .u16(head.length)
    .bytes(head, head.length)
    .u32(proofs.length)
    .bytes(proofs, proofs.length)
    .u32(transactions.length);
  for (const transaction of transactions)
    writer.u16(transaction.length).bytes(transaction, transaction.length);
  return writer.take();
}

/**
 * Takes a block apart down to its transactions, which are not looked into: whether they are any, and whether the header speaks of this body, is
 * for whoever checks the block.
 * @throws Malformed
 */
export function decodeBlock(bytes: Uint8Array): Block {
  const reader = new ByteReader(bytes, object);
  if (bytes.length > MAX_BLOCK_BYTES)
    reader.fail(`it has ${bytes.length} bytes, more than ${MAX_BLOCK_BYTES}`, 0);
  const is = reader.u8();
  if (is !== version) reader.fail(`its version is ${is}, not ${version}`, 0);
  const headerLength = reader.u16();
  if (headerLength > MAX_HEADER_BYTES) reader.fail(`its header has ${headerLength} bytes`);
  const header = decodeHeader(reader.bytes(headerLength));
  const length = reader.u32();
  if (length > MAX_CERTIFICATES_BYTES) reader.fail(`its certificates have ${length} bytes`);
  const proofs = readSsz(
    CertificatesSsz,
    reader.bytes(length),
    'list of certificates',
    MAX_CERTIFICATES_BYTES,
  );
  const count = reader.u32();
  if (count > MAX_BLOCK_OPERATIONS)
    reader.fail(`it has ${count} transactions, more than ${MAX_BLOCK_OPERATIONS}`);
  const transactions: Uint8Array[] = [];
  for (let nth = 0; nth < count; nth++) {
    const size = reader.u16();
    if (size > MAX_TRANSACTION_BYTES) reader.fail(`transaction ${nth} has ${size} bytes`);
    transactions.push(reader.bytes(size));
  }
  reader.end();
  return { id: blockIdOf(header), header, certificates: proofs.map(certificateFromSsz), transactions };
}

/** For logs. */
export const shortId = (id: BlockId | Uint8Array): string =>
  (typeof id === 'string' ? id : hexOf(id)).slice(0, 10);
