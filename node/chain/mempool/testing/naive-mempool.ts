// The mempool by its rules alone: one list, sorted and searched anew for every question. The oracle of the tests.
import { operationCount } from '../../types/transaction.ts';
import type { MempoolLimits } from '../mempool.ts';
import type { Candidate } from '../pooled-transaction.ts';
import { priority } from '../priority.ts';

export interface NaiveEntry {
  readonly candidate: Candidate;
  readonly id: string;
  readonly sender: string;
  readonly nonce: number;
  readonly fee: bigint;
  readonly operations: number;
  readonly bytes: number;
  readonly since: number;
  inRound: number;
}

export interface NaiveAccount {
  nonce: number;
  balance: bigint;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

export class NaiveMempool {
  entries: NaiveEntry[] = [];
  lastRound = -1;
  /** Accounts as they were when the pool last looked. */
  readonly seen = new Map<string, NaiveAccount>();

  constructor(
    readonly limits: MempoolLimits,
    readonly accounts: ReadonlyMap<string, NaiveAccount>,
    readonly now: () => number,
    readonly minimumFee: bigint,
    readonly stakeShareOf: (sender: string) => number,
  ) {}

  of(sender: string): NaiveEntry[] {
    return this.entries.filter((each) => each.sender === sender).sort((a, b) => a.nonce - b.nonce);
  }

  missing(sender: string): number {
    let nonce = this.account(sender).nonce;
    const nonces = new Set(this.of(sender).map((each) => each.nonce));
    while (nonces.has(nonce)) nonce++;
    return nonce;
  }

  /** While it has transactions here, as it was last looked at. */
  account(sender: string): NaiveAccount {
    const now = this.accounts.get(sender) ?? { nonce: 0, balance: 0n };
    const known = this.of(sender).length > 0 ? this.seen.get(sender) : undefined;
    return known ?? { ...now };
  }

  priorityOf(entry: NaiveEntry, at = this.now()): number {
    return priority(
      Number(entry.fee) / entry.bytes,
      this.stakeShareOf(entry.sender),
      (at - entry.since) / this.limits.roundMs,
    );
  }

  isTaken(entry: NaiveEntry, round: number): boolean {
    return entry.inRound >= 0 && round - entry.inRound < this.limits.takenRounds;
  }

  /** What its last entry is worth, by the definition. */
  weakestOf(sender: string, queue = this.of(sender)): number {
    const tail = queue[queue.length - 1];
    if (!tail) return Number.POSITIVE_INFINITY;
    if (tail.nonce - this.account(sender).nonce >= queue.length) return this.priorityOf(tail) * 1e-100;
    return Math.min(...queue.map((each) => this.priorityOf(each)));
  }

