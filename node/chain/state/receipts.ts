// What became of a chain block's transactions, as it is stored: a status each, and the events that do not follow from the transactions
// themselves. Transfers are most of all events and follow: they are made again when somebody reads.
import { ByteReader } from '../types/byte-reader.ts';
import { ByteWriter } from '../types/byte-writer.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';
import type { Transfer } from '../types/operation.ts';
import {
  type CheckedTransaction,
  type Execution,
  type PlacedEvent,
  TransactionStatus,
} from './chain-block.ts';
import type { SlashReason, SystemEvent } from './system-event.ts';

export type Receipts = Pick<Execution, 'statuses' | 'events'>;

/** How an event's field is written. */
type FieldForm = 'amount' | 'number' | 'address' | 'hash' | 'id' | 'flag' | 'reason' | 'text';

type EventOf<Kind extends SystemEvent['kind']> = Extract<SystemEvent, { kind: Kind }>;
type FieldsOf<Kind extends SystemEvent['kind']> = {
  readonly [Field in Exclude<keyof EventOf<Kind>, 'kind'>]: FieldForm;
};

/** Number and fields of each kind of event, in the order in which they are written. Numbers are never used for another kind. */
const forms: { readonly [Kind in SystemEvent['kind']]: readonly [number, FieldsOf<Kind>] } = {
  transfer: [0, { from: 'address', to: 'address', amount: 'amount' }],
  feesSplit: [1, { burned: 'amount', stakers: 'amount', treasury: 'amount' }],
  staked: [2, { validator: 'address', owner: 'address', amount: 'amount', pool: 'amount' }],
  unstaked: [
    3,
    { validator: 'address', owner: 'address', amount: 'amount', pool: 'amount', releaseEpoch: 'number' },
  ],
  withdrawn: [4, { validator: 'address', owner: 'address', amount: 'amount' }],
  validatorChanged: [5, { validator: 'address', active: 'flag' }],
  rewarded: [6, { validator: 'address', epoch: 'number', amount: 'amount', commission: 'amount' }],
  slashed: [
    7,
    { validator: 'address', reason: 'reason', amount: 'amount', reporter: 'address', evidence: 'hash' },
  ],
  dutiesCounted: [8, { epoch: 'number', validator: 'address', voted: 'flag' }],
  checkpointJustified: [
    9,
    { epoch: 'number', block: 'id', stateRoot: 'id', signedStake: 'amount', totalStake: 'amount' },
  ],
  checkpointFinalized: [10, { epoch: 'number', block: 'id', stateRoot: 'id' }],
  didRegistered: [11, { owner: 'address', did: 'text', document: 'hash' }],
  taskEscrowed: [
    12,
    { task: 'hash', payer: 'address', agent: 'address', amount: 'amount', untilRound: 'amount' },
  ],
  taskSettled: [
    13,
    { task: 'hash', payer: 'address', agent: 'address', paid: 'amount', returned: 'amount', result: 'hash' },
  ],
  taskRefunded: [14, { task: 'hash', payer: 'address', agent: 'address', amount: 'amount' }],
};

const byNumber = new Map(
  Object.entries(forms).map(([kind, [number, fields]]) => [
    number,
    { kind, fields: Object.entries(fields) as [string, FieldForm][] },
  ]),
);
const reasons = [
  'DOUBLE_VOTE',
  'SURROUND_VOTE',
  'DOUBLE_BLOCK',
  'WRONG_ROOT',
  'DOWNTIME',
] as const satisfies readonly SlashReason[];

const VERSION = 1;
const object = 'receipts of a chain block';
const BEGIN = 0;
const END = 1;
const OPERATION = 2;
/** The largest event takes 130 bytes, and one of a DID 181. */
const MOST_EVENT_BYTES = 256;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeReceipts({ statuses, events }: Receipts): Uint8Array {
  const most = statuses.reduce(
    (bytes, { length }) => bytes + 4 + length,
    16 + events.length * MOST_EVENT_BYTES,
  );
  const writer = new ByteWriter(most, object).u8(VERSION).u32(statuses.length);
  for (const each of statuses) writer.u32(each.length).bytes(each, each.length);
  writer.u32(events.length);
  for (const { event, from } of events) {
    if (typeof from === 'string') writer.u8(from === 'begin' ? BEGIN : END);
    else writer.u8(OPERATION).u16(from.merged).u32(from.transaction).u8(from.operation);
    writeEvent(writer, event);
  }
  return writer.take();
}

