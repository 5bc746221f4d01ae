// The forms of what nodes ask each other and answer, packed, each with its limits. What comes from a peer is read here and nowhere else; who
// sends something else has sent a fault.
import { ByteReader } from '../types/byte-reader.ts';
import { ByteWriter } from '../types/byte-writer.ts';
import { type BlockId, bytesOf, hexOf } from '../types/identifiers.ts';
import { MAX_TRANSACTION_BYTES } from '../types/limits.ts';
import { Malformed } from '../types/malformed.ts';
import {
  type Certificate,
  type Checkpoint,
  decodeCertificate,
  encodeCertificate,
  MAX_CERTIFICATE_BYTES,
} from '../types/vote.ts';
import { MAX_MESSAGE_BYTES, MAX_PART_BYTES, type Question } from './network.ts';

/** Tips that a node tells of. Four proposers a round make rarely more than eight. */
export const MAX_TIPS = 16;
/** Blocks asked for at once. */
export const MAX_BLOCKS_ASKED = 64;
/** Blocks that one knows, told to find out where two nodes part: with doubling steps, 32 reach across any chain. */
export const MAX_LOCATOR = 32;
/** Blocks of one answer to `after`; who needs more asks again. */
export const MAX_BLOCKS_AFTER = 256;
/** Certificates of one answer. */
export const MAX_CERTIFICATES_ANSWERED = 512;
/** Of the state, in one answer. */
export const MAX_SNAPSHOT_PART_BYTES = 1_048_576;
/** Of the list of a snapshot's parts: 32 bytes for each of 65,536 parts, and certificates. */
export const MAX_MANIFEST_BYTES = 2_621_440;

const idBytes = 32;
const ids = (most: number) => 1 + most * idBytes;
const certificatesBytes = 2 + MAX_CERTIFICATES_ANSWERED * (2 + MAX_CERTIFICATE_BYTES);
const statusBytes = idBytes + 8 + idBytes + ids(MAX_TIPS) + 8 + 8;

/** How long a question, how many the parts of its answer and how long each may be. An answer of more is none. */
export const LIMITS: Readonly<
  Record<Question, { readonly asked: number; readonly parts: number; readonly part: number }>
> = {
  status: { asked: statusBytes, parts: 1, part: statusBytes },
  blocks: { asked: ids(MAX_BLOCKS_ASKED), parts: MAX_BLOCKS_ASKED, part: MAX_PART_BYTES },
  after: { asked: ids(MAX_LOCATOR), parts: MAX_BLOCKS_AFTER, part: MAX_PART_BYTES },
  certificates: { asked: 8, parts: 1, part: certificatesBytes },
  snapshot: { asked: idBytes + 4, parts: 1, part: MAX_MANIFEST_BYTES },
};

/** Where a node stands. Question and answer have this same form, so that both learn of each other at once. */
export interface Status {
  readonly genesis: BlockId;
  readonly finalized: Checkpoint;
  /** Blocks without children. */
  readonly tips: readonly BlockId[];
  /** The highest of its blocks'. */
  readonly blueScore: number;
  /** Of the oldest block that it keeps: who needs older ones needs a snapshot, or another peer. */
  readonly oldestBlueScore: number;
}

export function encodeStatus({ genesis, finalized, tips, blueScore, oldestBlueScore }: Status): Uint8Array {
  const writer = new ByteWriter(statusBytes, 'status')
    .bytes(bytesOf(genesis), idBytes)
    .u64(BigInt(finalized.epoch))
    .bytes(bytesOf(finalized.block), idBytes);
  writeIds(writer, tips, MAX_TIPS, 'tips');
  return writer.u64(BigInt(blueScore)).u64(BigInt(oldestBlueScore)).take();
}

/** @throws Malformed */
export function decodeStatus(bytes: Uint8Array): Status {
  const reader = new ByteReader(bytes, 'status');
  const status = {
    genesis: readId(reader),
    finalized: { epoch: readNumber(reader), block: readId(reader) },
    tips: readIds(reader, MAX_TIPS),
    blueScore: readNumber(reader),
    oldestBlueScore: readNumber(reader),
  };
  reader.end();
  return status;
}

/** Asks for blocks. Answered by one part for each, in order: an encoded block, or nothing where it is not there. */
export const encodeBlocksQuestion = (blocks: readonly BlockId[]): Uint8Array =>
  encodeIds(blocks, MAX_BLOCKS_ASKED, 'question for blocks');

/** @throws Malformed */
export const decodeBlocksQuestion = (bytes: Uint8Array): readonly BlockId[] =>
  decodeIds(bytes, MAX_BLOCKS_ASKED, 'question for blocks');

/**
 * Asks for what the asker lacks. Answered by encoded blocks, one a part: those that the answerer has and that are not in the past of what is
 * had, every block after all of its past.
 * @param have ids from the asker's tips back, in doubling steps
 */
export const encodeAfterQuestion = (have: readonly BlockId[]): Uint8Array =>
  encodeIds(have, MAX_LOCATOR, 'question for later blocks');

/** @throws Malformed */
export const decodeAfterQuestion = (bytes: Uint8Array): readonly BlockId[] =>
  decodeIds(bytes, MAX_LOCATOR, 'question for later blocks');

export function encodeCertificatesQuestion(fromEpoch: number): Uint8Array {
  return new ByteWriter(8, 'question for certificates').u64(BigInt(fromEpoch)).take();
}

