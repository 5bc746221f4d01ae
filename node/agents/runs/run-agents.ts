// One process's part in running agents: a worker, the scheduler, the follower of triggers and the removal of what is old, started and
// stopped together.
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { OperationExecutor } from '../capabilities/graphql.ts';
import { agentCodeOf } from '../package/agent-package.ts';
import { readManifest } from '../package/manifest.ts';
import { runDigest } from '../runtime/digest.ts';
import type { AgentRuntime, Json } from '../runtime/runtime.ts';
import { topicsOf } from '../workflow/definition.ts';
import { workflowOf } from '../workflow/workflow-engine.ts';
import { AgentWorker, type AgentWorkerOptions, type WorkerStatus } from './agent-worker.ts';
import type { Broker } from './broker.ts';
import { DeploymentStore } from './deployment-store.ts';
import { HealthProbes } from './health-probes.ts';
import { type ChainRpc, LogTriggers } from './log-triggers.ts';
import { MessageWaits } from './message-waits.ts';
import { QueryTriggers } from './query-triggers.ts';
import { removeRuns } from './run-store.ts';
import { Scheduler } from './scheduler.ts';
import { TriggerFollower } from './trigger-follower.ts';
import { type LoadedVersion, VersionCache } from './version-cache.ts';

export interface RunAgentsOptions {
  readonly pool: pg.Pool;
  readonly leasePool: pg.Pool;
  readonly bus: EventBus;
  readonly runtime: AgentRuntime;
  readonly broker: Broker;
  readonly feedOf: (alias: string) => Promise<string | null>;
  /** Chains whose logs may start runs. */
  readonly chains?: ChainRpc;
  /** Asks what triggers on queries ask; absent: they never fire. */
  readonly execute?: OperationExecutor;
  readonly logger: Logger;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly retentionDays: number;
  readonly onEnd?: AgentWorkerOptions['onEnd'];
}

const retentionEveryMs = 600_000;

export class RunningAgents {
  readonly #options: RunAgentsOptions;
  readonly #worker: AgentWorker;
  readonly #scheduler: Scheduler;
  readonly #triggers: TriggerFollower;
  readonly #messages: MessageWaits;
  readonly #health: HealthProbes;
  readonly #logs: LogTriggers;
  readonly #queries: QueryTriggers | undefined;
  #retention: NodeJS.Timeout | undefined;
  #removing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: RunAgentsOptions) {
    this.#options = options;
    const { pool, leasePool, bus, runtime, broker, logger, concurrency, leaseMs, onEnd } = options;
    const store = new DeploymentStore(pool);
    this.#worker = new AgentWorker({
      ...{ pool, leasePool, bus, runtime, broker, logger, concurrency, leaseMs, onEnd },
      versions: new VersionCache((id) => loadVersion(store, id)),
      digest: runDigest,
    });
    this.#scheduler = new Scheduler({ pool, logger });
    this.#triggers = new TriggerFollower({ pool, bus, feedOf: options.feedOf, logger });
    this.#messages = new MessageWaits({ pool, bus, logger });
    this.#health = new HealthProbes({ pool, logger });
    this.#logs = new LogTriggers({ pool, chains: options.chains ?? (() => undefined), logger });
    const { execute } = options;
    this.#queries = execute && new QueryTriggers({ pool, bus, execute, logger });
  }

  get status(): WorkerStatus {
    return this.#worker.status;
  }

  start(): void {
    this.#worker.start();
    this.#scheduler.start();
    this.#triggers.start();
    this.#messages.start();
    this.#health.start();
    this.#logs.start();
    this.#queries?.start();
    this.#retention = setInterval(() => {
      this.#removing = this.#removeOld();
    }, retentionEveryMs);
    this.#retention.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#retention);
    await Promise.all([
      this.#scheduler.close(),
      this.#triggers.close(),
      this.#messages.close(),
      this.#health.close(),
      this.#logs.close(),
      this.#queries?.close(),
      this.#removing,
    ]);
    await this.#worker.close();
  }

  async #removeOld(): Promise<void> {
    const { pool, retentionDays, logger } = this.#options;
    const before = new Date(Date.now() - retentionDays * 86_400_000);
    try {
      while (!this.#closed && (await removeRuns(pool, before)) > 0) {
        // There may be more.
      }
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'old runs could not be removed; trying again later');
    }
  }
}

/** A version ready to run. @throws AiosError of a package that was stored by hand */
export async function loadVersion(store: DeploymentStore, id: string): Promise<LoadedVersion | undefined> {
  const content = await store.packageOf(id);
  if (!content) return undefined;
  const { manifest, output } = readManifest(Buffer.from(JSON.stringify(content.manifest)));
  const code = await agentCodeOf({ manifest, files: content.files, cid: content.cid });
  // A workflow may wait for what its nodes wait for: they say it as plainly as a manifest.
  const grants =
    code.language === 'workflow'
      ? { ...manifest.capabilities, wait: { topics: topicsOf(workflowOf(code)) } }
      : manifest.capabilities;
  const mistakesOf =
    Object.keys(manifest.output).length > 0 ? (value: Json) => output.mistakesOf(value) : undefined;
  return { id, code, limits: manifest.limits, grants, mistakesOf };
}
