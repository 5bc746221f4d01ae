// Amounts of many that grow and shrink together: each has shares, all together the tokens, so that a reward or a cut costs the same whatever the
// number of owners. What does not divide stays with the pool: nobody takes out more than the shares are worth.

export interface Pool {
  readonly tokens: bigint;
  readonly shares: bigint;
  /** Grows when all tokens are cut: shares of generations before are worth nothing, and new ones can be had. */
  readonly generation: number;
}

/** Shares of one owner, in one generation of a pool. */
export interface Holding {
  readonly shares: bigint;
  readonly generation: number;
}

export const EMPTY_POOL: Pool = { tokens: 0n, shares: 0n, generation: 0 };

/** Shares may outnumber tokens by this much; so they have 128 bits at most. What is worth less is nothing. */
const MOST_SHARES_A_TOKEN = 2n ** 64n;

/** What shares of the pool's generation are worth. */
export const worthOf = ({ tokens, shares: all }: Pool, shares: bigint): bigint =>
  all === 0n ? 0n : (shares * tokens) / all;

/** Shares of a holding that count in the pool. */
export const sharesIn = ({ generation }: Pool, holding: Holding | undefined): bigint =>
  holding?.generation === generation ? holding.shares : 0n;

/** @returns the pool with so many more tokens, and the shares for them: none when the amount is worth less than one */
export function deposit(pool: Pool, amount: bigint): { readonly pool: Pool; readonly shares: bigint } {
  const { tokens, shares: all } = pool;
  const shares = all === 0n ? amount : (amount * all) / tokens;
  return { pool: { ...pool, tokens: tokens + amount, shares: all + shares }, shares };
}

/**
 * Takes an amount out for an owner of so many shares.
 * @returns the pool without it, and the shares that the owner has left; undefined when the owner's are worth less
 */
export function withdraw(
  pool: Pool,
  owned: bigint,
  amount: bigint,
): { readonly pool: Pool; readonly left: bigint } | undefined {
  const worth = worthOf(pool, owned);
  if (amount > worth) return undefined;
  // Shares that are worth nothing would stay behind for ever.
  const given = amount === worth ? owned : ceilingOf(amount * pool.shares, pool.tokens);
  return {
    pool: { ...pool, tokens: pool.tokens - amount, shares: pool.shares - given },
    left: owned - given,
  };
}

/** Takes tokens from all owners alike: all of them begin a new generation, and so does what leaves next to nothing. */
export function cut(pool: Pool, amount: bigint): { readonly pool: Pool; readonly taken: bigint } {
  const left = pool.tokens - amount;
  return pool.shares > left * MOST_SHARES_A_TOKEN || left <= 0n
    ? { pool: { tokens: 0n, shares: 0n, generation: pool.generation + 1 }, taken: pool.tokens }
    : { pool: { ...pool, tokens: left }, taken: amount };
}

/** For all owners alike. */
export const gain = (pool: Pool, amount: bigint): Pool => ({ ...pool, tokens: pool.tokens + amount });

const ceilingOf = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + denominator - 1n) / denominator;
