import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedPostgres } from './embedded-postgres.ts';

let dataDir: string;
const started: EmbeddedPostgres[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aios-pg-'));
  chmodSync(dataDir, 0o755);
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = new EmbeddedPostgres({ dataDir, sharedBuffersMb: 32 });
  started.push(server);
  await server.start();
  return server;
}

async function query(server: EmbeddedPostgres, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('EmbeddedPostgres', () => {
  it('keeps its data across a clean stop', async () => {
    const first = await start();
    await query(first, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await query(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('recovers what was committed when the server was killed', async () => {
    const first = await start();
    await query(first, 'create table kept as select 42 as answer');
    const pid = first.pid;
    if (!pid) throw new Error('no process');
    process.kill(pid, 'SIGKILL');
    expect(await query(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('takes the cluster over from a server that a killed run left behind', async () => {
    const orphan = await start();
    await query(orphan, 'create table kept as select 42 as answer');
    expect(await query(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('names a damaged data folder and the fix', async () => {
    const first = await start();
    await first.stop();
    const cluster = join(dataDir, 'postgres');
    expect(readdirSync(cluster)).toContain('PG_VERSION');
    const control = join(cluster, 'global', 'pg_control');
    const bytes = readFileSync(control);
    bytes.fill(0xff, 0, 512);
    writeFileSync(control, bytes);
    await expect(start()).rejects.toThrow(/--fresh/);
  });
});
