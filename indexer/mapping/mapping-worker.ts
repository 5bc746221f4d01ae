// The I/O thread's handle of a mapping thread.
import { MessageChannel, type Transferable, Worker } from 'node:worker_threads';
import type {
  BlockOutcome,
  BlockPointer,
  CreatedDataSource,
  EntityData,
  EntityId,
  Hex,
  LoggedLine,
} from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import type { Mapper, MappingBlock } from '../pipeline/mapper.ts';
import type { MappingProgram, RunnerOptions } from './block-runner.ts';
import { BlockingAnswers, createSignal } from './blocking-channel.ts';
import { OutcomePacker } from './packed-outcomes.ts';
import type { Order, Question, Report, WorkerStart } from './worker-messages.ts';

/**
 * What a mapping may ask of the world. Answers show at least every block that {@link MappingWorker.committed} named; later ones may
 * or may not be shown. A rejection fails the run as not deterministic.
 */
export interface MappingHost {
  /** Current versions of entities in the order of `ids`, null where there is none. */
  loadEntities(type: string, ids: readonly EntityId[]): Promise<readonly (EntityData | null)[]>;
  /** Current entities behind the `@derivedFrom` field `type.field` of the entity `id`. */
  loadRelated(type: string, field: string, id: EntityId): Promise<readonly EntityData[]>;
  /** The causality regions that the current versions of entities belong to; null where there is none. */
  regionsOf?(type: string, ids: readonly EntityId[]): Promise<readonly (number | null)[]>;
  /** eth_call; null when it reverted. */
  call(block: BlockPointer, to: Hex, data: Hex): Promise<Hex | null>;
  getBalance(block: BlockPointer, address: Hex): Promise<bigint>;
  hasCode(block: BlockPointer, address: Hex): Promise<boolean>;
  /** A line that a handler logged, once its block has been run. */
  log?(line: LoggedLine, block: BlockPointer): void;
}

export interface MappingWorkerOptions extends Partial<RunnerOptions> {
  /** Heap of the thread in MiB; its entity cache comes on top of what V8 needs. */
  readonly maxHeapMb?: number;
}

