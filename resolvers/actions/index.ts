// The public door of actions: one runner for all subgraphs that act on the chain, so that an account's transactions queue once.
import type { JsonRpcProvider } from 'ethers';
import type pg from 'pg';
import type { Addresses } from '#contracts/deploy.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { ActionRunner, type WaitForBlock } from './action-runner.ts';
import { type DevnetAccount, DevnetAccounts } from './devnet-accounts.ts';
import { actionsMigrations, actionsSchema } from './migrations.ts';

export type { ActionRunner, WaitForBlock } from './action-runner.ts';
export type { DevnetAccount, DevnetAccounts } from './devnet-accounts.ts';

/** Opens the devnet's accounts; `published` are those whose keys the devnet's node holds and users may act from. */
export async function openDevnetAccounts(
  pool: pg.Pool,
  published: readonly DevnetAccount[],
): Promise<DevnetAccounts> {
  await migrate(pool, actionsSchema, actionsMigrations);
  return DevnetAccounts.open(pool, published);
}

export interface ActionRunnerDependencies {
  readonly provider: JsonRpcProvider;
  readonly chainId: number;
  readonly contracts: Addresses;
  /** On the embedded devnet only: with it, transactions are signed here; without it, by the user's wallet. */
  readonly devnet?: DevnetAccounts;
  readonly waitForBlock: WaitForBlock;
}

export function createActionRunner(dependencies: ActionRunnerDependencies): ActionRunner {
  return new ActionRunner(dependencies);
}
