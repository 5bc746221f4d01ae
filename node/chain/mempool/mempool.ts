// Transactions that wait for a block: in the order of each sender's nonces, by what they pay and how long they have waited, in bounded memory.
// Pure: its clock and the state are given to it, and nothing here is asynchronous.
import type { Admission } from '../engine/chain-view.ts';
import { operationCount } from '../types/transaction.ts';
import { EvictionHeap } from './eviction-heap.ts';
import { FirstInLine } from './first-in-line.ts';
import { type Candidate, PooledTransaction } from './pooled-transaction.ts';
import { aged, worthOf } from './priority.ts';
import { BEHIND_A_GAP, SenderQueue } from './sender-queue.ts';

export interface MempoolLimits {
  readonly transactions: number;
  /** Of their encodings; what the objects take beside is about as much for the smallest. */
  readonly bytes: number;
  readonly perSender: number;
  /** While the pool is full: nobody fills it alone. */
  readonly perSenderWhenFull: number;
  /** How far a nonce may lie beyond the first one that is missing: what overtook another on its way, not what will come some day. */
  readonly ahead: number;
  readonly expireMs: number;
  /** Of those that wait behind a gap. */
  readonly expireGapMs: number;
  readonly roundMs: number;
  /** Rounds for which a transaction is left alone that a block has taken. If it is not executed by then, that block came to nothing. */
  readonly takenRounds: number;
  /** Rounds after which a transaction of another proposer's share is everybody's. */
  readonly shareRounds: number;
  /** The same for one that was given to this node: the owner of the share comes first, so that not every block carries it twice. */
  readonly localRounds: number;
}

export const DEFAULT_LIMITS: MempoolLimits = {
  transactions: 150_000,
  bytes: 67_108_864,
  perSender: 256,
  perSenderWhenFull: 16,
  ahead: 64,
  expireMs: 3 * 3_600_000,
  expireGapMs: 300_000,
  roundMs: 1_000,
  takenRounds: 8,
  shareRounds: 3,
  localRounds: 1,
};

export interface MempoolOptions {
  readonly limits?: Partial<MempoolLimits>;
  /** As of the last executed block. */
  readonly accountOf: (
    address: Uint8Array,
  ) => { readonly balance: bigint; readonly nonce: bigint } | undefined;
  /** Milliseconds; does not go back. */
  readonly now: () => number;
  readonly chainId: number;
  /** For each operation, nano-AiOS. */
  readonly minimumFee: bigint;
  /** What a sender has staked itself; nobody has anything when it is not given. */
  readonly stakeOf?: (address: Uint8Array) => bigint;
  readonly minimumStake?: bigint;
}

export interface TakeOptions {
  /** Of the block. What it takes is left alone by later rounds, until it is executed or they are many. */
  readonly round: number;
  readonly maxBytes: number;
  readonly maxOperations: number;
  /** This proposer's place among those of the round: each takes its own senders first. */
  readonly share?: { readonly of: number; readonly nth: number };
}

/**
 * How much more one must pay to replace a transaction, in eighths: 12.5%. Every replacement is checked and passed on by everybody, who are paid
 * for one of them only; in steps of an eighth six replacements double the price, and a thousand are beyond any balance.
 */
const replacementEighths = 9n;
/** Of each transaction in a block, its length. */
const lengthBytes = 2;
/** Transactions in a row for which there is no room in a block, before it counts as full. */
const mostMisfits = 64;

/** Bytes as a map's key: cheaper than digits. */
const keyOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

export class Mempool {
  readonly #options: MempoolOptions;
  readonly #limits: MempoolLimits;
  readonly #byId = new Map<string, PooledTransaction>();
  readonly #senders = new Map<string, SenderQueue>();
  readonly #first = new FirstInLine();
  /** Kept only while the pool is, or was lately, full. */
  readonly #evictions = new EvictionHeap();
  #isRanked = false;
  #bytes = 0;
  /** The highest that was heard of. */
  #lastRound = -1;