  add(candidate: Candidate): string {
    const { limits } = this;
    const operations = operationCount(candidate.transaction);
    const entry: NaiveEntry = {
      candidate,
      id: hex(candidate.id),
      sender: hex(candidate.sender),
      nonce: Number(candidate.transaction.nonce),
      fee: candidate.transaction.fee * BigInt(operations),
      operations,
      bytes: candidate.encoded.length,
      since: this.now(),
      inRound: -1,
    };
    if (this.entries.some(({ id }) => id === entry.id)) return 'ALREADY_KNOWN';
    if (candidate.transaction.fee < this.minimumFee) return 'FEE_TOO_LOW';
    const account = this.account(entry.sender);
    const queue = this.of(entry.sender);
    if (queue.length === 0 && account.balance === 0n) return 'INSUFFICIENT_BALANCE';
    if (entry.nonce < account.nonce) return 'NONCE_TOO_LOW';
    const missing = this.missing(entry.sender);
    if (entry.nonce >= missing + limits.ahead || entry.nonce >= account.nonce + limits.perSender)
      return 'NONCE_TOO_HIGH';
    const other = queue.find(({ nonce }) => nonce === entry.nonce);
    if (other) {
      if (this.isTaken(other, this.lastRound)) return 'REPLACEMENT_TOO_LATE';
      if (Number(entry.fee) < Number(other.fee) * 1.125) return 'REPLACEMENT_UNDERPRICED';
      if (Number(entry.fee) / entry.bytes < (Number(other.fee) / other.bytes) * 1.125)
        return 'REPLACEMENT_UNDERPRICED';
    }
    const fees = queue.reduce((sum, each) => sum + each.fee, entry.fee) - (other?.fee ?? 0n);
    if (fees > account.balance) {
      account.balance = this.accounts.get(entry.sender)?.balance ?? 0n;
      if (queue.length > 0) this.seen.set(entry.sender, account);
      if (fees > account.balance) return 'INSUFFICIENT_BALANCE';
    }
    const before = this.entries;
    const fits = () => {
      const rest = this.entries.filter((each) => each !== other);
      const bytes = rest.reduce((sum, each) => sum + each.bytes, 0);
      return rest.length < limits.transactions && bytes + entry.bytes <= limits.bytes;
    };
    if (!fits()) {
      if (!other && queue.length >= limits.perSenderWhenFull) return 'MEMPOOL_FULL';
      const rank =
        entry.nonce > missing
          ? this.priorityOf(entry) * 1e-100
          : Math.min(
              this.priorityOf(entry),
              ...queue.filter(({ nonce }) => nonce < entry.nonce).map((each) => this.priorityOf(each)),
            );
      while (!fits()) {
        const [weakest] = [...new Set(this.entries.map(({ sender }) => sender))]
          .map((sender) => ({ sender, rank: this.weakestOf(sender) }))
          .sort((a, b) => a.rank - b.rank);
        const tail = weakest && this.of(weakest.sender).at(-1);
        if (!weakest || !tail || weakest.rank >= rank || tail === other) {
          this.entries = before;
          return 'MEMPOOL_FULL';
        }
        this.entries = this.entries.filter((each) => each !== tail);
      }
    }
    this.entries = [...this.entries.filter((each) => each !== other), entry];
    this.seen.set(entry.sender, account);
    return 'admitted';
  }

  /** The best of all first entries that may be taken, again and again. */
  take(
    round: number,
    maxBytes: number,
    maxOperations: number,
    share?: { readonly of: number; readonly nth: number },
  ): NaiveEntry[] {
    this.lastRound = Math.max(this.lastRound, round);
    const taken: NaiveEntry[] = [];
    const closed = new Set<string>();
    let bytes = maxBytes;
    let operations = maxOperations;
    for (;;) {
      const firsts: NaiveEntry[] = [];
      for (const sender of new Set(this.entries.map((each) => each.sender))) {
        if (closed.has(sender)) continue;
        const missing = this.missing(sender);
        const entry = this.of(sender).find((each) => each.nonce < missing && !this.isTaken(each, round));
        if (!entry) continue;
        const lot = Number.parseInt(sender.slice(32, 38), 16);
        const waited = (this.now() - entry.since) / this.limits.roundMs;
        const patience = entry.candidate.local ? this.limits.localRounds : this.limits.shareRounds;
        if (share && (lot + round) % share.of !== share.nth && waited <= patience) continue;
        firsts.push(entry);
      }
      firsts.sort((a, b) => this.priorityOf(b) - this.priorityOf(a));
      const [best] = firsts;
      if (!best) return taken;
      if (best.bytes + 2 > bytes || best.operations > operations) {
        closed.add(best.sender);
        continue;
      }
      bytes -= best.bytes + 2;
      operations -= best.operations;
      best.inRound = round;
      taken.push(best);
    }
  }

  executed(senders: Iterable<string>): void {
    for (const sender of senders) {
      if (this.of(sender).length === 0) continue;
      const { nonce, balance } = this.accounts.get(sender) ?? { nonce: 0, balance: 0n };
      this.seen.set(sender, { nonce, balance });
      this.entries = this.entries.filter((each) => each.sender !== sender || each.nonce >= nonce);
      for (;;) {
        const queue = this.of(sender);
        const fees = queue.reduce((sum, { fee }) => sum + fee, 0n);
        if (fees <= balance) break;
        this.entries = this.entries.filter((each) => each !== queue.at(-1));
      }
    }
  }

  expire(): void {
    const now = this.now();
    for (const entry of [...this.entries]) {
      const age = now - entry.since;
      if (age < this.limits.expireGapMs) continue;
      if (age < this.limits.expireMs && entry.nonce < this.missing(entry.sender)) continue;
      this.entries = this.entries.filter((each) => each !== entry);
    }
  }
}
