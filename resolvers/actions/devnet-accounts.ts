// Accounts of the embedded devnet: the published ones, and one of its own for every viewer, derived from a secret seed and funded.
import { randomBytes } from 'node:crypto';
import { concat, keccak256, toUtf8Bytes, Wallet } from 'ethers';
import type pg from 'pg';
import type { DevnetAddresses } from '../identity/accounts.ts';

export interface DevnetAccount {
  readonly address: string;
  readonly label: string;
}

/** Published accounts, which the devnet's node signs for, and the accounts derived per DID, which we sign for. */
export class DevnetAccounts implements DevnetAddresses {
  readonly published: readonly DevnetAccount[];
  readonly #addresses: ReadonlySet<string>;
  readonly #seed: Uint8Array;

  private constructor(seed: Uint8Array, published: readonly DevnetAccount[]) {
    this.#seed = seed;
    this.published = published.map(({ address, label }) => ({ address: address.toLowerCase(), label }));
    this.#addresses = new Set(this.published.map(({ address }) => address));
  }

  /** Loads the seed, or makes it on first use; the tables are `actionsMigrations`. */
  static async open(pool: pg.Pool, published: readonly DevnetAccount[]): Promise<DevnetAccounts> {
    const { rows } = await pool.query<{ seed: Buffer }>(
      `with made as (
         insert into actions.devnet_seed (seed) values ($1) on conflict do nothing returning seed
       ) select seed from made union all select seed from actions.devnet_seed limit 1`,
      [randomBytes(32)],
    );
    const seed = rows[0]?.seed;
    // Another process made it between the two halves of the statement; now it is there.
    return seed ? new DevnetAccounts(seed, published) : DevnetAccounts.open(pool, published);
  }

  async addressFor(did: string): Promise<string> {
    return this.walletFor(did).address.toLowerCase();
  }

  /** The wallet of the address reserved for a DID. */
  walletFor(did: string): Wallet {
    return new Wallet(keccak256(concat([this.#seed, toUtf8Bytes(did)])));
  }

  isDevnetAddress(address: string): boolean {
    return this.#addresses.has(address.toLowerCase());
  }
}
