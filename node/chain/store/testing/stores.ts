// Records and blocks that follow from a number, for tests of stores.
import { createHash } from 'node:crypto';
import type { StateEntry } from '../../state/chain-block.ts';
import type { ChainRecord, ChainStore } from '../chain-store.ts';

export const hashOf = (text: string): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(text).digest());
export const idOf = (text: string): string => Buffer.from(hashOf(text)).toString('hex');

export interface MadeRecord {
  readonly index: number;
  /** Another branch has other blocks and transactions. */
  readonly branch: string;
  readonly transactions?: number;
  readonly changes?: readonly StateEntry[];
  readonly merged?: readonly string[];
}

export function recordOf({
  index,
  branch,
  transactions = 3,
  changes = [],
  merged = [],
}: MadeRecord): ChainRecord {
  const id = idOf(`${branch}/${index}`);
  return {
    index,
    id,
    stateRoot: hashOf(`root ${branch}/${index}`),
    merged: [...merged.map((each, nth) => ({ id: each, blue: nth % 2 === 0 })), { id, blue: true }],
    receipts: hashOf(`receipts ${branch}/${index}`).slice(0, index % 32),
    changes,
    transactionIds: new Uint8Array(
      Buffer.concat(Array.from({ length: transactions }, (_, nth) => hashOf(`${branch}/${index}/${nth}`))),
    ),
  };
}

/** All that a store says, in a form that can be compared. @param asked names, ids of blocks and of transactions to ask for */
export function contentsOf(
  store: ChainStore,
  asked: {
    readonly facts: Iterable<string>;
    readonly blocks: Iterable<string>;
    readonly transactions: Iterable<string>;
  },
): unknown {
  const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');
  const plain = (record: ChainRecord | undefined) =>
    record && {
      ...record,
      stateRoot: hex(record.stateRoot),
      receipts: hex(record.receipts),
      transactionIds: createHash('sha256').update(record.transactionIds).digest('hex'),
      changes: record.changes.map(({ key, value }) => [hex(key), hex(value)]),
    };
  const last = store.last ?? -1;
  const { folded } = store;
  return {
    last: store.last,
    records: Array.from({ length: last + 3 }, (_, index) => plain(store.record(index))),
    blocks: [...store.blocks()].map(({ id, bytes }) => [id, hex(bytes)]),
    block: [...asked.blocks].map((id) => [id, hex(store.block(id)), store.indexOf(id)]),
    transactions: [...asked.transactions].map((id) => [id, store.transaction(Buffer.from(id, 'hex'))]),
    facts: [...asked.facts].map((name) => [name, hex(store.fact(name))]),
    folded: folded && {
      index: folded.index,
      entries: [...folded.entries()].map(({ key, value }) => [hex(key), hex(value)]),
    },
  };
}
