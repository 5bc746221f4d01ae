// Deployment on a real anvil, and the agreement of code, manifests and chain about where the contracts are and what they say.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interface, JsonRpcProvider, Wallet } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { deployContracts, devnetParties } from '#contracts/deploy.ts';
import { planDeployment } from '#contracts/deployment-plan.ts';
import { devnetAddresses } from '#contracts/generated/devnet-addresses.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { devnetAccount, devnetUsers } from './accounts.ts';
import { AnvilDevnet } from './anvil.ts';
import { prepareDevnet, userGrant } from './prepare.ts';
import { DevnetRpc } from './rpc.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'devnet-'));
const devnet = new AnvilDevnet({ dataDir });
let rpc: DevnetRpc;

beforeAll(async () => {
  await devnet.start();
  rpc = new DevnetRpc(devnet.rpcUrl);
});

afterAll(async () => {
  await devnet.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function signer(index: number): Wallet {
  return new Wallet(
    devnetAccount(index).privateKey,
    // With ethers' answer cache, as a caller would have it.
    new JsonRpcProvider(devnet.rpcUrl, 31337, { staticNetwork: true }),
  );
}

it('takes up a deployment that stopped half-way, whoever goes on, and then sends nothing more', async () => {
  let seen = 0;
  await expect(
    deployContracts(signer(0), {
      onContract: () => {
        seen += 1;
        if (seen === 3) throw new Error('power cut');
      },
    }),
  ).rejects.toThrow('power cut');
  const deployed: string[] = [];
  const addresses = await deployContracts(signer(5), {
    onContract: ({ name, deployed: now }) => {
      if (now) deployed.push(name);
    },
  });
  expect(deployed).toEqual(
    planDeployment(devnetParties)
      .slice(3)
      .map(({ artifact }) => artifact.name),
  );
  expect(addresses).toEqual(devnetAddresses);

  const height = await rpc.call('eth_blockNumber');
  expect(await deployContracts(signer(0))).toEqual(addresses);
  expect(await rpc.call('eth_blockNumber')).toBe(height);
});

it('refuses other code at the right address', async () => {
  const code = await rpc.call('eth_getCode', devnetAddresses.feePolicy, 'latest');
  await rpc.call('anvil_setCode', devnetAddresses.feePolicy, '0x60006000fd');
  await expect(deployContracts(signer(0))).rejects.toMatchObject({ code: 'DEPLOY_CODE_MISMATCH' });
  await rpc.call('anvil_setCode', devnetAddresses.feePolicy, code);
});

it("funds the users' accounts once", async () => {
  const token = new Interface(['function balanceOf(address) view returns (uint256)']);
  const balances = () =>
    rpc.batch<string>(
      devnetUsers().map(({ address }) => ({
        method: 'eth_call',
        params: [
          { to: devnetAddresses.aiosToken, data: token.encodeFunctionData('balanceOf', [address]) },
          'latest',
        ],
      })),
    );
  expect(await prepareDevnet(devnet.rpcUrl)).toEqual(devnetAddresses);
  await prepareDevnet(devnet.rpcUrl);
  const held = (await balances()).map(BigInt);
  // Account 5 sent transactions before: it is taken for one that has had its grant.
  expect(held).toEqual(devnetUsers().map(({ index }) => (index === 5 ? 0n : userGrant)));
});

it('the parties of the devnet are its first accounts', () => {
  expect(devnetParties).toEqual({
    owner: devnetAccount(0).address,
    buyback: devnetAccount(1).address,
    treasury: devnetAccount(2).address,
  });
});

interface Manifest {
  dataSources: {
    name: string;
    source: { address?: string };
    mapping: { abis: { name: string; file: string }[]; eventHandlers: { event: string }[] };
  }[];
}

const contractOf: Record<string, keyof typeof devnetAddresses> = {
  AiOSToken: 'aiosToken',
  NetworkRegistry: 'networkRegistry',
  AgentRegistry: 'agentRegistry',
  AiNFT: 'aiNft',
  Marketplace: 'marketplace',
};

/** Declared by an interface that AiOSToken inherits; nothing in it can ever emit it (its name and version are constants). */
const neverEmitted = ['EIP712DomainChanged()'];

it.each(['directory', 'market'])(
  'subgraph %s reads the deployed contracts and every event of theirs',
  (name) => {
    const folder = join(packageRoot, 'subgraphs', name);
    const manifest = parse(readFileSync(join(folder, 'subgraph.yaml'), 'utf8')) as Manifest;
    const networks = JSON.parse(readFileSync(join(folder, 'networks.json'), 'utf8'));
    for (const { name: contract, source, mapping } of manifest.dataSources) {
      const address = devnetAddresses[contractOf[contract] ?? 'feePolicy'];
      expect(source.address, contract).toBe(address);
      expect(networks.devnet[contract].address, contract).toBe(address);
      const file = mapping.abis.find((abi) => abi.name === contract)?.file ?? '';
      const emitted = Interface.from(JSON.parse(readFileSync(join(folder, file), 'utf8')))
        .fragments.filter((fragment) => fragment.type === 'event')
        .map((fragment) => fragment.format('sighash'))
        .filter((event) => !neverEmitted.includes(event));
      const handled = mapping.eventHandlers.map(({ event }) => event.replaceAll('indexed ', ''));
      expect(handled.sort(), contract).toEqual(emitted.sort());
    }
  },
);