interface Pending {
  readonly resolve: (outcomes: BlockOutcome[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs the handlers of one deployment in a thread of its own, which holds the entity cache and waits while this thread serves it.
 *
 * A block that makes data sources on the chain ends a run: its outcome names them, they are known to the worker from then on (with the indices
 * that follow), and the same block is run again with their triggers in it. Entities of blocks that were run but not yet named by
 * `committed` stay in the cache, so that mapping may run ahead of writing. After a rejected run the worker must be reset.
 *
 * ```ts
 * const worker = await MappingWorker.start(await loadDeployment(folder), host);
 * await worker.reset(head, dynamicDataSources);
 * const outcomes = await worker.run(blocks);
 * ```
 */
export class MappingWorker implements Mapper {
  readonly #worker: Worker;
  readonly #answers: BlockingAnswers;
  readonly #packer: OutcomePacker;
  readonly #log: MappingHost['log'];
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: Error | null = null;

  private constructor(
    worker: Worker,
    answers: BlockingAnswers,
    packer: OutcomePacker,
    log: MappingHost['log'],
  ) {
    this.#worker = worker;
    this.#answers = answers;
    this.#packer = packer;
    this.#log = log;
    worker.on('message', (report: Report) => {
      if (report.kind === 'done') this.#done(report);
    });
    worker.on('error', (error) =>
      this.#end(
        new AiosError('MAPPING_BROKEN', `the mapping thread broke: ${error.message}`, { cause: error }),
      ),
    );
    worker.on('exit', () => this.#end(new AiosError('MAPPING_CLOSED', 'the mapping thread has ended')));
  }

  /**
   * Starts the thread and compiles the modules in it.
   *
   * @throws AiosError `MAPPING_IMPORT` or `WASM_…` when a module cannot run here
   */
  static async start(
    program: MappingProgram,
    host: MappingHost,
    options: MappingWorkerOptions = {},
  ): Promise<MappingWorker> {
    const { port1, port2 } = new MessageChannel();
    const signal = createSignal();
    const { apiVersion, schema, dataSources, templates, modules, sourceSchemas } = program;
    const { maxHeapMb, ...runnerOptions } = options;
    const start: WorkerStart = {
      program: { apiVersion, schema, dataSources, templates, modules, sourceSchemas },
      options: runnerOptions,
      requests: port2,
      signal,
    };
    const worker = new Worker(bundledEntry('mapping-worker.mjs'), {
      workerData: start,
      transferList: [port2 as unknown as Transferable],
      ...(maxHeapMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } }),
    });
    const answers = new BlockingAnswers(port1, signal, (question) => serve(host, question as Question));
    const handle = new MappingWorker(worker, answers, new OutcomePacker(schema), host.log?.bind(host));
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (report: Report) => {
        if (report.kind === 'ready') resolve();
        else if (report.kind === 'failed') reject(new AiosError(report.error.code, report.error.message));
      });
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new AiosError('MAPPING_CLOSED', 'the mapping thread ended while it started')),
      );
    }).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    return handle;
  }

  #done(report: Extract<Report, { kind: 'done' }>): void {
    const pending = this.#pending.get(report.id);
    this.#pending.delete(report.id);
    // Lines come with their blocks: a message for each would cost more than many a handler.
    for (const { outcome } of report.outcomes)
      for (const line of outcome.lines ?? []) this.#log?.(line, outcome.block);
    if (report.error === undefined) pending?.resolve(report.outcomes.map((one) => this.#packer.unpack(one)));
    else pending?.reject(new AiosError(report.error.code, report.error.message));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#answers.close();
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }

  #order(order: (id: number) => Order): Promise<BlockOutcome[]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage(order(id));
    });
  }

  /**
   * Runs rising blocks: one outcome for each block it got to, up to and including the first that failed or made data sources. Runs
   * ordered after such a one are not begun before `proceed`; their outcomes are none.
   *
   * @throws AiosError `MAPPING_HOST_UNAVAILABLE` when the host rejected, `MAPPING_BROKEN` or `MAPPING_CLOSED` when the thread ended;
   *   reset the worker before running again
   */
  run(blocks: readonly MappingBlock[]): Promise<BlockOutcome[]> {
    return this.#order((id) => ({ kind: 'run', id, blocks }));
  }

  proceed(): void {
    if (this.#ended === null) this.#worker.postMessage({ kind: 'proceed' } satisfies Order);
  }

  /** Hands over entities that the next runs are likely to read. */
  prefetch(type: string, ids: readonly EntityId[], data: readonly (EntityData | null)[]): void {
    if (this.#ended === null) this.#worker.postMessage({ kind: 'prefetch', type, ids, data } satisfies Order);
  }

  /** Blocks up to this one can be read back from the store. */
  committed(block: BlockPointer): void {
    if (this.#ended === null)
      this.#worker.postMessage({ kind: 'committed', block: block.number } satisfies Order);
  }

  /** Forgets every entity, so that the store alone says what is there, and works with exactly these dynamic data sources. */
  async reset(block: BlockPointer | null, dynamic: readonly CreatedDataSource[]): Promise<void> {
    await this.#order((id) => ({ kind: 'reset', id, dynamic, empty: block === null }));
  }

  /** Ends the thread, wherever it is; runs under way are rejected. */
  async close(): Promise<void> {
    this.#answers.close();
    await this.#worker.terminate();
  }
}

function serve(host: MappingHost, question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'entities':
      return host.loadEntities(question.type, question.ids);
    case 'regions':
      return host.regionsOf?.(question.type, question.ids) ?? Promise.resolve(question.ids.map(() => null));
    case 'related':
      return host.loadRelated(question.type, question.field, question.id);
    case 'call':
      return host.call(question.block, question.to, question.data);
    case 'balance':
      return host.getBalance(question.block, question.address);
    case 'code':
      return host.hasCode(question.block, question.address);
  }
}
