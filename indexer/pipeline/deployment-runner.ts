// Runs one deployment for ever: fetch → match → map → write, and back (`unwind`) when the chain reorganises. Only one process does so
// at a time, by lease. What the deployment's own code does wrong stops it; anything else is tried again.
import type { LoadedSubgraph } from '#indexer/manifest/manifest.ts';
import type { Deployment, DeploymentFailure, DeploymentRecord, Lease } from '#indexer/store/index.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { FileFetcher } from '../files/file-fetcher.ts';
import { FileMonitor } from '../files/file-monitor.ts';
import type { BlockPointer, DeterministicFailure, SourceBlock } from '../model.ts';
import { type ChainBlock, ReorgDetected, type Source } from '../sources/source.ts';
import { commonAncestor } from './common-ancestor.ts';
import { DeclaredCalls } from './declared-calls.ts';
import type { Mapper } from './mapper.ts';
import { type PipelineStatus, Progress } from './progress.ts';
import { Pruner } from './pruning.ts';
import { FetchStage } from './stages/fetch.ts';
import { type Begun, MapStage } from './stages/map.ts';
import { MatchStage } from './stages/match.ts';
import { WriteStage } from './stages/write.ts';

export interface DeploymentRunnerOptions {
  readonly deployment: Deployment;
  readonly subgraph: LoadedSubgraph;
  /** Chain name, for status and logs. */
  readonly chain: string;
  /** Opens (or shares) the source; called again after it failed. */
  readonly openSource: () => Promise<Source>;
  readonly createMapper: (source: Source) => Promise<Mapper>;
  /** Where the files of file data sources come from; without it they are waited for in vain. */
  readonly files?: FileFetcher;
  /** Who holds the lease; the same after a restart, so that a killed process does not block its successor. */
  readonly owner: string;
  readonly log: Logger;
  readonly leaseMs?: number;
  readonly prefetchBytes?: number;
  /** Versions of a batch far behind the head; see WriteLimits. */
  readonly batchVersions?: number;
  readonly backOffMs?: number;
  readonly maxBackOffMs?: number;
  /** Called when the status changed, at most once a turn of the event loop. */
  readonly onStatus?: (status: PipelineStatus) => void;
  /** Called each time the chain's head was reached. */
  readonly onSynced?: () => Promise<void>;
}

/** Ranges up to this long are committed block by block: readers follow the head closely and see every block. */
const NEAR_HEAD = 10;
/** Blocks handed to the mapping at once, so that writing starts before a large fetch is mapped to its end. */
const BLOCKS_PER_RUN = 64;

/** A run's events, entities and rows live until it is written: short runs die young. */
const LOGS_PER_RUN = 2_000;
/** Runs handed to the mapping while one is under way. */
const RUNS_AHEAD = 1;

/** Everything that lives as long as a lease. */
interface Session {
  readonly source: Source;
  readonly lease: Lease;
  readonly mapper: Mapper;
  readonly match: MatchStage;
  readonly fetch: FetchStage;
  readonly map: MapStage;
  readonly write: WriteStage;
  readonly files: FileMonitor | null;
}

export class DeploymentRunner {
  readonly #options: DeploymentRunnerOptions;
  readonly #progress: Progress;
  readonly #log: Logger;
  #running: Promise<void> | null = null;
  #stopping = false;
  #paused = false;
  #wake = () => {};
  #woken = false;
  #leaseLost = false;
  /** Of the lease held now. */
  #fence: bigint | null = null;
  readonly #indexes: { building?: Promise<void> | undefined; error?: unknown } = {};
  #announced = false;
  #failures = 0;

  constructor(options: DeploymentRunnerOptions) {
    this.#options = options;
    this.#log = options.log.child({ deployment: options.deployment.id, chain: options.chain });
    this.#progress = new Progress(options.deployment.id, options.chain, () => this.#announce());
  }

  get status(): PipelineStatus {
    return this.#progress.status();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the commit in progress and gives the lease back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wakeUp();
    await this.#running;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#wakeUp();
  }

