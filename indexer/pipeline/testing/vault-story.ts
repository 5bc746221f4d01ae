// A chain on which something happens for every kind of handler of the subgraph `mapping/fixtures/vault`: calls from contract to contract,
// the same call twice, failed ones, contracts made by a factory, a data source that ends.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interface, type InterfaceAbi } from 'ethers';
import type pg from 'pg';
import type { Deployment } from '#indexer/store/index.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { Hex } from '../../model.ts';
import type { TestChain } from '../../sources/testing/test-chain.ts';

/** The fixture's folder; its `build` is what is deployed. */
export const VAULT_FOLDER = join(packageRoot, 'indexer/mapping/fixtures/vault');

// Where the first two contracts of a fresh anvil end up; the manifest names them.
export const VAULT: Hex = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
export const FACTORY: Hex = '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512';

const json = (name: string): unknown =>
  JSON.parse(readFileSync(join(VAULT_FOLDER, 'abis', `${name}.json`), 'utf8'));
const vaultAbi = new Interface(json('Vault') as InterfaceAbi);
const factoryAbi = new Interface(json('VaultFactory') as InterfaceAbi);

export const vaultCall = (name: string, ...values: readonly unknown[]): Hex =>
  vaultAbi.encodeFunctionData(name, values) as Hex;

const ALICE: Hex = '0x00000000000000000000000000000000000a11ce';

/** Eleven blocks on a fresh chain. Answers with the vaults that the factory made. */
export async function tellVaultStory(chain: TestChain): Promise<readonly Hex[]> {
  const code = json('bytecode') as { readonly Vault: Hex; readonly VaultFactory: Hex };
  const vault = (name: string, ...values: readonly unknown[]) =>
    chain.transact(VAULT, vaultCall(name, ...values));
  const create = (amount: number) =>
    chain.transact(FACTORY, factoryAbi.encodeFunctionData('create', [amount]) as Hex);
  const made = async (transaction: Hex): Promise<Hex> => {
    const { logs } = await chain.send<{ logs: readonly { address: Hex }[] }>('eth_getTransactionReceipt', [
      transaction,
    ]);
    return logs.find(({ address }) => address !== FACTORY)?.address as Hex;
  };

  await chain.transact(null, code.Vault);
  await chain.transact(null, code.VaultFactory);
  await chain.mine(); // 1
  await vault('deposit', 5);
  await vault('depositOften', 7);
  await vault('deposit', 6);
  await chain.mine(); // 2
  await vault('depositAndFail', 9);
  await vault('depositOrNot', 3);
  await chain.mine(); // 3
  await vault('place', ALICE, 77);
  await vault('place', `0x${'0'.repeat(40)}`, 78);
  await vault('deposit', 11);
  const first = await create(100);
  await vault('ping', 4);
  await chain.mine(); // 4
  const child = await made(first);
  await vault('deposit', 12);
  await chain.transact(child, vaultCall('deposit', 101));
  await vault('depositOften', 13);
  await chain.mine(); // 5: the last block of `Ended`
  await vault('deposit', 14);
  await chain.transact(child, vaultCall('depositOften', 102));
  await chain.mine(); // 6
  await chain.mine(); // 7
  const second = await create(200);
  const third = await create(300);
  await chain.transact(child, vaultCall('deposit', 103));
  await chain.mine(); // 8
  const others = [await made(second), await made(third)];
  for (const other of others) await chain.transact(other, vaultCall('deposit', 201));
  await vault('deposit', 15);
  await chain.mine(); // 9
  await chain.mine(2); // 11
  return [child, ...others];
}

/** One run of a handler, as the fixture's mapping writes it down. */
export interface Step {
  readonly source: string;
  readonly handler: string;
  readonly block: string;
  readonly detail: string;
}

export async function readSteps(deployment: Deployment, pool: pg.Pool): Promise<readonly Step[]> {
  const table = deployment.layout.tables.get('Step')?.qualified;
  const { rows } = await pool.query<Step>(
    `select source, handler, block::text as block, detail from ${table} order by id`,
  );
  return rows;
}
