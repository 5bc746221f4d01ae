// Runs one deployment for ever: fetch → match → map → write, and back (`unwind`) when the chain reorganises. Only one process does so
// at a time, by lease. What the deployment's own code does wrong stops it; anything else is tried again.
import type { LoadedSubgraph } from '#indexer/manifest/manifest.ts';
import type { Deployment, DeploymentFailure, Lease } from '#indexer/store/index.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { BlockPointer, DeterministicFailure, SourceBlock } from '../model.ts';
import { type ChainBlock, ReorgDetected, type Source } from '../sources/source.ts';
import { commonAncestor } from './common-ancestor.ts';
import type { Mapper } from './mapper.ts';
import { type PipelineStatus, Progress } from './progress.ts';
import { FetchStage } from './stages/fetch.ts';
import { MapStage } from './stages/map.ts';
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

/** Everything that lives as long as a lease. */
interface Session {
  readonly source: Source;
  readonly lease: Lease;
  readonly mapper: Mapper;
  readonly match: MatchStage;
  readonly fetch: FetchStage;
  readonly map: MapStage;
  readonly write: WriteStage;
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
    const { deployment, subgraph, batchVersions = 5_000, prefetchBytes = 64 << 20 } = this.#options;
    const mapper = await this.#options.createMapper(source);
    try {
      const record = await deployment.record();
      const match = new MatchStage(subgraph);
      match.load(await deployment.dataSources());
      await mapper.reset(record.head, match.dynamic);
      this.#progress.moveHead(record.head);
      const session: Session = {
        source,
        lease,
        mapper,
        match,
        fetch: new FetchStage(source, match, this.#progress, prefetchBytes),
        map: new MapStage(mapper, match, source, this.#progress),
        write: new WriteStage(
          deployment,
          lease,
          this.#progress,
          { minVersions: batchVersions, maxVersions: batchVersions * 4, maxDelayMs: 1_000 },
          (head) => {
            this.#failures = 0;
            this.#log.debug({ block: head.number }, 'block committed');
            mapper.committed(head);
          },
        ),
      };
      await this.#follow(session);
    } finally {
      await mapper.close();
    }
  }

  /** Catches up with the head, waits for the next one, and so on until something has to be set up anew. */
  async #follow(session: Session): Promise<void> {
    while (!this.#stopping && !this.#leaseLost) {
      const record = await this.#options.deployment.record();
      this.#paused = record.status === 'paused';
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
        if (await this.#catchUp(session)) await this.#nextWake();
      } catch (error) {
        if (!isReorg(error)) throw error;
        await this.#unwind(session, error);
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
    const near = chainHead.number - first < NEAR_HEAD;
    if (this.#progress.state !== 'synced' || !near) this.#progress.enter('syncing');
    const failure = await this.#process(session, head, chainHead.number, near);
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
    const { fetch, map, write } = session;
    let mapped = from;
    for (;;) {
      let refetch = false;
      for await (const { blocks } of fetch.run(mapped, to)) {
        for (const some of chunks(blocks, near ? 1 : BLOCKS_PER_RUN)) {
          if (this.#stopping || this.#leaseLost || this.#paused) {
            await write.flush();
            return write.failure;
          }
          const result = await map.run(some);
          const last = result.outcomes.at(-1)?.block;
          await write.add(result.outcomes);
          this.#count(mapped, last);
          mapped = last ?? mapped;
          if (near || result.failed) await write.flush();
          if (write.failure) return write.failure;
          refetch = result.refetch;
          if (refetch) break;
        }
        if (refetch) break;
      }
      if (refetch) continue;
      await write.flush();
      return write.failure;
    }
  }

  #count(before: BlockPointer | null, last: BlockPointer | undefined): void {
    if (last) this.#progress.counters.blocks += last.number - (before?.number ?? last.number - 1);
  }

  async #reachedHead({ lease }: Session): Promise<void> {
    const { deployment, onSynced } = this.#options;
    this.#failures = 0;
    if (this.#progress.state === 'synced') return;
    const record = await deployment.record();
    if (!record.indexedAt) await deployment.createDeferredIndexes();
    if (!record.syncedAt) await deployment.setSynced(lease);
    await onSynced?.();
    this.#progress.enter('synced');
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
    const { source, fetch, map, match, write } = session;
    await fetch.unwind();
    await write.drop();
    const ancestor = await commonAncestor(deployment, source);
    const head = (await deployment.record()).head;
    this.#log.info({ reason: messageOf(reason), from: head?.number, to: ancestor?.number }, 'going back');
    await write.unwind(ancestor);
    await map.unwind(ancestor);
    await match.unwind(ancestor);
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
    const { backOffMs = 250, maxBackOffMs = 30_000 } = this.#options;
    const ceiling = Math.min(maxBackOffMs, backOffMs * 2 ** Math.min(this.#failures - 1, 20));
    const until = performance.now() + ceiling * (0.5 + Math.random() / 2);
    // New heads wake sleepers, and must not shorten this.
    while (!this.#stopping && performance.now() < until) await this.#sleep(until - performance.now());
  }
}

function isReorg(error: unknown): boolean {
  return error instanceof ReorgDetected || (error instanceof AiosError && error.code === 'NOT_ON_HEAD');
}

function* chunks(blocks: readonly SourceBlock[], size: number): Generator<readonly SourceBlock[]> {
  for (let at = 0; at < blocks.length; at += size) yield blocks.slice(at, at + size);
}