/** @returns the epoch of the first checkpoint that is asked for @throws Malformed */
export function decodeCertificatesQuestion(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes, 'question for certificates');
  const epoch = readNumber(reader);
  reader.end();
  return epoch;
}

/** One part. @param certificates ascending by the epochs of their targets */
export function encodeCertificates(certificates: readonly Certificate[]): Uint8Array {
  const encoded = certificates.map(encodeCertificate);
  const writer = new ByteWriter(certificatesBytes, 'list of certificates').u16(
    checkCount(encoded.length, MAX_CERTIFICATES_ANSWERED, 'list of certificates'),
  );
  for (const each of encoded) writer.u16(each.length).bytes(each, each.length);
  return writer.take();
}

/** @throws Malformed, also when their epochs do not ascend */
export function decodeCertificates(bytes: Uint8Array): readonly Certificate[] {
  const reader = new ByteReader(bytes, 'list of certificates');
  const count = reader.u16();
  if (count > MAX_CERTIFICATES_ANSWERED)
    reader.fail(`it has ${count} certificates, more than ${MAX_CERTIFICATES_ANSWERED}`, 0);
  const certificates: Certificate[] = [];
  let last = -1;
  for (let nth = 0; nth < count; nth++) {
    const at = reader.offset;
    const length = reader.u16();
    if (length > MAX_CERTIFICATE_BYTES) reader.fail(`certificate ${nth} has ${length} bytes`, at);
    const certificate = decodeCertificate(reader.bytes(length));
    if (certificate.target.epoch <= last)
      reader.fail(`epoch ${certificate.target.epoch} follows epoch ${last}`, at);
    last = certificate.target.epoch;
    certificates.push(certificate);
  }
  reader.end();
  return certificates;
}

/** @prop checkpoint id of its block; undefined for the last one that the answerer has. @prop part 0 is the manifest, the state's follow */
export interface SnapshotQuestion {
  readonly checkpoint: BlockId | undefined;
  readonly part: number;
}

const noBlock = '00'.repeat(idBytes);

export function encodeSnapshotQuestion({ checkpoint, part }: SnapshotQuestion): Uint8Array {
  return new ByteWriter(idBytes + 4, 'question for a snapshot')
    .bytes(bytesOf(checkpoint ?? noBlock), idBytes)
    .u32(part)
    .take();
}

/** @throws Malformed */
export function decodeSnapshotQuestion(bytes: Uint8Array): SnapshotQuestion {
  const reader = new ByteReader(bytes, 'question for a snapshot');
  const id = readId(reader);
  const part = reader.u32();
  reader.end();
  return { checkpoint: id === noBlock ? undefined : id, part };
}

/** The message of the topic `transactions`. @throws Malformed when they do not fit */
export function encodeTransactions(transactions: readonly Uint8Array[]): Uint8Array {
  const bytes = transactions.reduce((sum, { length }) => sum + 2 + length, 0);
  const object = 'message of transactions';
  if (bytes > MAX_MESSAGE_BYTES)
    throw new Malformed(object, 0, `it has ${bytes} bytes, more than ${MAX_MESSAGE_BYTES}`);
  const writer = new ByteWriter(bytes, object);
  for (const each of transactions) writer.u16(each.length).bytes(each, each.length);
  return writer.take();
}

/** The encoded transactions of a message, not looked into. @throws Malformed; a message without any is none */
export function decodeTransactions(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes, 'message of transactions');
  if (bytes.length > MAX_MESSAGE_BYTES || bytes.length === 0) reader.fail(`it has ${bytes.length} bytes`, 0);
  const transactions: Uint8Array[] = [];
  while (reader.offset < bytes.length) {
    const at = reader.offset;
    const length = reader.u16();
    if (length === 0 || length > MAX_TRANSACTION_BYTES) reader.fail(`a transaction has ${length} bytes`, at);
    transactions.push(reader.bytes(length));
  }
  return transactions;
}

function encodeIds(blocks: readonly BlockId[], most: number, object: string): Uint8Array {
  const writer = new ByteWriter(ids(most), object);
  writeIds(writer, blocks, most, object);
  return writer.take();
}

function decodeIds(bytes: Uint8Array, most: number, object: string): readonly BlockId[] {
  const reader = new ByteReader(bytes, object);
  const found = readIds(reader, most);
  reader.end();
  return found;
}

function writeIds(writer: ByteWriter, blocks: readonly BlockId[], most: number, object: string): void {
  writer.u8(checkCount(blocks.length, most, object));
  for (const id of blocks) writer.bytes(bytesOf(id), idBytes);
}

function readIds(reader: ByteReader, most: number): readonly BlockId[] {
  const at = reader.offset;
  const count = reader.u8();
  if (count > most) reader.fail(`it has ${count} ids, more than ${most}`, at);
  const found = Array.from({ length: count }, () => readId(reader));
  if (new Set(found).size < count) reader.fail('an id stands there twice', at);
  return found;
}

const readId = (reader: ByteReader): BlockId => hexOf(reader.bytes(idBytes));

/** Epochs and scores: 64 bits on the wire, and none that JavaScript's numbers could not count. */
function readNumber(reader: ByteReader): number {
  const at = reader.offset;
  const value = reader.u64();
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) reader.fail(`${value} is too large`, at);
  return Number(value);
}

function checkCount(count: number, most: number, object: string): number {
  if (count > most) throw new Malformed(object, 0, `it has ${count} entries, more than ${most}`);
  return count;
}
