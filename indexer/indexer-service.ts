// The indexer as the rest of a process sees it: a service that starts the I/O thread, controls it, and starts it again should it break.
import { Worker } from 'node:worker_threads';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import type { DeployRequest, DeployResult } from './pipeline/deploy.ts';
import type {
  ControlError,
  ControlMessage,
  ControlName,
  Controls,
  IndexerSettings,
  ThreadMessage,
} from './pipeline/messages.ts';
import type { PipelineStatus } from './pipeline/progress.ts';

export interface IndexerServiceOptions extends IndexerSettings {
  readonly logger: Logger;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const RESTART_MS = { first: 250, most: 10_000 };

/**
 * ```ts
 * const indexer = new IndexerService({ databaseUrl, chains, owner: 'main', cacheFolder, log, logger });
 * await indexer.start(() => {});
 * await indexer.deploy({ folder: 'dist/subgraphs/erc20', name: 'erc20', source: 'devnet' });
 * ```
 */
export class IndexerService implements Service {
  readonly name = 'indexer';
  readonly #options: IndexerServiceOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #statuses = new Map<string, PipelineStatus>();
  readonly #listeners = new Set<(status: PipelineStatus) => void>();
  #worker: Worker | undefined;
  #ready: Promise<void> = Promise.resolve();
  #nextId = 1;
  #stopping = false;
  #restarts = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #problem: string | null = null;

  constructor(options: IndexerServiceOptions) {
    this.#options = options;
  }

  /** Ready once every assigned deployment has been started; they need not be synced. @throws what the thread could not do */
  async start(report: (message: string) => void = () => undefined): Promise<void> {
    report('starting the I/O thread');
    this.#spawn();
    await this.#ready;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    await this.#ask('stop', null).catch(() => worker.terminate());
    await ended;
  }

  deploy(request: DeployRequest): Promise<DeployResult> {
    return this.#ask('deploy', request);
  }

  /** Removes a name; deployments go with their last one. Answers with the ids of those. */
  remove(name: string): Promise<readonly string[]> {
    return this.#ask('remove', { name });
  }

  async setPaused(deployment: string, paused: boolean): Promise<void> {
    await this.#ask('pause', { deployment, paused });
  }

  async status(): Promise<readonly PipelineStatus[]> {
    const statuses = await this.#ask('status', null);
    for (const status of statuses) this.#statuses.set(status.deployment, status);
    return statuses;
  }

  /** Calls back on every change of a deployment's state or head. Returns how to stop. */
  onStatus(listener: (status: PipelineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): ServiceHealth {
    const failed = [...this.#statuses.values()].filter(
      ({ state }) => state === 'failed' || state === 'retrying',
    );
    const details = {
      deployments: [...this.#statuses.values()].map(({ deployment, chain, state, head, lag, message }) => ({
        deployment,
        chain,
        state,
        block: head?.number ?? null,
        lag,
        message,
      })),
      ...(this.#problem ? { thread: this.#problem } : {}),
    };
    if (this.#problem) return { status: 'failed', details };
    return { status: failed.length > 0 ? 'degraded' : 'ok', details };
  }

  #spawn(): void {
    const { logger, ...settings } = this.#options;
    const worker = new Worker(bundledEntry('indexer-io.mjs'), { workerData: settings, name: 'indexer-io' });
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'ready') {
          this.#problem = null;
          this.#restarts = 0;
          resolve();
        } else if (message.kind === 'unable') reject(errorOf(message.error));
        else this.#receive(message);
      });
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new AiosError('INDEXER_STOPPED', 'the I/O thread ended while starting')),
      );
    });
    this.#ready.catch((error: unknown) => {
      this.#problem = messageOf(error);
    });
    worker.once('error', (error) => logger.error({ err: error }, 'the I/O thread broke'));
    worker.once('exit', () => this.#ended(worker));
  }

  #receive(message: Exclude<ThreadMessage, { kind: 'ready' | 'unable' }>): void {
    if (message.kind === 'status') {
      if (message.status.state === 'stopped') this.#statuses.delete(message.status.deployment);
      else this.#statuses.set(message.status.deployment, message.status);
      for (const listener of this.#listeners) listener(message.status);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(errorOf(message.error));
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const error = new AiosError(
      'INDEXER_STOPPED',
      'the I/O thread ended; it is started again, ask again then',
    );
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.#statuses.clear();
    if (this.#stopping) return;
    this.#problem = error.message;
    const wait = Math.min(RESTART_MS.most, RESTART_MS.first * 2 ** this.#restarts++);
    this.#restartTimer = setTimeout(() => this.#spawn(), wait);
  }

  #ask<Name extends ControlName>(
    control: Name,
    request: Controls[Name]['request'],
  ): Promise<Controls[Name]['answer']> {
    const worker = this.#worker;
    if (!worker)
      return Promise.reject(new AiosError('INDEXER_STOPPED', 'the indexer is not running in this process'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ id, control, request } satisfies ControlMessage<Name>);
    });
  }
}

function errorOf({ code, message, details }: ControlError): AiosError {
  return new AiosError(code, message, { details: { ...details } });
}
