// Payments of agents against a real anvil: asked for twice, or by two processes at once, they are made once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Addresses } from '#contracts/deploy.ts';
import { agentsMigrations, agentsSchema } from '#node/agents/runs/migrations.ts';
import { devnetAccount, devnetChainId, devnetRoles, devnetUsers } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { ActionRunner } from '../actions/action-runner.ts';
import { openDevnetAccounts } from '../actions/index.ts';
import { interfaces } from '../actions/reverts.ts';
import { tokenPayments } from './token-payments.ts';

let platform: TestPlatform;
let anvil: AnvilDevnet;
let provider: JsonRpcProvider;
let contracts: Addresses;
const dataDir = mkdtempSync(join(tmpdir(), 'aios-payments-'));

beforeAll(async () => {
  platform = await createTestPlatform();
  await migrate(platform.database.pool, agentsSchema, agentsMigrations);
  anvil = new AnvilDevnet({ dataDir });
  await anvil.start();
  contracts = await prepareDevnet(anvil.rpcUrl);
  provider = new JsonRpcProvider(anvil.rpcUrl, devnetChainId, { staticNetwork: true });
});
afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
  await platform?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What a process of its own would make. */
async function executor() {
  const { pool } = platform.database;
  const published = [
    ...devnetUsers().map(({ address }) => ({ address, label: '' })),
    { address: devnetAccount(devnetRoles.owner).address, label: '' },
  ];
  const accounts = await openDevnetAccounts(pool, published);
  const runner = new ActionRunner({
    provider,
    chainId: devnetChainId,
    contracts,
    devnet: accounts,
    waitForBlock: async () => {},
  });
  return tokenPayments({ pool, provider, runner, accounts });
}

async function balance(of: string): Promise<bigint> {
  const data = interfaces.aiosToken.encodeFunctionData('balanceOf', [of]);
  return BigInt((await provider.send('eth_call', [{ to: contracts.aiosToken, data }, 'latest'])) as string);
}

const signal = new AbortController().signal;
const transfer = (key: string, payee: string, amount: bigint) => ({
  idempotencyKey: key,
  deploymentId: '1',
  token: 'AiOS',
  payee,
  amount,
  fence: 1n,
});

describe('tokenPayments', () => {
  it('pays once for one key, however often and from however many processes it is asked', async () => {
    const payee = `0x${'11'.repeat(20)}`;
    const processes = await Promise.all([executor(), executor(), executor()]);
    const answers = await Promise.all(processes.map((pay) => pay(transfer('1/0', payee, 5n), signal)));
    expect(new Set(answers.map(({ transaction }) => transaction)).size).toBe(1);
    expect(await processes[0]?.(transfer('1/0', payee, 5n), signal)).toEqual(answers[0]);
    expect(await balance(payee)).toBe(5n);
  });

  it('gives new addresses their share however many processes do so at once', async () => {
    const payee = `0x${'55'.repeat(20)}`;
    const processes = await Promise.all(Array.from({ length: 6 }, executor));
    for (let deployment = 100; deployment < 110; deployment++) {
      const of = { ...transfer(`${deployment}/0`, payee, 1n), deploymentId: String(deployment) };
      await Promise.all(processes.map((pay) => pay(of, signal)));
    }
    expect(await balance(payee)).toBe(10n);
  });

  it('pays many keys at once from one address, each once', async () => {
    const payee = `0x${'22'.repeat(20)}`;
    const [one, two] = await Promise.all([executor(), executor()]);
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 ? one : two)(transfer(`2/${n}`, payee, 1n), signal)),
    );
    expect(await balance(payee)).toBe(12n);
  });

  it('sends what was signed but never sent', async () => {
    const payee = `0x${'33'.repeat(20)}`;
    const pay = await executor();
    // Aborted between signing and sending: as a process that dies there.
    await expect(pay(transfer('3/0', payee, 7n), AbortSignal.abort())).rejects.toThrow(/not included/);
    expect(await balance(payee)).toBe(0n);
    await pay(transfer('3/0', payee, 7n), signal);
    expect(await balance(payee)).toBe(7n);
  });

  it('refuses before anything is signed what the token would refuse', async () => {
    const pay = await executor();
    const payee = `0x${'44'.repeat(20)}`;
    await expect(pay(transfer('4/0', payee, 10n ** 30n), signal)).rejects.toMatchObject({
      code: 'PAYMENT_REFUSED',
    });
    await expect(pay({ ...transfer('4/1', payee, 1n), token: 'Gold' }, signal)).rejects.toMatchObject({
      code: 'PAYMENT_REFUSED',
    });
    expect(
      (await platform.database.pool.query(`select from agents.transfers where key like '4/%'`)).rowCount,
    ).toBe(0);
  });
});
