import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort, portHolder, portIsFree } from '../ports.ts';
import { DataFolder } from './data-folder.ts';
import { identityOf, isAlive } from './process-identity.ts';
import { type Progress, type Service, ServiceGroup } from './service-group.ts';

const quiet: Progress = { begin() {}, update() {}, done() {}, failed() {} };

function recorded(
  name: string,
  log: string[],
  options: { failStart?: boolean; failStop?: boolean } = {},
): Service {
  return {
    name,
    start: async () => {
      if (options.failStart) throw new Error(`${name} cannot start`);
      log.push(`start ${name}`);
    },
    stop: async () => {
      log.push(`stop ${name}`);
      if (options.failStop) throw new Error(`${name} cannot stop`);
    },
  };
}

describe('ServiceGroup', () => {
  it('stops in the opposite order of starting, once', async () => {
    const log: string[] = [];
    const group = new ServiceGroup(quiet);
    for (const name of ['a', 'b', 'c']) await group.start(recorded(name, log));
    await Promise.all([group.stop(), group.stop()]);
    expect(log).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  it('stops what runs when a later service fails to start', async () => {
    const log: string[] = [];
    const group = new ServiceGroup(quiet);
    await group.start(recorded('a', log));
    await expect(group.start(recorded('b', log, { failStart: true }))).rejects.toThrow('b cannot start');
    expect(log).toEqual(['start a', 'stop a']);
    await expect(group.start(recorded('c', log))).rejects.toThrow(/being stopped/);
  });

  it('stops the rest when one fails to stop, and says which', async () => {
    const log: string[] = [];
    const group = new ServiceGroup(quiet);
    await group.start(recorded('a', log));
    await group.start(recorded('b', log, { failStop: true }));
    await expect(group.stop()).rejects.toThrow(/b: b cannot stop/);
    expect(log).toContain('stop a');
  });
});

describe('DataFolder', () => {
  it('is held by one living process at a time, and never by a dead one', async () => {
    const path = mkdtempSync(join(tmpdir(), 'aios-data-'));
    const sleeper: ChildProcess = spawn('sleep', ['60']);
    try {
      const pid = sleeper.pid;
      if (!pid) throw new Error('sleep did not start');
      writeFileSync(join(path, 'devnet.lock.json'), JSON.stringify(identityOf(pid)));
      expect(() => new DataFolder(path).lock('devnet')).toThrow(new RegExp(`process ${pid}.*--data`));
      const ended = new Promise((resolve) => sleeper.once('exit', resolve));
      sleeper.kill('SIGKILL');
      await ended;
      const folder = new DataFolder(path);
      folder.lock('devnet');
      folder.unlock();
      // The same number given to another process later is not the same holder.
      writeFileSync(join(path, 'devnet.lock.json'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
      folder.lock('devnet');
      writeFileSync(join(path, 'devnet.lock.json'), '{"pid": 12');
      new DataFolder(path).lock('devnet');
    } finally {
      sleeper.kill('SIGKILL');
      rmSync(path, { recursive: true, force: true });
    }
  });

  it('says what to do when it cannot be made', () => {
    expect(() => new DataFolder(join(process.execPath, 'below-a-file')).lock('devnet')).toThrow(/--data/);
  });
});

describe('ports and processes', () => {
  it('finds free ports and names who holds a taken one', async () => {
    const port = await freePort();
    expect(await portIsFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await portIsFree(port)).toBe(false);
    if (process.platform === 'linux') expect(await portHolder(port)).toContain(String(process.pid));
    await new Promise((resolve) => server.close(resolve));
  });

  it('tells the living from the dead', () => {
    expect(isAlive(identityOf(process.pid))).toBe(true);
    expect(isAlive({ pid: 2 ** 22 - 1 })).toBe(false);
  });
});
