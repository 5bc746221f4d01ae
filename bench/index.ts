// The race of indexers: one chain, one PostgreSQL, the same work, the whole pipeline. What it prints is described in docs/benchmarks.md.
//   npm run bench:index -- [--events 100000] [--dex] [--against ponder,gnd,graph-node=PATH] [--json] [--profile DIR] [--statements]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchChain } from './index/chain.ts';
import { RaceDatabase } from './index/database.ts';
import { graphNode } from './index/gnd.ts';
import { type Load, swapLoad, transferLoad } from './index/load.ts';
import { indexAsChild, ours } from './index/ours.ts';
import { ponder } from './index/ponder.ts';
import { treeUse } from './index/process-tree.ts';
import type { Rival } from './index/rival.ts';
import { subgraphProject } from './index/subgraph-project.ts';

const SAMPLE_MS = 200;

interface Result {
  readonly name: string;
  readonly events: number;
  readonly seconds: number;
  /** CPU seconds: of the rival's processes, of PostgreSQL, of the node. */
  readonly cpu: { readonly rival: number; readonly postgres: number; readonly anvil: number };
  readonly eventsPerSecond: number;
  /** Rival and PostgreSQL together. */
  readonly eventsPerCpuSecond: number;
  readonly peakResidentMb: number;
  readonly notes: readonly string[];
}

function rivals(names: string): Rival[] {
  return names
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      if (name === 'ponder') return ponder;
      if (name === 'gnd') return graphNode();
      const release = /^graph-node=(.+)$/.exec(name)?.[1];
      if (release) return graphNode(release);
      throw new Error(`"${name}" is no rival: there are ponder, gnd and graph-node=PATH`);
    });
}

async function race(
  rival: Rival,
  {
    chain,
    load,
    database,
    dex,
    profile,
  }: { chain: BenchChain; load: Load; database: RaceDatabase; dex: boolean; profile: string | undefined },
): Promise<Result & { readonly databaseUrl: string }> {
  const name = rival.name.toLowerCase().replaceAll('-', '_');
  const databaseUrl = await database.create(`race_${name}`);
  const folder = join(database.folder, name);
  mkdirSync(folder);
  const before = { postgres: treeUse(database.pid), anvil: treeUse(chain.pid), at: performance.now() };
  const running = await rival.start({
    chain,
    project: subgraphProject(dex),
    dex,
    databaseUrl,
    folder,
    profile,
  });
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, treeUse(running.pid).residentBytes);
  }, SAMPLE_MS);
  try {
    await running.arrived();
    const seconds = (performance.now() - before.at) / 1_000;
    const cpu = {
      rival: treeUse(running.pid).cpuMs / 1_000,
      postgres: (treeUse(database.pid).cpuMs - before.postgres.cpuMs) / 1_000,
      anvil: (treeUse(chain.pid).cpuMs - before.anvil.cpuMs) / 1_000,
    };
    const rows = await running.rows();
    requireEqual(rival.name, rows, chain.expected);
    return {
      name: rival.name,
      events: load.events,
      seconds,
      cpu,
      eventsPerSecond: load.events / seconds,
      eventsPerCpuSecond: load.events / (cpu.rival + cpu.postgres),
      peakResidentMb: peak / 2 ** 20,
      notes: running.notes(),
      databaseUrl,
    };
  } finally {
    clearInterval(sampler);
    await running.stop();
  }
}

/** The chain's maker knows what everybody must arrive at. */
function requireEqual(name: string, rows: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((row, index) => row !== rows[index]);
  if (at < 0 && rows.length === expected.length) return;
  const [want, got] = at < 0 ? ['nothing more', rows[expected.length]] : [expected[at], rows[at]];
  throw new Error(
    `${name} arrived at other values: ${rows.length} rows instead of ${expected.length}, first difference: ${got} instead of ${want}`,
  );
}

function print(result: Result): void {
  const { name, seconds, cpu, eventsPerSecond, eventsPerCpuSecond, peakResidentMb, notes } = result;
  console.log(
    `${name.padEnd(10)} ${Math.round(eventsPerSecond).toLocaleString('en').padStart(7)} events/s  ` +
      `${Math.round(eventsPerCpuSecond).toLocaleString('en').padStart(7)} events/CPU-s  ${seconds.toFixed(1).padStart(6)} s  ` +
      `CPU ${cpu.rival.toFixed(1)} + PostgreSQL ${cpu.postgres.toFixed(1)} s (anvil ${cpu.anvil.toFixed(1)} s)  peak ${Math.round(peakResidentMb)} MB`,
  );
  for (const note of notes) console.log(`           ${note}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '100000' },
      against: { type: 'string', default: '' },
      dex: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      statements: { type: 'boolean', default: false },
      'only-rivals': { type: 'boolean', default: false },
    },
    args: process.argv.slice(3),
  });
  const events = Number(values.events);
  if (!Number.isSafeInteger(events) || events < 100) throw new Error('--events takes a number from 100 up');
  const { dex, json, profile } = values;
  const load = dex ? swapLoad(events) : transferLoad(events);
  const contenders = [...(values['only-rivals'] ? [] : [ours]), ...rivals(values.against)];
  const report = (text: string) => process.stderr.write(`${text}\n`);
  const database = new RaceDatabase();
  let chain: BenchChain | undefined;
  try {
    chain = await BenchChain.start(load, report);
    await database.start();
    if (!json)
      console.log(
        `${load.events} events in ${chain.head} blocks; all values checked against the chain's maker`,
      );
    const results: Result[] = [];
    for (const rival of contenders) {
      const { databaseUrl, ...result } = await race(rival, { chain, load, database, dex, profile });
      results.push(result);
      if (!json) print(result);
      if (values.statements)
        for (const line of await database.statements(databaseUrl, 12)) console.log(`           ${line}`);
    }
    if (json) console.log(JSON.stringify(results, null, 2));
    const [first, ...others] = results;
    if (first && !json)
      for (const other of others)
        console.log(
          `${first.name} : ${other.name} = ${(first.eventsPerSecond / other.eventsPerSecond).toFixed(1)} by the clock, ` +
            `${(first.eventsPerCpuSecond / other.eventsPerCpuSecond).toFixed(1)} by CPU time`,
        );
  } finally {
    await chain?.stop();
    await database.close();
  }
}

if (process.argv[2] === 'indexer') await indexAsChild(process.argv[3] ?? '');
else await main();
