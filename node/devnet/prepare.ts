// Makes a devnet usable: the contracts deployed, and AiOS in the hands of the accounts that users and tests sign with.
import { Interface, JsonRpcProvider, Wallet } from 'ethers';
import { type Addresses, deployContracts } from '#contracts/deploy.ts';
import { aiosTokenAbi } from '#contracts/generated/aios-token.ts';
import { AiosError } from '#node/platform/errors.ts';
import { devnetAccount, devnetChainId, devnetRoles, devnetUsers } from './accounts.ts';
import { DevnetRpc } from './rpc.ts';

/** What each of the users' accounts receives. */
export const userGrant = 1_000_000n * 10n ** 18n;

/**
 * Deploys the contracts (or finds them) and gives the users' accounts their AiOS, each once. Idempotent, and safe to repeat after a
 * crash or after the chain has lost blocks.
 * @throws AiosError DEVNET_WRONG_CHAIN, and what deployContracts throws
 */
export async function prepareDevnet(
  rpcUrl: string,
  report: (message: string) => void = () => {},
): Promise<Addresses> {
  const rpc = new DevnetRpc(rpcUrl);
  const chainId = Number(await rpc.call<string>('eth_chainId'));
  if (chainId !== devnetChainId) {
    throw new AiosError(
      'DEVNET_WRONG_CHAIN',
      `${rpcUrl} is chain ${chainId}, not the devnet (${devnetChainId}). The devnet's keys are public: they are never used elsewhere.`,
    );
  }
  const provider = new JsonRpcProvider(rpcUrl, chainId, { staticNetwork: true, cacheTimeout: -1 });
  try {
    const owner = new Wallet(devnetAccount(devnetRoles.owner).privateKey, provider);
    let deployed = 0;
    const addresses = await deployContracts(owner, {
      onContract: (contract) => {
        if (contract.deployed) deployed += 1;
      },
    });
    report(deployed > 0 ? `${deployed} contracts deployed` : 'contracts found');
    await fundUsers(rpc, owner, addresses);
    return addresses;
  } finally {
    provider.destroy();
  }
}

async function fundUsers(rpc: DevnetRpc, owner: Wallet, addresses: Addresses): Promise<void> {
  const token = new Interface(aiosTokenAbi);
  const users = devnetUsers();
  const [balances, nonces] = await Promise.all([
    rpc.batch<string>(
      users.map(({ address }) => ({
        method: 'eth_call',
        params: [
          { to: addresses.aiosToken, data: token.encodeFunctionData('balanceOf', [address]) },
          'latest',
        ],
      })),
    ),
    rpc.batch<string>(
      users.map(({ address }) => ({ method: 'eth_getTransactionCount', params: [address, 'latest'] })),
    ),
  ]);
  // Who has sent a transaction has had the grant; spending it all brings no second one.
  const poor = users.filter(
    (_, index) => BigInt(balances[index] ?? '0x0') === 0n && Number(nonces[index]) === 0,
  );
  for (const { address } of poor) {
    const sent = await owner.sendTransaction({
      to: addresses.aiosToken,
      data: token.encodeFunctionData('transfer', [address, userGrant]),
    });
    await rpc.receiptOf(sent.hash);
  }
}
