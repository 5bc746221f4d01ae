import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ed25519Signer } from '../crypto/ed25519-signer.ts';
import { verifyAccountProof } from '../state/account-proof.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';
import { DevnetProcesses } from './devnet.ts';
import { initDevnet } from './init-chain.ts';

const chainId = 1_051;
const user = new Ed25519Signer(new Uint8Array(32).fill(42));
const AIOS = 10n ** 9n;

interface AccountProof {
  readonly checkpoint: { readonly epoch: number; readonly block: string };
  readonly stateRoot: string;
  readonly account: { readonly balance: string; readonly nonce: string } | null;
  readonly proof: {
    readonly siblings: readonly string[];
    readonly leaf: { readonly key: string; readonly valueHash: string } | null;
  };
  readonly certificates: readonly {
    readonly source: { readonly epoch: number };
    readonly target: { readonly epoch: number; readonly block: string };
    readonly stateRoot: string;
  }[];
}

/** Real processes, sockets, keys and disks: what the simulator has others of. */
describe('a devnet of four processes', () => {
  let folder: string;
  let devnet: DevnetProcesses;
  const providers: JsonRpcProvider[] = [];
  const ended: number[] = [];

  const connect = (nth: number) =>
    new JsonRpcProvider(devnet.rpcUrl(nth), chainId, { staticNetwork: true, batchMaxCount: 1 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aios-devnet-'));
    const accounts = [{ address: hexOf(user.address), balance: String(1_000n * AIOS) }];
    const nodes = await initDevnet({ folder, validators: 4, accounts });
    devnet = await DevnetProcesses.start({ nodes, logLevel: 'warn', onExit: (nth) => ended.push(nth) });
    providers.push(...nodes.map((_, nth) => connect(nth)));
  }, 120_000);

  afterAll(async () => {
    for (const provider of providers) provider.destroy();
    await devnet?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const finalBlock = async (nth: number) => {
    const block = await (providers[nth] as JsonRpcProvider).getBlock('finalized');
    return block?.number ?? 0;
  };
  const allFinal = (index: number) =>
    expect
      .poll(async () => Math.min(...(await Promise.all(providers.map((_, nth) => finalBlock(nth))))), {
        timeout: 90_000,
        interval: 300,
      })
      .toBeGreaterThanOrEqual(index);

  it('makes blocks final, and all have the same', async () => {
    await allFinal(4);
    const hashes = await Promise.all(providers.map(async (provider) => (await provider.getBlock(4))?.hash));
    expect(new Set(hashes).size).toBe(1);
  }, 120_000);

  it('executes what is sent to one of them, everywhere', async () => {
    const to = new Uint8Array(20).fill(7);
    const encoded = user.sign({
      ...{ chainId, nonce: 0n, fee: 1_000n },
      operations: [{ kind: 'transfer', to, amount: 5n * AIOS }],
    });
    const [first] = providers as [JsonRpcProvider];
    const id: string = await first.send('aios_sendTransaction', [`0x${hexOf(encoded)}`]);
    const receipt = await first.waitForTransaction(id, 1, 60_000);
    expect(receipt?.status).toBe(1);
    await allFinal(receipt?.blockNumber as number);
    for (const provider of providers) {
      expect(await provider.getBalance(`0x${hexOf(to)}`)).toBe(5n * 10n ** 18n);
      expect((await provider.getTransactionReceipt(id))?.blockHash).toBe(receipt?.blockHash);
    }
  }, 120_000);

  it('proves an account under a state root for which two thirds of the stake have signed', async () => {
    const [first] = providers as [JsonRpcProvider];
    const proofOf = async (address: Uint8Array): Promise<AccountProof> =>
      first.send('aios_getProof', [`0x${hexOf(address)}`]);
    const { account, proof, stateRoot, certificates, checkpoint } = await proofOf(user.address);
    const claimed = { balance: BigInt(account?.balance ?? 0), nonce: BigInt(account?.nonce ?? 0) };
    expect(claimed.nonce).toBe(1n);
    const bytes = (hex: string) => bytesOf(hex.slice(2));
    const read = (from: AccountProof['proof']) => ({
      siblings: from.siblings.map(bytes),
      leaf: from.leaf ? { key: bytes(from.leaf.key), valueHash: bytes(from.leaf.valueHash) } : undefined,
    });
    const root = bytes(stateRoot);
    expect(verifyAccountProof(root, user.address, claimed, read(proof))).toBe(true);
    expect(verifyAccountProof(root, user.address, { ...claimed, balance: 1n }, read(proof))).toBe(false);
    const nobody = new Uint8Array(20).fill(99);
    expect(verifyAccountProof(root, nobody, undefined, read((await proofOf(nobody)).proof))).toBe(true);
    expect(certificates[0]?.target).toEqual(checkpoint);
    expect(certificates.map((certificate) => certificate.source.epoch)).toContain(checkpoint.epoch);
    expect(certificates[0]?.stateRoot).toBe(stateRoot);
  }, 60_000);

  it('goes on without one that is killed, which comes back to the same blocks', async () => {
    await devnet.kill(1);
    const before = await finalBlock(0);
    await expect.poll(() => finalBlock(0), { timeout: 60_000, interval: 300 }).toBeGreaterThan(before + 3);
    await devnet.startNode(1);
    providers[1]?.destroy();
    providers[1] = connect(1);
    const latest = await (providers[0] as JsonRpcProvider).getBlockNumber();
    await allFinal(latest);
    const hashes = await Promise.all(
      providers.map(async (provider) => (await provider.getBlock(latest))?.hash),
    );
    expect(new Set(hashes).size).toBe(1);
    expect(ended).toEqual([]);
  }, 180_000);
});
