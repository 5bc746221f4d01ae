// What a transaction does: each kind of operation with its bytes. A kind's number is part of the protocol and never used for another.
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { MAX_DID_BYTES, MAX_EVIDENCE_BYTES, MAX_OPERATIONS } from './limits.ts';

/** 20 bytes, as Ethereum's. */
export type Address = Uint8Array;
/** Nano-AiOS, below 2⁶⁴. */
export type Amount = bigint;

export interface Transfer {
  readonly to: Address;
  readonly amount: Amount;
}

export type Operation =
  | ({ readonly kind: 'transfer' } & Transfer)
  /** All of them or none; each counts as an operation. */
  | { readonly kind: 'multiTransfer'; readonly transfers: readonly Transfer[] }
  /** Adds to the sender's own stake as a validator; the keys are those it votes with, and the proof that it has them. */
  | {
      readonly kind: 'stake';
      readonly amount: Amount;
      readonly votingKey: Uint8Array;
      readonly proofOfPossession: Uint8Array;
    }
  | { readonly kind: 'unstake'; readonly amount: Amount }
  | { readonly kind: 'delegate'; readonly validator: Address; readonly amount: Amount }
  | { readonly kind: 'undelegate'; readonly validator: Address; readonly amount: Amount }
  | { readonly kind: 'registerDid'; readonly did: string; readonly document: Uint8Array }
  /** Sets an amount aside for an agent until it delivers or the round is over. */
  | {
      readonly kind: 'taskEscrow';
      readonly task: Uint8Array;
      readonly agent: Address;
      readonly amount: Amount;
      readonly untilRound: bigint;
    }
  /** By who escrowed: pays the agent, at most what was escrowed; the rest goes back. */
  | {
      readonly kind: 'taskSettle';
      readonly task: Uint8Array;
      readonly amount: Amount;
      readonly result: Uint8Array;
    }
  /** By the agent at any time, by who escrowed once the round is over. */
  | { readonly kind: 'taskRefund'; readonly task: Uint8Array }
  /** Two signed statements that contradict each other, by anybody. */
  | { readonly kind: 'evidence'; readonly evidence: Uint8Array };

export type OperationKind = Operation['kind'];

const numbers = {
  transfer: 0,
  multiTransfer: 1,
  stake: 2,
  unstake: 3,
  delegate: 4,
  undelegate: 5,
  registerDid: 6,
  taskEscrow: 7,
  taskSettle: 8,
  taskRefund: 9,
  evidence: 10,
} as const satisfies Record<OperationKind, number>;

const kinds = new Map<number, OperationKind>(
  Object.entries(numbers).map(([kind, number]) => [number, kind as OperationKind]),
);

/** Receivers of one `multiTransfer`. Fewer than two would be a `transfer` in other bytes. */
const receivers = { least: 2, most: MAX_OPERATIONS } as const;
const addressBytes = 20;
const hashBytes = 32;
const votingKeyBytes = 48;
const signatureBytes = 96;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const text = new TextEncoder();

/** Bytes that `writeOperation` may need at most for this operation. */
export function operationBytes(operation: Operation): number {
  switch (operation.kind) {
    case 'multiTransfer':
      return 2 + operation.transfers.length * 28;
    case 'registerDid':
      return 2 + text.encode(operation.did).length + hashBytes;
    case 'evidence':
      return 3 + operation.evidence.length;
    default:
      return 160;
  }
}

function writeTransfer(writer: ByteWriter, { to, amount }: Transfer): void {
  writer.bytes(to, addressBytes).u64(amount);
}

/** How many operations it counts as, of those that an envelope may have. */
export function operationsIn(operation: Operation): number {
  return operation.kind === 'multiTransfer' ? operation.transfers.length : 1;
}