/** @throws Malformed; never anything else, and never reads or allocates beyond the bytes */
export function decodeReceipts(bytes: Uint8Array): Receipts {
  const reader = new ByteReader(bytes, object);
  const version = reader.u8();
  if (version !== VERSION) reader.fail(`its version is ${version}, not ${VERSION}`, 0);
  const statuses: Uint8Array[] = [];
  for (let left = reader.u32(); left > 0; left--) statuses.push(reader.bytes(reader.u32()));
  const events: PlacedEvent[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const from = readPlace(reader);
    events.push({ from, event: readEvent(reader) });
  }
  reader.end();
  return { statuses, events };
}

/**
 * All events of a chain block in the order of their logs: what the chain did at its beginning, then of each executed transaction what its
 * operations did, transfers among them, then what the chain did at its end.
 */
export function eventsOf(
  merged: readonly { readonly transactions: readonly Pick<CheckedTransaction, 'sender' | 'transaction'>[] }[],
  { statuses, events }: Receipts,
): PlacedEvent[] {
  const all: PlacedEvent[] = [];
  let next = 0;
  const takeWhile = (belongs: (from: PlacedEvent['from']) => boolean) => {
    for (let event = events[next]; event && belongs(event.from); event = events[++next]) all.push(event);
  };
  takeWhile((from) => from === 'begin');
  for (const [block, { transactions }] of merged.entries()) {
    for (const [nth, { sender, transaction }] of transactions.entries()) {
      if (statuses[block]?.[nth] !== TransactionStatus.executed) continue;
      const from = hexOf(sender);
      for (const [operation, each] of transaction.operations.entries()) {
        const place = { merged: block, transaction: nth, operation };
        const transfers: readonly Transfer[] =
          each.kind === 'transfer' ? [each] : each.kind === 'multiTransfer' ? each.transfers : [];
        for (const { to, amount } of transfers)
          all.push({ from: place, event: { kind: 'transfer', from, to: hexOf(to), amount } });
        takeWhile(
          (at) =>
            typeof at !== 'string' &&
            at.merged === block &&
            at.transaction === nth &&
            at.operation === operation,
        );
      }
    }
  }
  takeWhile((from) => from === 'end');
  return all;
}

function readPlace(reader: ByteReader): PlacedEvent['from'] {
  const place = reader.u8();
  if (place === BEGIN) return 'begin';
  if (place === END) return 'end';
  if (place !== OPERATION) reader.fail(`there is no place ${place}`);
  return { merged: reader.u16(), transaction: reader.u32(), operation: reader.u8() };
}

function writeEvent(writer: ByteWriter, event: SystemEvent): void {
  const [number, fields] = forms[event.kind];
  writer.u8(number);
  const values = event as unknown as Readonly<Record<string, unknown>>;
  for (const [field, form] of Object.entries(fields) as [string, FieldForm][])
    writeField(writer, form, values[field]);
}

/** Its fields have the forms that the table gives them, which the compiler has checked for each kind. */
function writeField(writer: ByteWriter, form: FieldForm, value: unknown): void {
  switch (form) {
    case 'amount':
      writer.u64(value as bigint);
      return;
    case 'number':
      writer.u64(BigInt(value as number));
      return;
    case 'address':
      writer.bytes(bytesOf(value as string), 20);
      return;
    case 'id':
      writer.bytes(bytesOf(value as string), 32);
      return;
    case 'hash':
      writer.bytes(value as Uint8Array, 32);
      return;
    case 'flag':
      writer.u8(value === true ? 1 : 0);
      return;
    case 'reason':
      writer.u8(reasons.indexOf(value as SlashReason));
      return;
    case 'text': {
      const text = new TextEncoder().encode(value as string);
      writer.u8(text.length).bytes(text, text.length);
    }
  }
}

function readEvent(reader: ByteReader): SystemEvent {
  const number = reader.u8();
  const form = byNumber.get(number);
  if (!form) return reader.fail(`there is no event ${number}`);
  const event: Record<string, unknown> = { kind: form.kind };
  for (const [field, each] of form.fields) event[field] = readField(reader, each);
  return event as unknown as SystemEvent;
}

function readField(reader: ByteReader, form: FieldForm): unknown {
  switch (form) {
    case 'amount':
      return reader.u64();
    case 'number': {
      const value = reader.u64();
      if (value > Number.MAX_SAFE_INTEGER) reader.fail(`${value} is too large`);
      return Number(value);
    }
    case 'address':
      return hexOf(reader.bytes(20));
    case 'id':
      return hexOf(reader.bytes(32));
    case 'hash':
      return reader.bytes(32);
    case 'flag': {
      const flag = reader.u8();
      if (flag > 1) reader.fail(`${flag} is neither yes nor no`);
      return flag === 1;
    }
    case 'reason':
      return reasons[reader.u8()] ?? reader.fail('there is no such reason');
    case 'text': {
      const bytes = reader.bytes(reader.u8());
      try {
        return utf8.decode(bytes);
      } catch {
        return reader.fail('a text is not UTF-8');
      }
    }
  }
}
