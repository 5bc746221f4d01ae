// The door of anchoring: a job for one process, over the devnet's accounts.
import type { JsonRpcProvider } from 'ethers';
import type pg from 'pg';
import type { ActionRunner } from '../../actions/action-runner.ts';
import type { DevnetAccounts } from '../../actions/devnet-accounts.ts';
import { SignedTransactions } from '../signed-transactions.ts';
import { AnchorBatches } from './anchor-batches.ts';
import { RunAnchorer, type RunAnchorerOptions } from './run-anchorer.ts';

/** Whose address anchors. */
const anchorerDid = 'did:aios:run-anchorer';

/** Anchors in RunAnchor from an address of the platform's own. */
export function createRunAnchorer(
  options: {
    readonly pool: pg.Pool;
    readonly provider: JsonRpcProvider;
    readonly runner: ActionRunner;
    readonly accounts: DevnetAccounts;
  } & Pick<RunAnchorerOptions, 'bus' | 'feed' | 'most' | 'afterMs' | 'logger'>,
): RunAnchorer {
  const { pool, provider, runner, accounts, ...rest } = options;
  return new RunAnchorer({
    ...rest,
    batches: new AnchorBatches(pool),
    transactions: new SignedTransactions({ pool, provider, chainId: runner.chainId }),
    contract: runner.contracts.runAnchor,
    wallet: async () => {
      await runner.devnetAddress(anchorerDid);
      return accounts.walletFor(anchorerDid);
    },
  });
}
