// Transactions of addresses that only this platform sends from: stored as they were signed, under a key, before they are sent. Whoever asks
// again under the same key, in whichever process, sends the same transaction, which the chain takes once.
import { type JsonRpcProvider, keccak256, type Wallet } from 'ethers';
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';

export interface SignedTransaction {
  readonly hash: string;
  readonly raw: string;
  readonly sender: string;
  readonly nonce: number;
}

export interface Call {
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
}

interface Row {
  readonly hash: string;
  readonly raw: string;
  readonly sender: string;
  readonly nonce: string;
}

const signedOf = (row: Row): SignedTransaction => ({ ...row, nonce: Number(row.nonce) });

export class SignedTransactions {
  readonly #pool: pg.Pool;
  readonly #provider: JsonRpcProvider;
  readonly #chainId: number;

  constructor(options: {
    readonly pool: pg.Pool;
    readonly provider: JsonRpcProvider;
    readonly chainId: number;
  }) {
    this.#pool = options.pool;
    this.#provider = options.provider;
    this.#chainId = options.chainId;
  }

  /** Asks the chain past the provider's cache. */
  rpc<Answer = string>(method: string, ...params: unknown[]): Promise<Answer> {
    return this.#provider.send(method, params) as Promise<Answer>;
  }

  /** What was signed under a key. */
  async known(key: string): Promise<SignedTransaction | undefined> {
    const { rows } = await this.#pool.query<Row>(
      'select hash, raw, sender, nonce from agents.transfers where key = $1',
      [key],
    );
    return rows[0] && signedOf(rows[0]);
  }

  /** Signs a call under a key with the sender's next nonce, or returns what was signed under it before. */
  async sign(key: string, wallet: Wallet, { to, data, gasLimit }: Call): Promise<SignedTransaction> {
    const sender = wallet.address.toLowerCase();
    return inTransaction(this.#pool, async (client) => {
      // One at a time: two transactions with one nonce would be one.
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 9))', [sender]);
      const again = await client.query<Row>(
        'select hash, raw, sender, nonce from agents.transfers where key = $1',
        [key],
      );
      if (again.rows[0]) return signedOf(again.rows[0]);
      const { rows } = await client.query<{ next: string | null }>(
        'select max(nonce) + 1 as next from agents.transfers where sender = $1',
        [sender],
      );
      const [pending, gasPrice] = await Promise.all([
        this.rpc('eth_getTransactionCount', sender, 'pending'),
        this.rpc('eth_gasPrice'),
      ]);
      const nonce = Math.max(Number(pending), Number(rows[0]?.next ?? 0));
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: this.#chainId,
        nonce,
        to,
        data,
        gasLimit,
        maxFeePerGas: BigInt(gasPrice) * 2n,
        maxPriorityFeePerGas: 0n,
      });
      const hash = keccak256(raw);
      await client.query(
        'insert into agents.transfers (key, sender, nonce, hash, raw) values ($1, $2, $3, $4, $5)',
        [key, sender, nonce, hash, raw],
      );
      return { hash, raw, sender, nonce };
    });
  }

  /** Sends it, or sends it again. @returns what the chain has against it; a chain that has it already says so, which is as good */
  async send({ raw }: SignedTransaction): Promise<string | undefined> {
    return this.rpc('eth_sendRawTransaction', raw).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
  }

  /** Whether it is in a block, and whether it succeeded there. */
  async receipt({ hash }: SignedTransaction): Promise<{ readonly succeeded: boolean } | undefined> {
    const receipt = await this.rpc<{ status: string } | null>('eth_getTransactionReceipt', hash);
    return receipt ? { succeeded: Number(receipt.status) === 1 } : undefined;
  }

  /** Whether it can never be included any more: it is in no block, and its nonce was used by another. */
  async isDisplaced(signed: SignedTransaction): Promise<boolean> {
    const count = Number(await this.rpc('eth_getTransactionCount', signed.sender, 'latest'));
    return count > signed.nonce && (await this.receipt(signed)) === undefined;
  }

  /** Forgets what was signed under a key, so that it is signed anew. Only for calls that may be made twice. */
  async forget(key: string): Promise<void> {
    await this.#pool.query('delete from agents.transfers where key = $1', [key]);
  }
}
