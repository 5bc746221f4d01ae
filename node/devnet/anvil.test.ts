// The devnet's process with the real anvil: state across restarts, killed runs, taken ports, damaged state files.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { freePort } from '#node/platform/ports.ts';
import { devnetAccount } from './accounts.ts';
import { AnvilDevnet, type AnvilOptions } from './anvil.ts';
import { resolveAnvilBinary } from './anvil-binary.ts';
import { DevnetRpc } from './rpc.ts';

const folders: string[] = [];
const running: AnvilDevnet[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'devnet-'));
  folders.push(path);
  return path;
}

async function started(options: AnvilOptions, messages: string[] = []): Promise<[AnvilDevnet, DevnetRpc]> {
  const devnet = new AnvilDevnet(options);
  await devnet.start((message) => messages.push(message));
  running.push(devnet);
  return [devnet, new DevnetRpc(devnet.rpcUrl)];
}

async function send(rpc: DevnetRpc): Promise<void> {
  await rpc.call('eth_sendTransaction', {
    from: devnetAccount(3).address,
    to: devnetAccount(4).address,
    value: '0x1',
  });
}

function hashOf(rpc: DevnetRpc, block: number): Promise<string> {
  return rpc
    .call<{ hash: string } | null>('eth_getBlockByNumber', `0x${block.toString(16)}`, false)
    .then((found) => found?.hash ?? 'none');
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

afterEach(async () => {
  for (const devnet of running.splice(0)) await devnet.stop();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

it('keeps the chain across clean restarts, of one service too', async () => {
  const dataDir = folder();
  const [first, rpc] = await started({ dataDir });
  expect(await rpc.call('eth_chainId')).toBe('0x7a69');
  for (let i = 0; i < 3; i++) await send(rpc);
  await until(async () => Number(await rpc.call('eth_blockNumber')) === 3);
  const tip = await hashOf(rpc, 3);
  await first.stop();
  expect(first.health().status).toBe('failed');

  await first.start();
  const pid = first.pid ?? 0;
  await first.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');

  const [, again] = await started({ dataDir });
  expect(await hashOf(again, 3)).toBe(tip);
  await send(again);
  await until(async () => Number(await again.call('eth_blockNumber')) === 4);
  const block = await again.call<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false);
  expect(Math.abs(Number(block.timestamp) - Date.now() / 1000)).toBeLessThan(30);
});

it('a new chain may begin in the past', async () => {
  const [, rpc] = await started({ dataDir: folder(), historySeconds: 86_400 });
  const genesis = await rpc.call<{ timestamp: string }>('eth_getBlockByNumber', '0x0', false);
  expect(Date.now() / 1000 - Number(genesis.timestamp)).toBeGreaterThan(86_000);
});

it('says when anvil is killed, and the next start goes on', async () => {
  const dataDir = folder();
  const [devnet, rpc] = await started({ dataDir, stateInterval: 1 });
  await send(rpc);
  await until(() => readdirSync(dataDir).includes('state.json') && savedBlock(dataDir) >= 1);
  const reasons: string[] = [];
  devnet.onUnexpectedExit = (reason) => reasons.push(reason);
  process.kill(devnet.pid ?? 0, 'SIGKILL');
  await until(() => reasons.length > 0);
  expect(reasons).toEqual(['killed by SIGKILL']);
  expect(devnet.health().status).toBe('failed');

  const [, again] = await started({ dataDir });
  expect(Number(await again.call('eth_blockNumber'))).toBe(1);
});

it('ends the anvil of a killed run and loses none of its blocks', async () => {
  const dataDir = folder();
  const [orphan, rpc] = await started({ dataDir, stateInterval: 3600 });
  await send(rpc);
  await until(async () => Number(await rpc.call('eth_blockNumber')) === 1);
  const messages: string[] = [];
  const [next, again] = await started({ dataDir }, messages);
  expect(messages[0]).toContain(`process ${orphan.pid}`);
  expect(next.pid).not.toBe(orphan.pid);
  expect(Number(await again.call('eth_blockNumber'))).toBe(1);
  await expect(rpc.call('eth_blockNumber')).rejects.toMatchObject({ code: 'DEVNET_UNREACHABLE' });
});

it('refuses a port that somebody else holds', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await expect(started({ dataDir: folder(), port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(String(port)),
    });
  } finally {
    server.close();
  }
  const [devnet] = await started({ dataDir: folder(), port: await freePort() });
  expect(devnet.rpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

it('moves a damaged state file aside and takes the last good one, or a new chain', async () => {
  const dataDir = folder();
  const [first, rpc] = await started({ dataDir });
  await send(rpc);
  await until(async () => Number(await rpc.call('eth_blockNumber')) === 1);
  await first.stop();
  const state = readFileSync(join(dataDir, 'state.json'), 'utf8');
  writeFileSync(join(dataDir, 'state.json'), state.slice(0, state.length / 2));

  const messages: string[] = [];
  const [second, fromGood] = await started({ dataDir }, messages);
  expect(messages.join()).toContain('last good copy');
  expect(Number(await fromGood.call('eth_blockNumber'))).toBe(1);
  await second.stop();

  for (const name of ['state.json', 'state.good.json']) writeFileSync(join(dataDir, name), '{"block":');
  const [, fresh] = await started({ dataDir });
  expect(Number(await fresh.call('eth_blockNumber'))).toBe(0);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('state.corrupt-')).length).toBeGreaterThan(1);
});

it('mines what automine left behind', async () => {
  const [, rpc] = await started({ dataDir: folder() });
  await rpc.call('evm_setAutomine', false);
  await send(rpc);
  await rpc.call('evm_setAutomine', true);
  await until(async () => Number(await rpc.call('eth_blockNumber')) >= 1);
});

it('names the package that is missing on a platform without anvil', () => {
  expect(() => resolveAnvilBinary('sunos', 'sparc')).toThrow('@foundry-rs/anvil-sunos-sparc');
});

/** Number of the block in the state file; -1 while it is being written. */
function savedBlock(dataDir: string): number {
  try {
    return Number(JSON.parse(readFileSync(join(dataDir, 'state.json'), 'utf8')).block.number);
  } catch {
    return -1;
  }
}

it('has the same first block after every restart', async () => {
  const dataDir = folder();
  const [first, rpc] = await started({ dataDir, historySeconds: 86_400 });
  await send(rpc);
  await until(async () => Number(await rpc.call('eth_blockNumber')) === 1);
  const genesis = await hashOf(rpc, 0);
  await first.stop();
  // anvil makes a first block anew at every start and keeps each in its state; which one it then shows is chance. So several times.
  for (let restart = 0; restart < 6; restart++) {
    const [again, reached] = await started({ dataDir, historySeconds: 86_400 });
    expect(await hashOf(reached, 0)).toBe(genesis);
    await again.stop();
  }
  const state = JSON.parse(readFileSync(join(dataDir, 'state.json'), 'utf8')) as {
    blocks: { header: { number: string } }[];
  };
  expect(state.blocks.filter(({ header }) => Number(header.number) === 0)).toHaveLength(1);
});
