// Payments of agents in AiOS on the embedded devnet, each from its deployment's own address. A transaction is stored as it was signed
// before it is sent, under the payment's key: whoever asks again sends the same one, which the chain takes once.
import { setTimeout as delay } from 'node:timers/promises';
import { Interface, type JsonRpcProvider, type Wallet } from 'ethers';
import type pg from 'pg';
import { agentDid } from '#node/agents/capabilities/graphql.ts';
import type { PaymentExecutor, TokenTransfer } from '#node/agents/capabilities/pay.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import type { DevnetAccounts } from '../actions/devnet-accounts.ts';
import { revertDataOf, revertError } from '../actions/reverts.ts';
import { type SignedTransaction, SignedTransactions } from './signed-transactions.ts';

export interface TokenPaymentsOptions {
  readonly pool: pg.Pool;
  readonly provider: JsonRpcProvider;
  readonly runner: ActionRunner;
  readonly accounts: DevnetAccounts;
  /** How long a transaction is followed before its outcome counts as unknown. */
  readonly maxWaitMs?: number;
}

const erc20 = new Interface(['function transfer(address to, uint256 value) returns (bool)']);
const defaultMaxWaitMs = 20_000;
const pollMs = 50;
const resendMs = 1_000;
const gasLimit = 120_000n;

/** The executor of `pay.send` for the token `AiOS`. */
export function tokenPayments(options: TokenPaymentsOptions): PaymentExecutor {
  const { pool, provider, runner, accounts } = options;
  const transactions = new SignedTransactions({ pool, provider, chainId: runner.chainId });

  const sign = async (transfer: TokenTransfer, wallet: Wallet): Promise<SignedTransaction> => {
    const to = runner.contracts.aiosToken;
    const data = erc20.encodeFunctionData('transfer', [transfer.payee, transfer.amount]);
    try {
      await transactions.rpc('eth_call', { from: wallet.address.toLowerCase(), to, data }, 'pending');
    } catch (error) {
      const revert = revertDataOf(error);
      if (revert === undefined) throw error;
      throw new AiosError('PAYMENT_REFUSED', revertError(revert).message);
    }
    return transactions.sign(transfer.idempotencyKey, wallet, { to, data, gasLimit });
  };

  /** Sends until there is a receipt. A chain that has the transaction already says so, which is as good. */
  const follow = async (signed: SignedTransaction, signal: AbortSignal): Promise<void> => {
    const deadline = Date.now() + (options.maxWaitMs ?? defaultMaxWaitMs);
    let sentAt = 0;
    let refusal = '';
    while (!signal.aborted && Date.now() < deadline) {
      if (Date.now() - sentAt >= resendMs) {
        sentAt = Date.now();
        refusal = (await transactions.send(signed)) ?? '';
      }
      const receipt = await transactions.receipt(signed);
      if (receipt?.succeeded) return;
      if (receipt)
        throw new AiosError(
          'PAYMENT_REFUSED',
          `Transaction ${signed.hash} was included but failed. Nothing was paid.`,
        );
      await delay(pollMs, undefined, { signal }).catch(() => {});
    }
    throw new Error(`transaction ${signed.hash} is not included yet ${refusal}`);
  };

  return async (transfer, signal) => {
    if (transfer.token !== 'AiOS') {
      throw new AiosError(
        'PAYMENT_REFUSED',
        `Only the token "AiOS" can be paid here, not ${JSON.stringify(transfer.token)}. Change capabilities.pay.token and deploy a new version.`,
      );
    }
    const did = agentDid(transfer.deploymentId);
    const earlier = await transactions.known(transfer.idempotencyKey);
    if (!earlier) await runner.devnetAddress(did);
    const signed = earlier ?? (await sign(transfer, accounts.walletFor(did)));
    await follow(signed, signal);
    return { transaction: signed.hash };
  };
}
