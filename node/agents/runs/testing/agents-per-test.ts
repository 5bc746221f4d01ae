// What most tests of runs begin with: a database for each test, and workers that end before it does.
import { afterEach, beforeEach } from 'vitest';
import type { AgentWorker } from '../agent-worker.ts';
import {
  type AgentsDatabase,
  createAgentsDatabase,
  createTestWorker,
  finished,
  type RunRow,
  runRow,
  until,
} from './agents-database.ts';
import type { Guest } from './in-process-runtime.ts';

export interface Agents {
  /** That of the test that runs. */
  readonly db: AgentsDatabase;
  /** Starts a worker, which is closed after the test. */
  start(
    guests: Readonly<Record<string, Guest>>,
    options?: Parameters<typeof createTestWorker>[2],
  ): AgentWorker;
  /** The run once it has ended. */
  ended(id: string | undefined): Promise<RunRow>;
}

/** To be called once, at the top of a file of tests. */
export function agentsPerTest(): Agents {
  let db: AgentsDatabase;
  let workers: AgentWorker[] = [];
  beforeEach(async () => {
    db = await createAgentsDatabase();
  });
  afterEach(async () => {
    for (const worker of workers) await worker.close();
    workers = [];
    await db.close();
  });
  return {
    get db() {
      return db;
    },
    start(guests, options) {
      const worker = createTestWorker(db, guests, options);
      workers.push(worker);
      worker.start();
      return worker;
    },
    ended: (id) => until(() => runRow(db, id), finished),
  };
}