  constructor(options: MempoolOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Of their encodings. */
  get bytes(): number {
    return this.#bytes;
  }

  has(id: Uint8Array): boolean {
    return this.#byId.has(keyOf(id));
  }

  get(id: Uint8Array): PooledTransaction | undefined {
    return this.#byId.get(keyOf(id));
  }

  /** All of them, the oldest first. */
  transactions(): Iterable<PooledTransaction> {
    return this.#byId.values();
  }

  /** The nonce of the next transaction that an account would send. */
  pendingNonce(address: Uint8Array): bigint {
    const queue = this.#senders.get(keyOf(address));
    return queue ? BigInt(queue.missing) : (this.#options.accountOf(address)?.nonce ?? 0n);
  }

  /** What a transaction's place in the order follows from, now. */
  priorityOf(entry: PooledTransaction): number {
    return this.#priorityOf(entry);
  }

  /** Takes a transaction in, whose signature was checked. */
  add(candidate: Candidate): Admission {
    const { transaction } = candidate;
    const { chainId, minimumFee } = this.#options;
    const limits = this.#limits;
    const id = keyOf(candidate.id);
    if (this.#byId.has(id)) return refused('ALREADY_KNOWN', 'it waits already');
    if (transaction.chainId !== chainId)
      return refused('WRONG_CHAIN', `it is for chain ${transaction.chainId}, and this is chain ${chainId}`);
    if (transaction.fee < minimumFee)
      return refused(
        'FEE_TOO_LOW',
        `it pays ${transaction.fee} an operation, and the least is ${minimumFee}`,
      );

    const key = keyOf(candidate.sender);
    const queue = this.#senders.get(key) ?? this.#queueOf(key, candidate.sender);
    if (!queue) return refused('INSUFFICIENT_BALANCE', 'its sender has nothing to pay the fee with');
    const { nonce } = transaction;
    if (nonce < BigInt(queue.nonce))
      return refused('NONCE_TOO_LOW', `its nonce is ${nonce}, and the next one is ${queue.nonce}`);
    const end = Math.min(queue.missing + limits.ahead, queue.nonce + limits.perSender);
    if (nonce >= BigInt(end))
      return refused(
        'NONCE_TOO_HIGH',
        `its nonce is ${nonce}, and the next one is ${queue.missing}: send those between first`,
      );

    const entry = this.#entryOf(id, candidate);
    const other = queue.at(entry.nonce);
    if (other) {
      if (other.inRound !== -1 && this.#lastRound < other.inRound + limits.takenRounds)
        return refused('REPLACEMENT_TOO_LATE', 'the one with its nonce is in a block already');
      if (entry.fee * 8n < other.fee * replacementEighths || entry.worth * 8 < other.worth * 9)
        return refused(
          'REPLACEMENT_UNDERPRICED',
          `another one with nonce ${nonce} pays ${other.fee}: pay an eighth more, in all and for each byte`,
        );
    }
    const fees = queue.fees + entry.fee - (other?.fee ?? 0n);
    if (fees > queue.balance && !this.#affords(queue, fees))
      return refused(
        'INSUFFICIENT_BALANCE',
        `its sender has ${queue.balance}, and the fees of all that waits from it would be ${fees}`,
      );
    if (!this.#makeRoom(queue, entry, other))
      return refused('MEMPOOL_FULL', 'there is no room for what pays so little: pay more, or try later');
    if (other) this.#forget(other);
    this.#keep(queue, entry);
    return { admitted: true, id: candidate.id };
  }

  /**
   * Transactions for a block: those that can be executed now, each sender's in the order of their nonces, the highest priority first.
   * They stay until they are executed, and are not taken again by the next rounds.
   */
  take({ round, maxBytes, maxOperations, share }: TakeOptions): readonly PooledTransaction[] {
    this.#lastRound = Math.max(this.#lastRound, round);
    const now = this.#options.now();
    const { localRounds, roundMs, shareRounds, takenRounds } = this.#limits;
    const isTaken = (inRound: number) => inRound !== -1 && round < inRound + takenRounds;
    // Whose turn it is moves on with the rounds, so that no proposer has a sender for itself.
    const mayTake = (lot: number, local: boolean, rounds: number) =>
      !share || (lot + round) % share.of === share.nth || rounds > (local ? localRounds : shareRounds);
    const nextIn = ({ entries, ready, lot }: SenderQueue, from: number) => {
      for (let place = from; place < ready; place++) {
        const entry = entries[place] as PooledTransaction;
        if (!isTaken(entry.inRound))
          return mayTake(lot, entry.local, (now - entry.since) / roundMs) ? place : -1;
      }
      return -1;
    };
    const order = this.#first.arrange(now, roundMs, isTaken, mayTake, (queue) => nextIn(queue, 1));
    const taken: PooledTransaction[] = [];
    let bytes = maxBytes;
    let operations = maxOperations;
    for (let misfits = 0; misfits < mostMisfits && order.length > 0; ) {
      const { slot, place } = order;
      const entry = this.#first.entryAt(slot, place);
      const size = entry.bytes + lengthBytes;
      if (size > bytes || entry.operations > operations) {
        // Nor is there room for what comes after it: its nonces would have a gap.
        misfits++;
        order.drop();
        continue;
      }
      misfits = 0;
      bytes -= size;
      operations -= entry.operations;
      taken.push(entry);
      const more = this.#first.mark(slot, place, entry, round);
      const queue = more ? this.#first.queueAt(slot) : undefined;
      const next = queue ? nextIn(queue, place + 1) : -1;
      const later = queue?.entries[next];
      if (later) order.replace(next, this.#priorityAt(later, now));
      else order.drop();
    }
    return taken;
  }

  /** Somebody's block of this round has these: they are left alone as if they had been taken here. */
  included(ids: Iterable<Uint8Array>, round: number): void {
    this.#lastRound = Math.max(this.#lastRound, round);
    for (const id of ids) {
      const entry = this.#byId.get(keyOf(id));
      if (entry) this.#mark(entry, Math.max(entry.inRound, round));
    }
  }

  /**
   * The accounts of these have changed: after each executed block, all senders in it. Drops what is done or overtaken, and what its sender can no
   * longer pay for.
   */
  executed(addresses: Iterable<Uint8Array>): void {
    for (const address of addresses) {
      const queue = this.#senders.get(keyOf(address));
      if (queue) this.#refresh(queue);
    }
  }

  /**
   * A reorganization has undone these, in the order in which they were executed: they come back, as far as there is room. Call it once the state is
   * what it was before them.
   */
  unexecuted(candidates: Iterable<Candidate>): void {
    const all = [...candidates];
    this.executed(all.map(({ sender }) => sender));
    for (const candidate of all) {
      const known = this.#byId.get(keyOf(candidate.id));
      if (known) this.#mark(known, -1);
      else this.add(candidate);
    }
  }

  /** Drops what has waited too long. */
  expire(): void {
    const { expireMs, expireGapMs } = this.#limits;
    const now = this.#options.now();
    const touched = new Set<SenderQueue>();
    // In the order in which they came, but for those that came back.
    for (const entry of this.#byId.values()) {
      const age = now - entry.since;
      if (age < expireGapMs) break;
      const queue = this.#senders.get(keyOf(entry.sender)) as SenderQueue;
      if (age < expireMs && entry.nonce < queue.missing) continue;
      this.#remove(queue, entry);
      touched.add(queue);
    }
    for (const queue of touched) this.#settle(queue);
  }

  #priorityAt(entry: PooledTransaction, now: number): number {
    return aged(entry.worth, (now - entry.since) / this.#limits.roundMs);
  }

  #entryOf(key: string, candidate: Candidate): PooledTransaction {
    const { stakeOf, minimumStake = 0n, now } = this.#options;
    const operations = operationCount(candidate.transaction);
    const perByte = (Number(candidate.transaction.fee) * operations) / candidate.encoded.length;
    const stakeShare =
      stakeOf && minimumStake > 0n ? Number(stakeOf(candidate.sender)) / Number(minimumStake) : 0;
    return new PooledTransaction(key, candidate, operations, worthOf(perByte, stakeShare), now());
  }

  /** A queue for a sender who has none; it is not kept yet. */
  #queueOf(key: string, address: Uint8Array): SenderQueue | undefined {
    const account = this.#options.accountOf(address);
    if (!account || account.balance === 0n) return undefined;
    return new SenderQueue(key, address, Number(account.nonce), account.balance);
  }

  /** Its balance may have grown since it was looked at last. */
  #affords(queue: SenderQueue, fees: bigint): boolean {
    const account = this.#options.accountOf(queue.address);
    if (account) queue.balance = account.balance;
    return fees <= queue.balance;
  }

  readonly #rankOf = (queue: SenderQueue): number => queue.weakest(this.#priorityOf);
  readonly #priorityOf = (entry: PooledTransaction): number => this.#priorityAt(entry, this.#options.now());

  /** A queue has changed that is not empty. */
  #changed(queue: SenderQueue): void {
    this.#first.set(queue);
    if (this.#isRanked) this.#evictions.set(queue, this.#rankOf(queue));
  }

  #mark(entry: PooledTransaction, round: number): void {
    entry.inRound = round;
    const queue = this.#senders.get(keyOf(entry.sender));
    if (queue) this.#first.set(queue);
  }

  /**
   * Gives up the weakest for something stronger, as many as it takes.
   * @param other what it replaces
   * @returns false, and nothing has changed, when there is not enough that is weaker
   */
  #makeRoom(queue: SenderQueue, entry: PooledTransaction, other: PooledTransaction | undefined): boolean {
    const { bytes, transactions, perSenderWhenFull } = this.#limits;
    const mostBytes = bytes - entry.bytes + (other?.bytes ?? 0);
    const most = transactions - (other ? 0 : 1);
    if (this.#bytes <= mostBytes && this.size <= most) return true;
    if (!other && queue.length >= perSenderWhenFull) return false;
    if (!this.#isRanked) {
      this.#isRanked = true;
      for (const each of this.#senders.values()) this.#evictions.set(each, this.#rankOf(each));
    }
    const rank = this.#rankOfNew(queue, entry);
    const given: [SenderQueue, PooledTransaction][] = [];
    while (this.#bytes > mostBytes || this.size > most) {
      const weakest = this.#evictions.weakest(this.#rankOf);
      // What is replaced makes room by itself; giving it up here would count it twice.
      if (!weakest?.tail || weakest.rank >= rank || weakest.tail === other) {
        for (const [from, each] of given.reverse()) this.#keep(from, each);
        return false;
      }
      const { tail } = weakest;
      given.push([weakest, tail]);
      this.#remove(weakest, tail);
      this.#settle(weakest);
    }
    return true;
  }

  /** What it would be worth as the last of its queue. */
  #rankOfNew(queue: SenderQueue, entry: PooledTransaction): number {
    let rank = this.#priorityOf(entry);
    if (entry.nonce > queue.missing) return rank * BEHIND_A_GAP;
    for (const each of queue.entries)
      if (each.nonce < entry.nonce) rank = Math.min(rank, this.#priorityOf(each));
    return rank;
  }

  /** There is room again: nobody needs to know who is weakest. */
  #unrank(): void {
    const { bytes, transactions } = this.#limits;
    if (!this.#isRanked || 2 * this.#bytes > bytes || 2 * this.size > transactions) return;
    this.#isRanked = false;
    this.#evictions.clear();
  }

  #keep(queue: SenderQueue, entry: PooledTransaction): void {
    this.#senders.set(queue.key, queue);
    queue.put(entry);
    this.#byId.set(entry.key, entry);
    this.#bytes += entry.bytes;
    this.#changed(queue);
  }

  #refresh(queue: SenderQueue): void {
    const account = this.#options.accountOf(queue.address);
    const { balance, nonce } = account ?? { balance: 0n, nonce: 0n };
    if (queue.nonce === Number(nonce) && queue.balance === balance) return;
    for (const done of queue.move(Number(nonce), balance)) this.#forget(done);
    while (queue.fees > balance && queue.tail) this.#remove(queue, queue.tail);
    this.#settle(queue);
  }

  #remove(queue: SenderQueue, entry: PooledTransaction): void {
    queue.remove(entry);
    this.#forget(entry);
  }

  #forget(entry: PooledTransaction): void {
    this.#byId.delete(entry.key);
    this.#bytes -= entry.bytes;
  }

  /** After something has left a queue. */
  #settle(queue: SenderQueue): void {
    if (queue.length > 0) {
      this.#changed(queue);
      return;
    }
    this.#evictions.remove(queue);
    this.#first.remove(queue);
    this.#senders.delete(queue.key);
    this.#unrank();
  }
}

const refused = (code: string, why: string): Admission => ({
  admitted: false,
  code,
  why: `The transaction is refused: ${why}.`,
});
