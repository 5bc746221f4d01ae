// `aios subgraph …`: deployments are rows in PostgreSQL, so these commands work beside a running product or without one.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { unassignNameless } from '#indexer/pipeline/assignments.ts';
import { deploySubgraph } from '#indexer/pipeline/deploy.ts';
import { type ChainSettings, openSource } from '#indexer/sources/open-source.ts';
import { chainSettingsOf } from '#indexer/sources/registered-chains.ts';
import { listAliases } from '#indexer/store/aliases.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { loadConfig } from '#node/platform/config/load.ts';
import type { Config } from '#node/platform/config/schema.ts';
import { AiosError } from '#node/platform/errors.ts';
import { namesTopic } from '#node/platform/events/change-feed.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { DataFolder } from '#node/platform/lifecycle/data-folder.ts';
import { createLogger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { dim, green, red, table } from '../cli/screen.ts';
import { registerChains } from '../product/chains.ts';
import { type Database, DatabaseService, openDatabase } from '../product/database.ts';
import { checkFederation, federate as federateName } from '../product/federation/federate.ts';
import { createIndexer } from '../product/roles/indexer.ts';
import { readRunning } from '../product/running.ts';
import { federatedLine, takenUp } from './federate.ts';
import { buildProject } from './subgraph-project.ts';

export interface Common {
  readonly data?: string;
  readonly json?: boolean;
}

interface DeployOptions extends Common {
  readonly source?: string;
  readonly network?: string;
  readonly startBlock?: string;
  readonly wait: boolean;
  readonly federate?: string;
}

/** Deploys under a name. Without a running product an indexer runs inside this command until the deployment has caught up. */
export async function deploy(name: string, folder: string, options: DeployOptions): Promise<void> {
  await withDatabase(options, async ({ database, config, running, dataFolder }) => {
    const chains = await registerChains(database.pool, config);
    const settings = chainSettingsOf(chains);
    const built = buildIfNeeded(resolve(folder));
    const source = options.source ?? options.network;
    if (!source?.startsWith('recorded:')) await checkChains(built, source, settings);
    const alias = options.federate;
    const { schema } = await loadDeployment(built);
    // Before anything is deployed: what the supergraph cannot have is refused as a whole.
    if (alias !== undefined) await checkFederation(database.pool, { alias, name, schema: schema.sdl });
    const result = await deploySubgraph(
      database.pool,
      { folder: built, name, source, overrides: await startBlockOverrides(built, options.startBlock) },
      settings,
    );
    await sendSignal(database.pool, namesTopic, null);
    for (const warning of result.warnings) say(options, `${dim('warning')} ${warning}`);
    say(
      options,
      `${green('deployed')} ${name} as ${result.id} on ${result.network}${result.created ? '' : ' (it stood already)'}`,
    );
    const prefix =
      alias === undefined ? '' : await federateName(database.pool, { alias, name, schema: schema.sdl });
    if (!options.wait) {
      if (alias !== undefined) say(options, federatedLine(name, alias, prefix, false));
      return print(options, { ...result, status: 'accepted' });
    }

    const indexer = running
      ? undefined
      : createIndexer({
          databaseUrl: database.url,
          folder: dataFolder,
          chains,
          log: { level: config.log.level, file: dataFolder.file('logs', 'aios.log') },
          logger: createLogger({ level: config.log.level, file: dataFolder.file('logs', 'aios.log') }),
          ipfs: config.ipfs,
        });
    await indexer?.start();
    try {
      await waitUntilSynced(database, result.id, (line) => say(options, line));
    } finally {
      await indexer?.stop();
    }
    const record = await (await new DeploymentStore(database.pool).open(result.id)).record();
    const at = running ? running.url : 'http://127.0.0.1:4000 once started';
    if (record.status === 'failed') {
      throw new AiosError(
        'DEPLOYMENT_FAILED',
        `${name} failed at block ${record.failure?.block?.number ?? '?'}${record.failure?.handler ? ` in ${record.failure.handler}` : ''}: ${record.failure?.message}. Mend the mapping and deploy it again; blocks before stay indexed.`,
      );
    }
    say(
      options,
      `${green('synced')} at block ${record.head?.number ?? 0}; it answers at ${new URL(`/subgraphs/name/${name}`, running?.url ?? 'http://127.0.0.1:4000').href}${running ? '' : ` (${at})`}`,
    );
    if (alias !== undefined) {
      const served = running ? await takenUp(database.pool, running.url, alias) : false;
      say(options, federatedLine(name, alias, prefix, served));
    }
    print(options, { ...result, status: record.status, head: record.head });
  });
}

export async function list(options: Common): Promise<void> {
  await withDatabase(options, async ({ database }) => {
    const store = new DeploymentStore(database.pool);
    const [records, names, aliases] = await Promise.all([
      store.list(),
      store.names(),
      listAliases(database.pool),
    ]);
    const rows = records.map((record) => ({
      id: record.id,
      names: names
        .filter((name) => name.current === record.id || name.pending === record.id)
        .map((name) =>
          name.pending === record.id && name.current !== record.id ? `${name.name} (pending)` : name.name,
        ),
      aliases: aliases.filter((one) => one.deployment === record.id).map((one) => one.alias),
      chain: record.chain,
      status: record.status,
      head: record.head?.number ?? null,
      error:
        record.failure?.message ??
        aliases.find((one) => one.deployment === record.id && one.problem)?.problem ??
        null,
    }));
    if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else if (rows.length === 0)
      process.stdout.write('nothing is deployed yet: aios subgraph deploy NAME FOLDER\n');
    else
      process.stdout.write(
        `${table(
          ['name', 'federated as', 'chain', 'status', 'block', 'deployment', 'error'],
          rows.map((row) => [
            row.names.join(', ') || '-',
            row.aliases.join(', ') || '-',
            row.chain,
            row.status === 'failed' ? red(row.status) : row.status,
            String(row.head ?? '-'),
            row.id,
            row.error ?? '',
          ]),
        )}\n`,
      );
  });
}

export async function remove(name: string, options: Common): Promise<void> {
  await withDatabase(options, async ({ database }) => {
    const store = new DeploymentStore(database.pool);
    if (!(await store.names()).some((record) => record.name === name)) {
      throw new AiosError(
        'UNKNOWN_NAME',
        `No deployment has the name ${name}: aios subgraph list shows them all.`,
      );
    }
    const before = await store.names();
    const others = before.filter((record) => record.name !== name);
    for (const record of before.filter((one) => one.name === name))
      for (const id of [record.current, record.pending])
        if (id && !others.some(({ current, pending }) => current === id || pending === id))
          await store.requireUnread(id);
    await store.removeName(name);
    // Indexers follow the assignments and stop what no name stands for; then its data can go.
    await unassignNameless(database.pool);
    const after = new Set((await store.names()).flatMap((record) => [record.current, record.pending]));
    const gone = before
      .filter((record) => record.name === name)
      .flatMap((record) => [record.current, record.pending])
      .filter((id): id is string => id !== null && !after.has(id));
    for (const id of new Set(gone)) await store.remove(id);
    // What only these read need not be indexed any longer.
    await unassignNameless(database.pool);
    await sendSignal(database.pool, namesTopic, null);
    if (options.json) return print(options, { name, removed: [...new Set(gone)] });
    process.stdout.write(
      `${green('removed')} ${name}${gone.length > 0 ? ` and its data (${gone.join(', ')})` : ''}\n`,
    );
  });
}

export interface Opened {
  readonly database: Database;
  readonly config: Config;
  /** The product that runs over this data folder, if one does. */
  readonly running: { readonly url: string } | undefined;
  readonly dataFolder: DataFolder;
}

/** The database of a running product, of DATABASE_URL, or the embedded one started for this command alone. */
export async function withDatabase(options: Common, work: (opened: Opened) => Promise<void>): Promise<void> {
  const config = await loadConfig({ overrides: { dataDir: options.data } });
  const dataFolder = new DataFolder(config.dataDir);
  const logger = createLogger({ level: config.log.level, file: dataFolder.file('logs', 'aios.log') });
  const running = readRunning(dataFolder);
  const url = running?.databaseUrl ?? config.databaseUrl;
  if (url) {
    const database = await openDatabase(url, 'command', logger);
    try {
      await work({ database, config, running, dataFolder });
    } finally {
      await database.close();
    }
    return;
  }
  dataFolder.lock('postgres');
  const service = new DatabaseService(config, logger);
  try {
    await service.start(() => {});
    await work({ database: service.database, config, running: undefined, dataFolder });
  } finally {
    await service.stop();
    dataFolder.unlock();
  }
}

/** A project that was never built is built with graph-cli; its build folder is what counts. */
function buildIfNeeded(folder: string): string {
  if (!existsSync(join(folder, 'subgraph.yaml'))) {
    throw new AiosError(
      'SUBGRAPH_NOT_FOUND',
      `${folder} holds no subgraph.yaml. Name the folder of a project of The Graph, or of its build.`,
    );
  }
  const house = join(packageRoot, 'subgraphs');
  if (folder.startsWith(house)) {
    const built = join(packageRoot, 'dist/subgraphs', folder.slice(house.length + 1));
    if (existsSync(join(built, 'subgraph.yaml'))) return built;
  }
  // A project has mappings as sources; a build has them as WASM.
  if (!existsSync(join(folder, 'package.json')) && !existsSync(join(folder, 'src'))) return folder;
  if (existsSync(join(folder, 'build', 'subgraph.yaml'))) return join(folder, 'build');
  return buildProject(folder);
}

/** A chain that does not answer, or is another than configured, is said now: an indexer would only try again for ever. */
async function checkChains(
  folder: string,
  wanted: string | undefined,
  settings: Readonly<Record<string, ChainSettings>>,
): Promise<void> {
  const networks = wanted
    ? [wanted]
    : (await loadDeployment(folder)).dataSources.map((dataSource) => dataSource.network);
  for (const chain of new Set(networks)) {
    const known = settings[chain];
    // A chain that is not configured is told by the deployment itself.
    if (!known) continue;
    const source = await openSource({ kind: 'chain', chain }, { [chain]: { ...known, attempts: 3 } });
    await source.close();
  }
}

async function startBlockOverrides(
  folder: string,
  startBlock: string | undefined,
): Promise<Record<string, { startBlock: number }> | undefined> {
  if (startBlock === undefined) return undefined;
  const block = Number(startBlock);
  if (!Number.isSafeInteger(block) || block < 0)
    throw new AiosError('START_BLOCK_INVALID', `--start-block takes a block number, not "${startBlock}".`);
  const subgraph = await loadDeployment(folder);
  return Object.fromEntries(
    subgraph.dataSources.map((dataSource) => [dataSource.name, { startBlock: block }]),
  );
}

async function waitUntilSynced(
  database: Database,
  id: string,
  report: (line: string) => void,
): Promise<void> {
  const deployment = await new DeploymentStore(database.pool).open(id);
  let shown = Date.now();
  for (;;) {
    const record = await deployment.record();
    if (record.status !== 'syncing') return;
    if (Date.now() - shown > 2_000) {
      shown = Date.now();
      report(`  indexing: block ${record.head?.number ?? '-'}`);
    }
    await delay(100);
  }
}

function say(options: Common, line: string): void {
  if (!options.json) process.stdout.write(`${line}\n`);
}

function print(options: Common, outcome: unknown): void {
  if (options.json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
}
