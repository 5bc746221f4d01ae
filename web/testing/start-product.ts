// Global set-up of the browser tests: starts the product on data of its own, with a sample of the chain beside it, unless AIOS_WEB_URL names one
// that runs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CHROMIUM } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const startTimeoutMs = 180_000;
const stopTimeoutMs = 30_000;

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.AIOS_WEB_URL || !existsSync(CHROMIUM)) return undefined;
  const command = join(root, 'dist/bin/aios.mjs');
  if (!existsSync(command) || !existsSync(join(root, 'dist/web/index.html'))) {
    const built = spawnSync(process.execPath, [join(root, 'bin/build/build.mjs')], {
      cwd: root,
      stdio: 'inherit',
    });
    if (built.status !== 0) throw new Error('the product could not be built: run npm run prepare');
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'aios-browser-'));
  // PostgreSQL runs under an account of its own when the tests run as root; it must be able to enter.
  chmodSync(dataDir, 0o755);
  const chainPort = await freePort();
  const chain = spawn(
    process.execPath,
    [join(root, 'bench/run.mjs'), 'sample-chain', '--port', String(chainPort), '--past', '240'],
    { cwd: root, stdio: 'ignore' },
  );
  const settings = {
    rpcUrls: [`http://127.0.0.1:${chainPort}`],
    chainId: 1_051,
    finalityDepth: 'tag',
    pollMs: 250,
  };
  writeFileSync(
    join(dataDir, 'aios.config.ts'),
    `export default ${JSON.stringify({ chains: { aios: settings } })};\n`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(dataDir, 'output.log');
  const log = openSync(logFile, 'w');
  const product = spawn(
    process.execPath,
    [command, 'start', '--port', String(port), '--data', join(dataDir, 'data')],
    {
      cwd: dataDir,
      stdio: ['ignore', log, log],
    },
  );
  await ready(product, url, logFile).catch((error: unknown) => {
    chain.kill('SIGKILL');
    throw error;
  });
  process.env.AIOS_WEB_URL = url;
  return async () => {
    const ended = new Promise<void>((resolve) => product.once('exit', () => resolve()));
    product.kill('SIGINT');
    const timer = setTimeout(() => product.kill('SIGKILL'), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
    chain.kill('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function ready(product: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (product.exitCode !== null || Date.now() > deadline) {
      product.kill('SIGKILL');
      throw new Error(`the product did not become ready; it said:\n${readFileSync(logFile, 'utf8')}`);
    }
    await delay(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('the system gave no port')),
      );
    });
  });
}