/** Writes an operation. What it writes is not looked at: `readOperation` says whether it is one. */
export function writeOperation(writer: ByteWriter, operation: Operation): void {
  writer.u8(numbers[operation.kind]);
  switch (operation.kind) {
    case 'transfer':
      writeTransfer(writer, operation);
      return;
    case 'multiTransfer':
      writer.u8(operation.transfers.length);
      for (const transfer of operation.transfers) writeTransfer(writer, transfer);
      return;
    case 'stake':
      writer
        .u64(operation.amount)
        .bytes(operation.votingKey, votingKeyBytes)
        .bytes(operation.proofOfPossession, signatureBytes);
      return;
    case 'unstake':
      writer.u64(operation.amount);
      return;
    case 'delegate':
    case 'undelegate':
      writer.bytes(operation.validator, addressBytes).u64(operation.amount);
      return;
    case 'registerDid': {
      const did = text.encode(operation.did);
      writer.u8(did.length).bytes(did, did.length).bytes(operation.document, hashBytes);
      return;
    }
    case 'taskEscrow':
      writer
        .bytes(operation.task, hashBytes)
        .bytes(operation.agent, addressBytes)
        .u64(operation.amount)
        .u64(operation.untilRound);
      return;
    case 'taskSettle':
      writer.bytes(operation.task, hashBytes).u64(operation.amount).bytes(operation.result, hashBytes);
      return;
    case 'taskRefund':
      writer.bytes(operation.task, hashBytes);
      return;
    case 'evidence':
      writer.u16(operation.evidence.length).bytes(operation.evidence, operation.evidence.length);
  }
}

/** Reads one operation. @throws Malformed */
export function readOperation(reader: ByteReader): Operation {
  const at = reader.offset;
  const number = reader.u8();
  const kind = kinds.get(number);
  switch (kind) {
    case 'transfer':
      return { kind, ...readTransfer(reader) };
    case 'multiTransfer': {
      const count = reader.u8();
      if (count < receivers.least || count > receivers.most)
        reader.fail(
          `a multi-transfer has ${receivers.least} to ${receivers.most} receivers, not ${count}`,
          at,
        );
      return { kind, transfers: Array.from({ length: count }, () => readTransfer(reader)) };
    }
    case 'stake':
      return {
        kind,
        amount: positive(reader),
        votingKey: reader.bytes(votingKeyBytes),
        proofOfPossession: reader.bytes(signatureBytes),
      };
    case 'unstake':
      return { kind, amount: positive(reader) };
    case 'delegate':
    case 'undelegate':
      return { kind, validator: reader.bytes(addressBytes), amount: positive(reader) };
    case 'registerDid':
      return { kind, did: readDid(reader), document: reader.bytes(hashBytes) };
    case 'taskEscrow':
      return {
        kind,
        task: reader.bytes(hashBytes),
        agent: reader.bytes(addressBytes),
        amount: positive(reader),
        untilRound: reader.u64(),
      };
    case 'taskSettle':
      // Nothing may be paid: then all goes back.
      return { kind, task: reader.bytes(hashBytes), amount: reader.u64(), result: reader.bytes(hashBytes) };
    case 'taskRefund':
      return { kind, task: reader.bytes(hashBytes) };
    case 'evidence': {
      const length = reader.u16();
      if (length === 0 || length > MAX_EVIDENCE_BYTES)
        reader.fail(`evidence has 1 to ${MAX_EVIDENCE_BYTES} bytes, not ${length}`, at);
      return { kind, evidence: reader.bytes(length) };
    }
    case undefined:
      return reader.fail(`there is no operation ${number}`, at);
  }
}

function readTransfer(reader: ByteReader): Transfer {
  return { to: reader.bytes(addressBytes), amount: positive(reader) };
}

/** Amounts of nothing are refused where they would do nothing. */
function positive(reader: ByteReader): Amount {
  const at = reader.offset;
  const amount = reader.u64();
  if (amount === 0n) reader.fail('an amount is zero', at);
  return amount;
}

function readDid(reader: ByteReader): string {
  const at = reader.offset;
  const length = reader.u8();
  if (length > MAX_DID_BYTES) reader.fail(`a DID has at most ${MAX_DID_BYTES} bytes, not ${length}`, at);
  const bytes = reader.bytes(length);
  let did: string;
  try {
    did = utf8.decode(bytes);
  } catch {
    return reader.fail('a DID is not UTF-8', at);
  }
  // The W3C's form: did:method:identifier.
  if (!/^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(did))
    reader.fail('a DID has the form did:method:identifier', at);
  return did;
}
