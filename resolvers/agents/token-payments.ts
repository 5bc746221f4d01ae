// Payments of agents in AiOS on the embedded devnet, each from its deployment's own address. A transaction is stored as it was signed
// before it is sent, under the payment's key: whoever asks again sends the same one, which the chain takes once.
import { setTimeout as delay } from 'node:timers/promises';
import { Interface, type JsonRpcProvider, keccak256, type Wallet } from 'ethers';
import type pg from 'pg';
import { agentDid } from '#node/agents/capabilities/graphql.ts';
import type { PaymentExecutor, TokenTransfer } from '#node/agents/capabilities/pay.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import type { DevnetAccounts } from '../actions/devnet-accounts.ts';
import { revertDataOf, revertError } from '../actions/reverts.ts';

export interface TokenPaymentsOptions {
  readonly pool: pg.Pool;
  readonly provider: JsonRpcProvider;
  readonly runner: ActionRunner;
  readonly accounts: DevnetAccounts;
  /** How long a transaction is followed before its outcome counts as unknown. */
  readonly maxWaitMs?: number;
}

interface Signed {
  readonly hash: string;
  readonly raw: string;
}

const erc20 = new Interface(['function transfer(address to, uint256 value) returns (bool)']);
const defaultMaxWaitMs = 20_000;
const pollMs = 50;
const resendMs = 1_000;
const gasLimit = 120_000n;

/** The executor of `pay.send` for the token `AiOS`. */
export function tokenPayments(options: TokenPaymentsOptions): PaymentExecutor {
  const { pool, provider, runner, accounts } = options;
  const rpc = (method: string, ...params: unknown[]) => provider.send(method, params) as Promise<string>;

  const known = async (key: string): Promise<Signed | undefined> => {
    const { rows } = await pool.query<Signed>('select hash, raw from agents.transfers where key = $1', [key]);
    return rows[0];
  };

  const sign = async (transfer: TokenTransfer, wallet: Wallet): Promise<Signed> => {
    const sender = wallet.address.toLowerCase();
    const to = runner.contracts.aiosToken;
    const data = erc20.encodeFunctionData('transfer', [transfer.payee, transfer.amount]);
    try {
      await rpc('eth_call', { from: sender, to, data }, 'pending');
    } catch (error) {
      const revert = revertDataOf(error);
      if (revert === undefined) throw error;
      throw new AiosError('PAYMENT_REFUSED', revertError(revert).message);
    }
    return inTransaction(pool, async (client) => {
      // One at a time: two transactions with one nonce would be one.
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 9))', [sender]);
      const again = await client.query<Signed>('select hash, raw from agents.transfers where key = $1', [
        transfer.idempotencyKey,
      ]);
      if (again.rows[0]) return again.rows[0];
      const { rows } = await client.query<{ next: string | null }>(
        'select max(nonce) + 1 as next from agents.transfers where sender = $1',
        [sender],
      );
      const [pending, gasPrice] = await Promise.all([
        rpc('eth_getTransactionCount', sender, 'pending'),
        rpc('eth_gasPrice'),
      ]);
      const nonce = Math.max(Number(pending), Number(rows[0]?.next ?? 0));
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: runner.chainId,
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
        [transfer.idempotencyKey, sender, nonce, hash, raw],
      );
      return { hash, raw };
    });
  };

  /** Sends until there is a receipt. A chain that has the transaction already says so, which is as good. */
  const follow = async ({ hash, raw }: Signed, signal: AbortSignal): Promise<void> => {
    const deadline = Date.now() + (options.maxWaitMs ?? defaultMaxWaitMs);
    let sentAt = 0;
    let refusal = '';
    while (!signal.aborted && Date.now() < deadline) {
      if (Date.now() - sentAt >= resendMs) {
        sentAt = Date.now();
        await rpc('eth_sendRawTransaction', raw).catch((error: unknown) => {
          refusal = messageOf(error);
        });
      }
      const receipt = (await provider.send('eth_getTransactionReceipt', [hash])) as { status: string } | null;
      if (receipt && Number(receipt.status) === 1) return;
      if (receipt)
        throw new AiosError(
          'PAYMENT_REFUSED',
          `Transaction ${hash} was included but failed. Nothing was paid.`,
        );
      await delay(pollMs, undefined, { signal }).catch(() => {});
    }
    throw new Error(`transaction ${hash} is not included yet ${refusal}`);
  };

  return async (transfer, signal) => {
    if (transfer.token !== 'AiOS') {
      throw new AiosError(
        'PAYMENT_REFUSED',
        `Only the token "AiOS" can be paid here, not ${JSON.stringify(transfer.token)}. Change capabilities.pay.token and deploy a new version.`,
      );
    }
    const did = agentDid(transfer.deploymentId);
    const earlier = await known(transfer.idempotencyKey);
    if (!earlier) await runner.devnetAddress(did);
    const signed = earlier ?? (await sign(transfer, accounts.walletFor(did)));
    await follow(signed, signal);
    return { transaction: signed.hash };
  };
}
