// Workflows on real tables, with agents that are functions of the test: deploys both, starts workers, and tells what became of a run.
import { silentLogger } from '#node/platform/log.ts';
import { CapabilityBroker } from '../../capabilities/capability-broker.ts';
import { type GrantsInput, parseGrants } from '../../capabilities/grants.ts';
import { standardCapabilities } from '../../capabilities/standard-capabilities.ts';
import type { AgentWorker } from '../../runs/agent-worker.ts';
import { type Deployment, DeploymentStore } from '../../runs/deployment-store.ts';
import { MessageWaits } from '../../runs/message-waits.ts';
import {
  type AgentsDatabase,
  createAgentsDatabase,
  createTestWorker,
  finished,
  runRow,
  until,
} from '../../runs/testing/agents-database.ts';
import type { Guest } from '../../runs/testing/in-process-runtime.ts';
import { type LoadedVersion, VersionCache } from '../../runs/version-cache.ts';
import { runDigest } from '../../runtime/digest.ts';
import type { Json } from '../../runtime/runtime.ts';
import { readWorkflow, topicsOf } from '../definition.ts';

export interface JournalRow {
  readonly step: number;
  readonly capability: string;
  readonly args: Json;
  readonly status: string;
  readonly answer: Json;
}

const limits = {
  ...{ memoryBytes: 1 << 26, gas: 1e9, deadlineMs: 10_000 },
  ...{ outputBytes: 1e6, hostCalls: 10_000, logBytes: 1e5 },
};

export class WorkflowHarness {
  readonly db: AgentsDatabase;
  readonly #store: DeploymentStore;
  readonly #guests: Readonly<Record<string, Guest>>;
  readonly #versions = new Map<string, LoadedVersion>();
  readonly #deployments = new Map<string, Deployment>();
  readonly #workers: AgentWorker[] = [];
  readonly #messages: MessageWaits;
  readonly #grants: GrantsInput;

  private constructor(db: AgentsDatabase, guests: Readonly<Record<string, Guest>>, grants: GrantsInput) {
    this.db = db;
    this.#guests = guests;
    this.#grants = grants;
    this.#store = new DeploymentStore(db.database.pool);
    this.#messages = new MessageWaits({ pool: db.database.pool, bus: db.bus, logger: silentLogger });
  }

  static async create(
    guests: Readonly<Record<string, Guest>>,
    grants: GrantsInput = {},
  ): Promise<WorkflowHarness> {
    const harness = new WorkflowHarness(await createAgentsDatabase(), guests, grants);
    for (const name of Object.keys(guests)) await harness.#deploy(name, 'javascript', new Map());
    harness.#messages.start();
    return harness;
  }

  async close(): Promise<void> {
    await this.#messages.close();
    for (const worker of this.#workers) await worker.close();
    await this.db.close();
  }

  /** Ids of the agents' deployments, as a workflow names them. */
  get agents(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#deployments].map(([name, { id }]) => [name, id]));
  }

  worker(options: { readonly leaseMs?: number; readonly concurrency?: number } = {}): AgentWorker {
    const worker = createTestWorker(this.db, this.#guests, {
      broker: new CapabilityBroker({
        capabilities: standardCapabilities({ pool: this.db.database.pool }),
        logger: silentLogger,
      }),
      versions: new VersionCache(async (id) => this.#versions.get(id)),
      digest: runDigest,
      ...options,
    });
    this.#workers.push(worker);
    worker.start();
    return worker;
  }

  /** Deploys a workflow over the agents of the harness and starts a run of it. */
  async start(definition: { readonly [key: string]: Json }, input: Json = null): Promise<string> {
    const text = new TextEncoder().encode(JSON.stringify({ agents: this.agents, ...definition }));
    const name = `workflow-${this.#versions.size}`;
    const deployment = await this.#deploy(name, 'workflow', new Map([['workflow.json', text]]));
    return this.#store.startRun(deployment, { input });
  }

  async #deploy(
    name: string,
    language: 'javascript' | 'workflow',
    files: ReadonlyMap<string, Uint8Array>,
  ): Promise<Deployment> {
    const entry = language === 'workflow' ? 'workflow.json' : 'agent.js';
    const { deployment, version } = await this.#store.deploy(
      { network: '7', agentId: '1', licenceId: name },
      { cid: name, language, entry, manifest: {}, files },
      'did:x',
    );
    const text = files.get(entry);
    const topics = text ? topicsOf(readWorkflow(entry, text)) : [];
    if (language === 'javascript') this.#deployments.set(name, deployment);
    this.#versions.set(version.id, {
      id: version.id,
      code: { language, entry, files, hash: name },
      limits,
      grants: {
        ...parseGrants({ approval: {}, ...this.#grants, wait: { topics } }),
        // In a test every workflow may call every agent.
        agent: { deployments: Object.values(this.agents), depth: 4 },
      },
    });
    return deployment;
  }

  ended(id: string) {
    return until(() => runRow(this.db, id), finished);
  }

  async journal(id: string): Promise<readonly JournalRow[]> {
    const { rows } = await this.db.database.pool.query<JournalRow>(
      'select step, capability, args, status, answer from agents.steps where run_id = $1 order by step',
      [id],
    );
    return rows;
  }

  /** Resolves once a step of this capability waits. @returns its number */
  async waiting(id: string, capability: string): Promise<number> {
    const steps = await until(
      async () =>
        (await this.journal(id)).filter(
          (step) => step.capability === capability && step.status === 'waiting',
        ),
      (found) => found.length > 0,
    );
    return steps[0]?.step ?? -1;
  }

  async replay(id: string): Promise<{ readonly digest: string; readonly again: string }> {
    const { RunStore } = await import('../../runs/run-store.ts');
    const store = new RunStore(this.db.database.pool);
    const run = (await store.runs([id])).get(id);
    if (!run?.digest) throw new Error(`run ${id} has no digest`);
    const replay = await store.replay(run, 'did:x');
    await this.ended(replay);
    const again = (await store.runs([replay])).get(replay);
    return { digest: run.digest, again: again?.digest ?? `${again?.status} ${again?.error?.message}` };
  }
}
