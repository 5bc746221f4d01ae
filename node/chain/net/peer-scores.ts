// What peers have done wrong: faults add up and fade, and who reaches the limit is refused for a while. Knows nothing of connections; bounded,
// whoever comes under however many names.
import type { Fault, PeerId } from './network.ts';

export interface PeerScoresOptions {
  /** Milliseconds, of a clock that does not go back. */
  readonly now: () => number;
  /** At which a peer is refused. */
  readonly limit?: number;
  /** In which what a peer has done counts half. */
  readonly halfLifeMs?: number;
  readonly refusedMs?: number;
  /** Peers that are remembered, at most; the least guilty are forgotten first. */
  readonly most?: number;
}

/** Bytes that are nothing come by no accident: three such are enough. A slow answer may be anybody's, ten of them in five minutes are not. */
export const WEIGHTS: Readonly<Record<Fault, number>> = {
  malformed: 40,
  invalid: 40,
  useless: 10,
  flood: 10,
};

interface FaultRecord {
  points: number;
  at: number;
}

export class PeerScores {
  readonly #now: () => number;
  readonly #limit: number;
  readonly #halfLifeMs: number;
  readonly #refusedMs: number;
  readonly #most: number;
  readonly #records = new Map<PeerId, FaultRecord>();
  /** Until when, in the order in which they were refused: all for the same time, so the first is over first. */
  readonly #refused = new Map<PeerId, number>();

  constructor({
    now,
    limit = 100,
    halfLifeMs = 300_000,
    refusedMs = 900_000,
    most = 4_096,
  }: PeerScoresOptions) {
    this.#now = now;
    this.#limit = limit;
    this.#halfLifeMs = halfLifeMs;
    this.#refusedMs = refusedMs;
    this.#most = most;
  }

  /** Counts a fault. @returns whether the peer is refused from now on */
  blame(peer: PeerId, fault: Fault): boolean {
    if (this.isRefused(peer)) return true;
    const points = this.score(peer) + WEIGHTS[fault];
    if (points < this.#limit) {
      this.#records.set(peer, { points, at: this.#now() });
      if (this.#records.size > this.#most) this.#forget();
      return false;
    }
    this.#records.delete(peer);
    this.#refused.set(peer, this.#now() + this.#refusedMs);
    if (this.#refused.size > this.#most) {
      const first = this.#refused.keys().next();
      if (!first.done) this.#refused.delete(first.value);
    }
    return true;
  }

  /** 0 for who has done nothing; the limit is never reached, but for those who are refused. */
  score(peer: PeerId): number {
    if (this.isRefused(peer)) return this.#limit;
    const record = this.#records.get(peer);
    return record ? this.#faded(record) : 0;
  }

  isRefused(peer: PeerId): boolean {
    const until = this.#refused.get(peer);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#refused.delete(peer);
    return false;
  }

  /** How many peers something is known of. */
  get size(): number {
    return this.#records.size + this.#refused.size;
  }

  #faded({ points, at }: FaultRecord): number {
    return points * 0.5 ** ((this.#now() - at) / this.#halfLifeMs);
  }

  /** The less guilty half at once, so that a stream of new names costs each of them a constant. */
  #forget(): void {
    const byGuilt = [...this.#records].sort(([, a], [, b]) => this.#faded(b) - this.#faded(a));
    this.#records.clear();
    for (const [peer, record] of byGuilt.slice(0, Math.ceil(this.#most / 2))) this.#records.set(peer, record);
  }
}
