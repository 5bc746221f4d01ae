// What the state knows beside plain accounts, and the bytes of each.
import { ByteReader } from '../types/byte-reader.ts';
import { ByteWriter } from '../types/byte-writer.ts';
import { type AddressHex, type BlockId, bytesOf, hexOf } from '../types/identifiers.ts';
import type { Checkpoint } from '../types/vote.ts';
import type { Holding, Pool } from './staking-pool.ts';

/** How a kind of record is written. One encoding each: the state's root is made of these bytes. */
export interface RecordCodec<Value> {
  encode(value: Value): Uint8Array;
  /** @throws Malformed */
  decode(bytes: Uint8Array): Value;
}

/** Where all money is that no account has. With the accounts it makes up the supply, always. */
export interface Totals {
  readonly supply: bigint;
  readonly reserve: bigint;
  readonly treasury: bigint;
  readonly burned: bigint;
  /** In all validators' pools. */
  readonly staked: bigint;
  readonly unbonding: bigint;
  /** For tasks. */
  readonly escrowed: bigint;
  /** Of fees, set aside for those who vote. */
  readonly stakersFees: bigint;
}

/** How far the chain has come. */
export interface Progress {
  /** Of epoch 0 with a block of zeros at the beginning: the genesis, whose id depends on this state. */
  readonly justified: Checkpoint;
  readonly finalized: Checkpoint;
  /** What was unbonding until before this epoch is released. */
  readonly releaseFrom: number;
  /** Checkpoints of epochs before this one are forgotten. */
  readonly checkpointsFrom: number;
}

/** Suspended until its owner stakes again; jailed for ever. */
export type ValidatorStatus = 'active' | 'suspended' | 'jailed';

export interface Validator {
  readonly votingKey: Uint8Array;
  readonly status: ValidatorStatus;
  readonly pool: Pool;
  /** Of the pool, the owner's, in its present generation. */
  readonly ownShares: bigint;
  readonly unbonding: Pool;
  /** Epochs whose duties were counted since counting began anew, and how many of these it missed. */
  readonly counted: number;
  readonly missed: number;
}

export interface JustifiedCheckpoint {
  readonly block: BlockId;
  readonly stateRoot: string;
  readonly final: boolean;
  /** The block of the epoch just before from which it was justified: that is final. Undefined while the link is a longer one. */
  readonly previous: BlockId | undefined;
}

/** Who may have voted for an epoch's checkpoint, ascending, and who did, until the books are closed. */
export interface Duties {
  readonly signed: readonly AddressHex[];
  readonly absent: readonly AddressHex[];
}

export interface DidRecord {
  readonly did: string;
  readonly document: Uint8Array;
}

export type TaskStatus = 'open' | 'settled' | 'refunded';

