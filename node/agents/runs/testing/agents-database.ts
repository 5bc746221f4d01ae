// A database with the tables of agents, and shorthands for what tests of runs do over and over.
import { silentLogger } from '#node/platform/log.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { type GrantsInput, parseGrants } from '../../capabilities/grants.ts';
import { AgentWorker, type AgentWorkerOptions } from '../agent-worker.ts';
import { enqueueRuns, type NewRun } from '../enqueue.ts';
import { agentsMigrations, agentsSchema } from '../migrations.ts';
import { VersionCache } from '../version-cache.ts';
import { type Guest, InProcessRuntime } from './in-process-runtime.ts';
import { echoBroker } from './no-capabilities.ts';

export type AgentsDatabase = TestPlatform;

export async function createAgentsDatabase(): Promise<AgentsDatabase> {
  const platform = await createTestPlatform();
  await migrate(platform.database.pool, agentsSchema, agentsMigrations);
  return platform;
}

/** A worker whose guests are functions of the test: version `name` runs the guest of that name. */
export function createTestWorker(
  { database, bus }: AgentsDatabase,
  guests: Readonly<Record<string, Guest>>,
  options: Partial<AgentWorkerOptions> & { readonly grants?: GrantsInput } = {},
): AgentWorker {
  const names = Object.keys(guests);
  return new AgentWorker({
    pool: database.pool,
    bus,
    runtime: new InProcessRuntime(guests),
    broker: echoBroker,
    versions: new VersionCache(async (id) => ({
      id,
      code: {
        language: 'javascript',
        entry: 'agent.js',
        files: new Map(),
        hash: names[Number(id) - 1] ?? '',
      },
      limits: {
        memoryBytes: 1 << 26,
        gas: 1e9,
        deadlineMs: 10_000,
        outputBytes: 1e6,
        hostCalls: 1e3,
        logBytes: 1e5,
      },
      grants: parseGrants(options.grants),
    })),
    digest: () => '',
    logger: silentLogger,
    ...options,
  });
}

/** Enqueues runs of version 1 of deployment 1 in network 1, but for what is said. */
export function enqueue(
  { database }: AgentsDatabase,
  ...runs: readonly Partial<NewRun>[]
): Promise<readonly (string | undefined)[]> {
  return inTransaction(database.pool, (client) =>
    enqueueRuns(
      client,
      runs.map((run) => ({
        deploymentId: '1',
        versionId: '1',
        network: '1',
        environment: '',
        trigger: { kind: 'manual' as const },
        input: null,
        ...run,
      })),
    ),
  );
}

export interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly attempt: number;
  readonly cost: string;
  readonly logs: readonly { readonly text: string }[] | null;
  readonly parent_run: string | null;
  readonly depth: number;
}

export async function runRow({ database }: AgentsDatabase, id: string | undefined): Promise<RunRow> {
  const { rows } = await database.pool.query<RunRow>('select * from agents.runs where id = $1', [id]);
  if (!rows[0]) throw new Error(`there is no run ${id}`);
  return rows[0];
}

const waitMs = 20_000;

/** Resolves once the condition holds. */
export async function until<Value>(
  look: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`it did not come about; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const finished = (run: RunRow) => ['completed', 'failed', 'killed'].includes(run.status);