  /** What the registry says now: an operator may have paused it or taken the lease away (to rewind it). */
  observe(paused: boolean, fence: bigint): void {
    const lost = this.#fence !== null && fence > this.#fence;
    if (lost) this.#leaseLost = true;
    if (lost || paused !== this.#paused) {
      this.#paused = paused;
      this.#wakeUp();
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#withSource();
      } catch (error) {
        if (this.#stopping) break;
        this.#failures++;
        this.#progress.counters.retries++;
        this.#progress.enter('retrying', messageOf(error));
        this.#log.warn(
          { err: error, failures: this.#failures },
          'indexing was interrupted and is tried again',
        );
        await this.#backOff();
      }
    }
    this.#progress.enter('stopped');
  }

  async #withSource(): Promise<void> {
    const source = await this.#options.openSource();
    const stopListening = source.onHead((head) => {
      this.#log.debug({ block: head.number }, 'block seen');
      this.#progress.seeChainHead(head);
      this.#wakeUp();
    });
    try {
      while (!this.#stopping) await this.#holdLease(source);
    } finally {
      stopListening();
    }
  }

  async #holdLease(source: Source): Promise<void> {
    const { deployment, owner, leaseMs = 5_000 } = this.#options;
    const lease = await deployment.acquireLease(owner, leaseMs);
    if (!lease) {
      this.#progress.enter('waiting-for-lease', 'another process indexes this deployment');
      await this.#sleep(leaseMs / 4);
      return;
    }
    this.#leaseLost = false;
    this.#fence = lease.fence;
    const renewal = setInterval(() => {
      deployment.renewLease(lease, leaseMs).catch((error: unknown) => {
        // A dropped connection is not a lost lease; the fence decides at the next commit.
        if (!(error instanceof AiosError) || error.code !== 'LEASE_LOST') return;
        this.#leaseLost = true;
        this.#wakeUp();
      });
    }, leaseMs / 3);
    try {
      await this.#withMapper(lease, source);
    } finally {
      clearInterval(renewal);
      this.#fence = null;
      await deployment.releaseLease(lease).catch(() => undefined);
    }
  }

  async #withMapper(lease: Lease, source: Source): Promise<void> {
    const { deployment, subgraph, batchVersions = 10_000, prefetchBytes = 64 << 20 } = this.#options;
    if (!(await this.#copyGraft(lease, source))) return;
    const mapper = await this.#options.createMapper(source);
    const files = this.#monitor();
    const pruner = new Pruner({
      deployment,
      lease,
      source,
      prune: subgraph.prune,
      onPruned: (versions, earliest) => this.#log.info({ versions, earliest }, 'history was pruned'),
      // Also a lost connection or lease: the next run completes what this one left.
      onError: (error) => this.#log.warn({ err: error }, 'pruning was interrupted; it goes on later'),
    });
    try {
      const record = await deployment.record();
      const match = new MatchStage(subgraph);
      match.load(await deployment.dataSources());
      await mapper.reset(record.head, match.dynamic);
      files?.load(match.files());
      this.#progress.moveHead(record.head);
      const declared = new DeclaredCalls(subgraph, match, source);
      const session: Session = {
        source,
        lease,
        mapper,
        match,
        fetch: new FetchStage(source, match, declared, this.#progress, prefetchBytes),
        map: new MapStage(mapper, match, source, declared, this.#progress, files),
        files,
        write: new WriteStage(
          deployment,
          lease,
          this.#progress,
          { minVersions: batchVersions, maxVersions: batchVersions * 4, maxDelayMs: 1_000 },
          (head) => {
            this.#failures = 0;
            this.#log.debug({ block: head.number }, 'block committed');
            mapper.committed(head);
            pruner.look(head);
          },
        ),
      };
      await this.#follow(session);
    } finally {
      files?.close();
      await pruner.stop();
      await this.#indexes.building;
      await mapper.close();
    }
  }

  #monitor(): FileMonitor | null {
    const { subgraph, files } = this.#options;
    return files && subgraph.templates.some((template) => template.file)
      ? new FileMonitor(files, this.#log)
      : null;
  }

  /** A deployment that is grafted takes its base's history over before it indexes. False when it was stopped meanwhile. */
  async #copyGraft(lease: Lease, source: Source): Promise<boolean> {
    const { deployment } = this.#options;
    const graft = await deployment.graft();
    if (!graft || graft.copied) return true;
    const stopped = () => this.#stopping || this.#leaseLost || this.#paused;
    this.#paused = (await deployment.record()).status === 'paused';
    if (this.#paused) {
      this.#progress.enter('paused');
      await this.#sleep(1_000);
      return false;
    }
    const head = await source.blockPointer(graft.block);
    if (!head)
      throw new AiosError(
        'GRAFT_IMPOSSIBLE',
        `${source.name} has no block ${graft.block}, at which ${deployment.id} is grafted; it is looked for again`,
      );
    this.#progress.enter('syncing', `copying the history of ${graft.base} up to block ${graft.block}`);
    const done = await deployment.copyGraft(lease, graft, {
      head,
      stopped,
      report: ({ entity, rows, share }) =>
        this.#progress.enter(
          'syncing',
          `copying the history of ${graft.base} up to block ${graft.block}: ${entity}, ${rows} versions, ${Math.floor(share * 100)}%`,
        ),
    });
    if (done)
      this.#log.info({ base: graft.base, block: graft.block }, 'the history of the graft base is copied');
    return done;
  }

  /** Catches up with the head, waits for the next one, and so on until something has to be set up anew. */
  async #follow(session: Session): Promise<void> {
    // At the head, block after block, the registry says what it said: of pauses and lost leases `observe` tells.
    let looked: DeploymentRecord | null = null;
    while (!this.#stopping && !this.#leaseLost) {
      const record: DeploymentRecord = looked ?? (await this.#options.deployment.record());
      if (!looked) this.#paused = record.status === 'paused';
      looked = null;
      if (this.#paused) {
        this.#progress.enter('paused');
        await this.#sleep(1_000);
        continue;
      }
      try {
        if (record.failure && !(await this.#outlived(session, record.failure))) {
          this.#progress.enter('failed', record.failure.message);
          await this.#nextWake();
          continue;
        }
        this.#woken = false;
        if (!(await this.#catchUp(session))) continue;
        looked = record;
        await this.#nextWake();
      } catch (error) {
        if (!isReorg(error)) throw error;
        await this.#unwind(session, error);
        // Its base's history is gone with the rest: it is to be copied again.
        if (!this.#progress.head && (await this.#options.deployment.graft())) return;
      }
    }
  }

  /** Maps and writes up to the chain's head. True when there is nothing more to do now. */
  async #catchUp(session: Session): Promise<boolean> {
    const { source } = session;
    const chainHead = await source.head();
    this.#progress.seeChainHead(chainHead);
    const head = this.#progress.head;
    if (head) await this.#checkOnChain(source, head, chainHead);
    if (head && head.number >= chainHead.number) {
      if (head.number > chainHead.number) {
        this.#progress.enter(
          'retrying',
          `the node is at block ${chainHead.number}, behind block ${head.number}`,
        );
        return true;
      }
      await this.#reachedHead(session);
      return true;
    }
    const first = head ? head.number + 1 : session.match.startBlock;
    // Behind the end of its last data source a deployment stands still, as in graph-node.
    const end = session.match.endBlock ?? chainHead.number;
    if (first > end) {
      await this.#reachedHead(session);
      return true;
    }
    const near = chainHead.number - first < NEAR_HEAD;
    if (this.#progress.state !== 'synced' || !near) this.#progress.enter('syncing');
    const failure = await this.#process(session, head, Math.min(chainHead.number, end), near);
    if (failure) {
      this.#log.error({ failure }, 'the deployment failed');
      return false;
    }
    // Below its start block a deployment has nothing to do, and no head. At the head nobody needs to be asked whether it is the head.
    const done = this.#progress.head === head || this.#progress.head?.hash === chainHead.hash;
    if (done && !this.#stopping && !this.#leaseLost) {
      await this.#reachedHead(session);
      return true;
    }
    return false;
  }

  async #process(
    session: Session,
    from: BlockPointer | null,
    to: number,
    near: boolean,
  ): Promise<DeterministicFailure | null> {
    const { fetch, write } = session;
    const run = new ChunkRuns(session, from, near, (before, last) => this.#count(before, last));
    for (;;) {
      for await (const { blocks } of fetch.run(run.mapped, to)) {
        for (const some of chunks(blocks, near ? 1 : BLOCKS_PER_RUN)) {
          if (this.#stopping || this.#leaseLost || this.#paused) {
            await run.finish();
            await write.flush();
            return write.failure;
          }
          await run.add(some);
          if (write.failure) return write.failure;
          if (run.refetch) break;
        }
        if (run.refetch) break;
      }
      await run.finish();
      if (write.failure) return write.failure;
      if (run.takeRefetch()) continue;
      await write.flush();
      return write.failure;
    }
  }

  #count(before: BlockPointer | null, last: BlockPointer | undefined): void {
    if (last) this.#progress.counters.blocks += last.number - (before?.number ?? last.number - 1);
  }

  async #reachedHead({ lease, source }: Session): Promise<void> {
    const { deployment, onSynced } = this.#options;
    this.#failures = 0;
    const behind = (await source.behind?.()) ?? null;
    if (behind !== null) {
      this.#progress.enter('syncing', behind);
      return;
    }
    if (this.#progress.state === 'synced') return;
    const record = await deployment.record();
    if (!record.indexedAt) {
      this.#buildIndexes();
      return;
    }
    if (!record.syncedAt) await deployment.setSynced(lease);
    await onSynced?.();
    this.#progress.enter('synced');
  }

  /** Indexes are built while the head is followed: on a large deployment, or a busy machine, that takes minutes. */
  #buildIndexes(): void {
    const { error } = this.#indexes;
    this.#indexes.error = undefined;
    if (error !== undefined) throw error;
    this.#progress.enter('syncing', 'at the head; building the indexes that queries want');
    this.#indexes.building ??= this.#options.deployment
      .createDeferredIndexes()
      .catch((failed: unknown) => {
        this.#indexes.error = failed;
      })
      .finally(() => {
        this.#indexes.building = undefined;
        this.#wakeUp();
      });
  }

  /** @throws ReorgDetected when the head is no longer a block of the chain. */
  async #checkOnChain(source: Source, head: BlockPointer, chainHead: ChainBlock): Promise<void> {
    if (head.number > chainHead.number) {
      // Where blocks become final, a node whose head is an ancestor of ours only lags; a development chain really went back.
      const stored = await this.#options.deployment.findBlock({ number: chainHead.number });
      if (source.capabilities.finality && (!stored || stored.hash === chainHead.hash)) return;
      throw new ReorgDetected(head, `the chain now ends at block ${chainHead.number}`);
    }
    const found = head.number === chainHead.number ? chainHead : await source.blockPointer(head.number);
    if (found?.hash !== head.hash)
      throw new ReorgDetected(head, found ? `block ${head.number} is ${found.hash} now` : 'it is gone');
  }

  /** Whether a reorg has removed the block that a failure happened in; the failure is then forgotten. */
  async #outlived(session: Session, failure: DeploymentFailure): Promise<boolean> {
    if (!failure.block) return false;
    const found = await session.source.blockPointer(failure.block.number);
    if (found?.hash === failure.block.hash) return false;
    await this.#options.deployment.setFailure(session.lease, null);
    await this.#unwind(session, new ReorgDetected(failure.block, 'it had failed'));
    return true;
  }

  async #unwind(session: Session, reason: unknown): Promise<void> {
    const { deployment } = this.#options;
    const { source, fetch, map, match, write, files } = session;
    await fetch.unwind();
    await write.drop();
    const shared = await commonAncestor(deployment, source);
    const { head, earliestBlock } = await deployment.record();
    // Where nothing is ever final, a chain may go back to before the history that is kept: then all of it is indexed anew.
    const ancestor = shared && shared.number < earliestBlock ? null : shared;
    this.#log.info({ reason: messageOf(reason), from: head?.number, to: ancestor?.number }, 'going back');
    await write.unwind(ancestor);
    await map.unwind(ancestor);
    await match.unwind(ancestor);
    if (files) {
      // Only the store knows which of the files that remain were handled in blocks that remain.
      match.load(await deployment.dataSources());
      files.load(match.files());
    }
    if (head && head.hash !== ancestor?.hash) {
      this.#progress.counters.reorgs++;
      this.#progress.counters.revertedBlocks += head.number - (ancestor?.number ?? match.startBlock - 1);
    }
    this.#progress.moveHead(ancestor);
  }

  #announce(): void {
    if (this.#announced || !this.#options.onStatus) return;
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      this.#options.onStatus?.(this.status);
    });
  }

  /** Until something happened since the last time this was waited for. */
  async #nextWake(): Promise<void> {
    if (!this.#woken && !this.#stopping && !this.#leaseLost)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#woken = false;
  }

  #wakeUp(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Ends early when something is to be done, such as to stop. */
  async #sleep(milliseconds: number): Promise<void> {
    this.#woken = false;
    const timer = setTimeout(() => this.#wake(), milliseconds);
    await this.#nextWake();
    clearTimeout(timer);
  }

  async #backOff(): Promise<void> {
    const { backOffMs = 250, maxBackOffMs = 10_000 } = this.#options;
    const ceiling = Math.min(maxBackOffMs, backOffMs * 2 ** Math.min(this.#failures - 1, 20));
    const until = performance.now() + ceiling * (0.5 + Math.random() / 2);
    // New heads wake sleepers, and must not shorten this.
    while (!this.#stopping && performance.now() < until) await this.#sleep(until - performance.now());
  }
}

/**
 * Chunks of blocks on their way through the mapping: the next one is handed over while the present one runs, so that the mapping
 * thread never waits for this one to write and match.
 */
class ChunkRuns {
  readonly #session: Session;
  readonly #near: boolean;
  readonly #count: (before: BlockPointer | null, last: BlockPointer | undefined) => void;
  readonly #running: Begun[] = [];
  /** The last block whose outcome was handed to the writer. */
  mapped: BlockPointer | null;
  /** Blocks have to be fetched anew, for data sources that were made. */
  refetch = false;

  constructor(
    session: Session,
    from: BlockPointer | null,
    near: boolean,
    count: (before: BlockPointer | null, last: BlockPointer | undefined) => void,
  ) {
    this.#session = session;
    this.#near = near;
    this.#count = count;
    this.mapped = from;
  }

  /** Hands a chunk over; waits for the one before the last. */
  async add(blocks: readonly SourceBlock[]): Promise<void> {
    this.#running.push(this.#session.map.begin(blocks));
    if (this.#running.length > RUNS_AHEAD) await this.#settle();
  }

  /** Waits for all that was handed over. */
  async finish(): Promise<void> {
    while (this.#running.length > 0) await this.#settle();
  }

  takeRefetch(): boolean {
    const { refetch } = this;
    this.refetch = false;
    return refetch;
  }

  async #settle(): Promise<void> {
    const { map, write } = this.#session;
    const next = this.#running.shift();
    if (!next) return;
    // An earlier chunk decides what becomes of this one; the mapping has not begun it.
    if (this.refetch || write.failure) {
      map.drop(next);
      return;
    }
    const result = await map.complete(next);
    const last = result.outcomes.at(-1)?.block;
    await write.add(result.outcomes);
    this.#count(this.mapped, last);
    this.mapped = last ?? this.mapped;
    this.refetch = result.refetch;
    if (this.#near || result.failed) await write.flush();
  }
}

function isReorg(error: unknown): boolean {
  return error instanceof ReorgDetected || (error instanceof AiosError && error.code === 'NOT_ON_HEAD');
}

/** Blocks in runs of at most that many blocks, and of not many more logs than a run should have. */
function* chunks(blocks: readonly SourceBlock[], size: number): Generator<readonly SourceBlock[]> {
  for (let from = 0; from < blocks.length; ) {
    let to = from;
    for (let logs = 0; to < blocks.length && to - from < size && logs < LOGS_PER_RUN; to++)
      logs += blocks[to]?.logs.length ?? 0;
    yield blocks.slice(from, to);
    from = to;
  }
}
