// Token buckets by client. Bounded in memory: a bucket that is full again is forgotten.
import { AiosError } from '#node/platform/errors.ts';
import type { RateLimit } from '../gateway-options.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** Clients remembered at most; beyond it the ones heard least recently start with a full bucket. */
const MAX_CLIENTS = 50_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** `now` in milliseconds, monotonic; tests hand in their own. */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  get clients(): number {
    return this.#buckets.size;
  }

  /**
   * Admits one operation of a client.
   * @throws AiosError `RATE_LIMITED` with `retryAfterSeconds` when the bucket is empty; nothing is taken then.
   */
  take(client: string, tokens = 1): void {
    const now = this.#now();
    const { burst, perSecond } = this.#limit;
    const bucket = this.#buckets.get(client) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    if (this.#buckets.size > MAX_CLIENTS) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    if (bucket.tokens < 1) {
      const retryAfterSeconds = Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      throw new AiosError(
        'RATE_LIMITED',
        `too many operations: at most ${perSecond} a second and ${burst} at once; try again in ${retryAfterSeconds} s`,
        { details: { retryAfterSeconds } },
      );
    }
    bucket.tokens -= tokens;
  }

  /** Takes tokens for what an admitted operation turned out to cost; may leave the bucket in debt. */
  charge(client: string, tokens: number): void {
    const bucket = this.#buckets.get(client);
    if (bucket) bucket.tokens -= tokens;
  }
}
