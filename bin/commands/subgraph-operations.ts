// `aios subgraph status|pause|resume|rewind`: an operator's hands on one deployment, from any process that reaches the database.
import { listAssignments, notifyAssignments } from '#indexer/pipeline/assignments.ts';
import { rewindDeployment } from '#indexer/pipeline/rewind.ts';
import { openSource, type SourceSpec } from '#indexer/sources/open-source.ts';
import { chainSettingsOf } from '#indexer/sources/registered-chains.ts';
import { type DeploymentRecord, DeploymentStore } from '#indexer/store/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import { green, red, table } from '../cli/screen.ts';
import { registerChains } from '../product/chains.ts';
import type { Database } from '../product/database.ts';
import { type Common, withDatabase } from './subgraph.ts';

interface RewindOptions extends Common {
  readonly to: string;
}

/** Everything that is known of a deployment. Exit code 1 when it has failed. */
export async function status(name: string, options: Common): Promise<void> {
  await withDatabase(options, async ({ database }) => {
    const store = new DeploymentStore(database.pool);
    const record = await find(store, name);
    const deployment = await store.open(record.id);
    const [names, graft, errors, holder, sources] = await Promise.all([
      store.names(),
      deployment.graft(),
      deployment.errors(),
      deployment.leaseHolder(),
      deployment.dataSources(),
    ]);
    const facts = {
      id: record.id,
      names: names.filter(({ current }) => current === record.id).map((entry) => entry.name),
      pendingFor: names.filter(({ pending }) => pending === record.id).map((entry) => entry.name),
      chain: record.chain,
      status: record.status,
      synced: record.syncedAt?.toISOString() ?? null,
      head: record.head,
      earliestBlock: record.earliestBlock,
      indexedBy: holder,
      dynamicDataSources: sources.length,
      failure: record.failure,
      errors,
      graft: graft ?? null,
    };
    if (record.status === 'failed') process.exitCode = 1;
    if (options.json) return print(facts);
    const failure = record.failure;
    const rows: [string, string][] = [
      ['deployment', record.id],
      ['names', [...facts.names, ...facts.pendingFor.map((entry) => `${entry} (pending)`)].join(', ') || '-'],
      ['chain', record.chain],
      ['status', record.status === 'failed' ? red(record.status) : record.status],
      ['block', record.head ? `${record.head.number} (${record.head.hash})` : '-'],
      ['earliest block', String(record.earliestBlock)],
      ['indexed by', holder ?? '-'],
      ['data sources made', String(sources.length)],
      ...(graft
        ? [
            [
              'grafted on',
              `${graft.base} at block ${graft.block}${graft.copied ? '' : ' (being copied)'}`,
            ] as [string, string],
          ]
        : []),
      ...(failure
        ? [
            [
              'failed',
              `block ${failure.block?.number ?? '?'}${failure.handler ? `, ${failure.handler}` : ''}: ${failure.message}`,
            ] as [string, string],
          ]
        : []),
      ...errors
        .slice(0, 10)
        .map((error): [string, string] => [
          'error',
          `block ${error.block.number}, ${error.handler}: ${error.message}`,
        ]),
    ];
    process.stdout.write(`${table(['', name], rows)}\n`);
  });
}

/** Pauses or resumes; the indexer follows within a second. */
export async function setPaused(name: string, paused: boolean, options: Common): Promise<void> {
  await withDatabase(options, async ({ database }) => {
    const store = new DeploymentStore(database.pool);
    const { id } = await find(store, name);
    await store.setPaused(id, paused);
    await notifyAssignments(database.pool);
    const record = await find(store, id);
    if (options.json) return print({ id, status: record.status });
    process.stdout.write(
      `${green(paused ? 'paused' : 'resumed')} ${name} at block ${record.head?.number ?? '-'}\n`,
    );
  });
}

export async function rewind(name: string, options: RewindOptions): Promise<void> {
  const to = options.to === 'start' ? 'start' : Number(options.to);
  if (to !== 'start' && (!Number.isSafeInteger(to) || to < 0))
    throw new AiosError('BLOCK_INVALID', `--to takes a block number or "start", not "${options.to}".`);
  await withDatabase(options, async ({ database, config }) => {
    const { id } = await find(new DeploymentStore(database.pool), name);
    const chains = chainSettingsOf(await registerChains(database.pool, config));
    const result = await rewindDeployment(database.pool, id, to, async () =>
      openSource(await sourceOf(database, id), chains),
    );
    if (options.json) return print(result);
    process.stdout.write(
      `${green('rewound')} ${name} from block ${result.from?.number ?? '-'} to ${result.to === null ? 'its start' : `block ${result.to}`}: ` +
        `${result.deleted} versions deleted, ${result.reopened} current again; it is indexed on from there\n`,
    );
  });
}

async function sourceOf(database: Database, id: string): Promise<SourceSpec> {
  const assignment = (await listAssignments(database.pool)).find(({ deployment }) => deployment === id);
  if (assignment) return assignment.source;
  throw new AiosError(
    'NOT_ASSIGNED',
    `${id} has no name, so nobody indexes it and its chain is not known: deploy it under a name first.`,
  );
}

/** By name (what stands under it now, else what is to), or by id. */
async function find(store: DeploymentStore, wanted: string): Promise<DeploymentRecord> {
  const [records, names] = await Promise.all([store.list(), store.names()]);
  const named = names.find(({ name }) => name === wanted);
  const id = named ? (named.current ?? named.pending) : wanted;
  const record = records.find((entry) => entry.id === id);
  if (record) return record;
  throw new AiosError(
    'UNKNOWN_NAME',
    `No deployment has the name or id ${wanted}: aios subgraph list shows them all.`,
  );
}

function print(outcome: unknown): void {
  process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
}