export interface Task {
  readonly payer: Uint8Array;
  readonly agent: Uint8Array;
  readonly amount: bigint;
  readonly untilRound: bigint;
  readonly status: TaskStatus;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A codec of bytes written and read front to back. */
function codec<Value>(
  object: string,
  most: number | ((value: Value) => number),
  write: (writer: ByteWriter, value: Value) => void,
  read: (reader: ByteReader, length: number) => Value,
): RecordCodec<Value> {
  return {
    encode(value) {
      const writer = new ByteWriter(typeof most === 'number' ? most : most(value), object);
      write(writer, value);
      return writer.take();
    },
    decode(bytes) {
      const reader = new ByteReader(bytes, object);
      const value = read(reader, bytes.length);
      reader.end();
      return value;
    },
  };
}

const writeU128 = (writer: ByteWriter, value: bigint) =>
  writer.u64(BigInt.asUintN(64, value)).u64(value >> 64n);
const readU128 = (reader: ByteReader): bigint => reader.u64() | (reader.u64() << 64n);
const writeHex = (writer: ByteWriter, hex: string, length: number) => writer.bytes(bytesOf(hex), length);
const readHex = (reader: ByteReader, length: number): string => hexOf(reader.bytes(length));
const writeNumber = (writer: ByteWriter, value: number) => writer.u64(BigInt(value));
function readNumber(reader: ByteReader): number {
  const value = reader.u64();
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : reader.fail(`${value} is too large`);
}

/** One of a few, as its place among them. */
function oneOf<Name extends string>(reader: ByteReader, names: readonly Name[]): Name {
  const number = reader.u8();
  return names[number] ?? reader.fail(`there is no state ${number}`);
}

function writePool(writer: ByteWriter, { tokens, shares, generation }: Pool): void {
  writeU128(writer.u64(tokens), shares).u32(generation);
}

const readPool = (reader: ByteReader): Pool => ({
  tokens: reader.u64(),
  shares: readU128(reader),
  generation: reader.u32(),
});

const writeCheckpoint = (writer: ByteWriter, { epoch, block }: Checkpoint) =>
  writeHex(writeNumber(writer, epoch), block, 32);
const readCheckpoint = (reader: ByteReader): Checkpoint => ({
  epoch: readNumber(reader),
  block: readHex(reader, 32),
});

const totalsFields = [
  'supply',
  'reserve',
  'treasury',
  'burned',
  'staked',
  'unbonding',
  'escrowed',
  'stakersFees',
] as const satisfies readonly (keyof Totals)[];

export const TotalsCodec = codec<Totals>(
  'totals',
  totalsFields.length * 8,
  (writer, totals) => {
    for (const field of totalsFields) writer.u64(totals[field]);
  },
  (reader) => ({
    supply: reader.u64(),
    reserve: reader.u64(),
    treasury: reader.u64(),
    burned: reader.u64(),
    staked: reader.u64(),
    unbonding: reader.u64(),
    escrowed: reader.u64(),
    stakersFees: reader.u64(),
  }),
);

export const ProgressCodec = codec<Progress>(
  'progress',
  2 * 40 + 16,
  (writer, { justified, finalized, releaseFrom, checkpointsFrom }) => {
    writeCheckpoint(writer, justified);
    writeCheckpoint(writer, finalized);
    writeNumber(writeNumber(writer, releaseFrom), checkpointsFrom);
  },
  (reader) => ({
    justified: readCheckpoint(reader),
    finalized: readCheckpoint(reader),
    releaseFrom: readNumber(reader),
    checkpointsFrom: readNumber(reader),
  }),
);

const validatorStatuses = ['active', 'suspended', 'jailed'] as const satisfies readonly ValidatorStatus[];

export const ValidatorCodec = codec<Validator>(
  'validator',
  48 + 1 + 28 + 16 + 28 + 8,
  (writer, validator) => {
    writer.bytes(validator.votingKey, 48).u8(validatorStatuses.indexOf(validator.status));
    writePool(writer, validator.pool);
    writeU128(writer, validator.ownShares);
    writePool(writer, validator.unbonding);
    writer.u32(validator.counted).u32(validator.missed);
  },
  (reader) => ({
    votingKey: reader.bytes(48),
    status: oneOf(reader, validatorStatuses),
    pool: readPool(reader),
    ownShares: readU128(reader),
    unbonding: readPool(reader),
    counted: reader.u32(),
    missed: reader.u32(),
  }),
);

/** An address alone: whose a voting key or a DID is. */
export const OwnerCodec = codec<AddressHex>(
  'owner',
  20,
  (writer, owner) => writeHex(writer, owner, 20),
  (reader) => readHex(reader, 20),
);

export const HoldingCodec = codec<Holding>(
  'holding',
  20,
  (writer, { shares, generation }) => writeU128(writer, shares).u32(generation),
  (reader) => ({ shares: readU128(reader), generation: reader.u32() }),
);

const FINAL = 1;
const HAS_PREVIOUS = 2;

export const CheckpointCodec = codec<JustifiedCheckpoint>(
  'justified checkpoint',
  1 + 3 * 32,
  (writer, { block, stateRoot, final, previous }) => {
    writer.u8((final ? FINAL : 0) | (previous === undefined ? 0 : HAS_PREVIOUS));
    writeHex(writeHex(writer, block, 32), stateRoot, 32);
    if (previous !== undefined) writeHex(writer, previous, 32);
  },
  (reader) => {
    const flags = reader.u8();
    if (flags > (FINAL | HAS_PREVIOUS)) reader.fail(`there are no flags ${flags}`);
    return {
      final: (flags & FINAL) !== 0,
      block: readHex(reader, 32),
      stateRoot: readHex(reader, 32),
      previous: (flags & HAS_PREVIOUS) === 0 ? undefined : readHex(reader, 32),
    };
  },
);

export const DutiesCodec = codec<Duties>(
  'duties',
  ({ signed, absent }) => 2 + (signed.length + absent.length) * 20,
  (writer, { signed, absent }) => {
    writer.u16(signed.length);
    for (const address of [...signed, ...absent]) writeHex(writer, address, 20);
  },
  (reader, length) => {
    const signed = reader.u16();
    const count = Math.floor((length - 2) / 20);
    if (signed > count) reader.fail(`${signed} of ${count} cannot have signed`);
    const addresses = Array.from({ length: count }, () => readHex(reader, 20));
    return { signed: addresses.slice(0, signed), absent: addresses.slice(signed) };
  },
);

export const DidCodec = codec<DidRecord>(
  'DID of an account',
  ({ did }) => 32 + Buffer.byteLength(did),
  (writer, { did, document }) => {
    const name = new TextEncoder().encode(did);
    writer.bytes(document, 32).bytes(name, name.length);
  },
  (reader, length) => {
    const document = reader.bytes(32);
    const name = reader.bytes(length - 32);
    try {
      return { did: utf8.decode(name), document };
    } catch {
      return reader.fail('it is not UTF-8');
    }
  },
);

const taskStatuses = ['open', 'settled', 'refunded'] as const satisfies readonly TaskStatus[];

export const TaskCodec = codec<Task>(
  'task',
  20 + 20 + 8 + 8 + 1,
  (writer, { payer, agent, amount, untilRound, status }) =>
    writer.bytes(payer, 20).bytes(agent, 20).u64(amount).u64(untilRound).u8(taskStatuses.indexOf(status)),
  (reader) => ({
    payer: reader.bytes(20),
    agent: reader.bytes(20),
    amount: reader.u64(),
    untilRound: reader.u64(),
    status: oneOf(reader, taskStatuses),
  }),
);
