// Runs the handlers of blocks in order, also those of data sources that a block makes while it is run.

import { idText } from '#indexer/store/index.ts';
import type { FileMonitor, FileTrigger } from '../../files/file-monitor.ts';
import type {
  BlockOutcome,
  BlockPointer,
  CreatedDataSource,
  EntityModification,
  Hex,
  Receipt,
  SourceBlock,
  Transaction,
  Trigger,
} from '../../model.ts';
import { onlyProof } from '../../proof/proof-entity.ts';
import { ReorgDetected, type Source } from '../../sources/source.ts';
import type { DeclaredCalls } from '../declared-calls.ts';
import type { Mapper, MappingBlock } from '../mapper.ts';
import type { Progress } from '../progress.ts';
import { isOnChain, type MatchStage } from './match.ts';
import type { Stage } from './stage.ts';

export interface Mapped {
  readonly outcomes: BlockOutcome[];
  /**
   * Set when blocks were left out because a data source was made that they were not fetched for: fetching starts again behind
   * the last outcome.
   */
  readonly refetch: boolean;
  readonly failed: boolean;
}

/** Blocks that were handed to the mapping. */
export interface Begun {
  readonly blocks: readonly SourceBlock[];
  readonly wanted: readonly MappingBlock[];
  readonly outcomes: Promise<BlockOutcome[]>;
  /** Files that were found by then: they are handled after everything else of the last block. */
  readonly files: {
    readonly triggers: readonly FileTrigger[];
    readonly outcomes: Promise<BlockOutcome[]>;
  } | null;
}

export class MapStage implements Stage {
  readonly name = 'map';
  readonly #mapper: Mapper;
  readonly #match: MatchStage;
  readonly #source: Source;
  readonly #declared: DeclaredCalls;
  readonly #progress: Progress;
  readonly #files: FileMonitor | null;
  #lastEnd = 0;
  /** Until every run begun so far is with the mapping: they reach it in their order, whenever their declared calls are answered. */
  #handedOver: Promise<unknown> = Promise.resolve();

  /** @param files the files that the deployment waits for; null when its manifest has no file templates */
  constructor(
    mapper: Mapper,
    match: MatchStage,
    source: Source,
    declared: DeclaredCalls,
    progress: Progress,
    files: FileMonitor | null = null,
  ) {
    this.#files = files;
    this.#declared = declared;
    this.#mapper = mapper;
    this.#match = match;
    this.#source = source;
    this.#progress = progress;
  }

  /** Hands blocks to the mapping. The next ones may be begun before these are completed, in this order. */
  begin(blocks: readonly SourceBlock[]): Begun {
    const wanted = this.#withTriggers(blocks);
    const outcomes = this.#run(wanted);
    // It is awaited later, in order; until then its failure must not count as unhandled.
    outcomes.catch(() => undefined);
    return { blocks, wanted, outcomes, files: this.#beginFiles(blocks.at(-1)) };
  }

  /** Lets go of blocks that were begun behind others that ended early. */
  drop({ files }: Begun): void {
    if (files) this.#files?.giveBack(files.triggers);
  }

  #beginFiles(block: SourceBlock | undefined): Begun['files'] {
    const triggers = block ? (this.#files?.take() ?? []) : [];
    if (!block || triggers.length === 0) return null;
    const outcomes = this.#run([mappingBlock(block, triggers)]);
    outcomes.catch(() => undefined);
    return { triggers, outcomes };
  }

  /** Outcomes of the blocks with triggers, and of the last block always: the head moves there. */
  async complete(begun: Begun): Promise<Mapped> {
    const { blocks } = begun;
    const outcomes: BlockOutcome[] = [];
    let { wanted, outcomes: running, files } = begun;
    const again = (left: readonly SourceBlock[]): void => {
      if (files) this.#files?.giveBack(files.triggers);
      ({ wanted, outcomes: running, files } = this.begin(left));
    };
    let rest = blocks;
    for (;;) {
      const done = await running;
      if (done.length === 0 && wanted.length > 0) {
        // An earlier run ended early, and what it did may change what these blocks trigger.
        again(rest);
        continue;
      }
      outcomes.push(...done);
      const last = done.at(-1);
      const rescan = last?.createdDataSources.some(isOnChain) ?? false;
      for (const { createdDataSources } of rescan ? done.slice(0, -1) : done) this.#add(createdDataSources);
      if (last?.failure) return failedAt(outcomes, last);
      if (!last || !rescan) break;
      const at = rest.findIndex((block) => block.header.number === last.block.number);
      const wasWide = this.#match.wide;
      const rescanned = await this.#rescan(rest[at] as SourceBlock, last);
      outcomes[outcomes.length - 1] = rescanned;
      if (rescanned.failure) return failedAt(outcomes, rescanned);
      if (!wasWide) {
        this.drop({ ...begun, files });
        return { outcomes, refetch: true, failed: false };
      }
      rest = rest.slice(at + 1);
      again(rest);
    }
    const end = blocks.at(-1);
    if (end && outcomes.at(-1)?.block.number !== end.header.number) outcomes.push(nothingIn(end));
    if (end && files) await this.#completeFiles(end, files, outcomes);
    return { outcomes, refetch: false, failed: false };
  }

  async #completeFiles(
    block: SourceBlock,
    { triggers, outcomes: running }: NonNullable<Begun['files']>,
    outcomes: BlockOutcome[],
  ): Promise<void> {
    const [done] = await running;
    if (!done) {
      // Blocks before these ended early: the files come with the next ones.
      this.#files?.giveBack(triggers);
      return;
    }
    outcomes[outcomes.length - 1] = merge(outcomes.at(-1) ?? nothingIn(block), done);
    this.#add(done.createdDataSources);
  }

  #add(created: readonly CreatedDataSource[]): void {
    if (created.length === 0) return;
    const position = this.#match.dynamic.length;
    this.#match.add(created);
    this.#files?.watch(this.#match.files(position));
  }

  #withTriggers(blocks: readonly SourceBlock[]): MappingBlock[] {
    const started = performance.now();
    const wanted: MappingBlock[] = [];
    for (const block of blocks) {
      const triggers = this.#match.triggers(block);
      if (triggers.length > 0) wanted.push(mappingBlock(block, triggers));
    }
    this.#progress.counters.stageMs.match += performance.now() - started;
    return wanted;
  }

  async #run(blocks: readonly MappingBlock[]): Promise<BlockOutcome[]> {
    if (blocks.length === 0) return [];
    let started = performance.now();
    let running: Promise<BlockOutcome[]>;
    if (this.#declared.needed) {
      const answered = this.#withAnswers(blocks);
      const { handed } = await this.#inTurn(async () => {
        const ready = await answered;
        started = performance.now();
        const handed = this.#mapper.run(ready);
        // It is awaited below; until then its failure must not count as unhandled.
        handed.catch(() => undefined);
        return { handed };
      });
      running = handed;
    } else running = this.#mapper.run(blocks);
    const outcomes = await running;
    // Runs queue behind each other: each counts from the end of the one before.
    const ended = performance.now();
    this.#progress.counters.stageMs.map += ended - Math.max(started, this.#lastEnd);
    this.#lastEnd = ended;
    for (const [index] of outcomes.entries())
      this.#progress.counters.events += blocks[index]?.triggers.length ?? 0;
    return outcomes;
  }

  #inTurn<T>(handOver: () => Promise<T>): Promise<T> {
    const handed = this.#handedOver.then(handOver);
    this.#handedOver = handed.catch(() => undefined);
    return handed;
  }

  #withAnswers(blocks: readonly MappingBlock[]): Promise<MappingBlock[]> {
    return Promise.all(
      blocks.map(async (block) => {
        const answers = await this.#declared.answers(block.header, block.triggers);
        return answers ? { ...block, answers } : block;
      }),
    );
  }

  /** Data sources see the block they were made in, and so do those that they make. */
  async #rescan(block: SourceBlock, first: BlockOutcome): Promise<BlockOutcome> {
    let outcome = first;
    let created: readonly CreatedDataSource[] = first.createdDataSources;
    // Runs that were begun behind this one are refused by the mapping, which they have to reach before it may proceed.
    await this.#handedOver;
    while (created.length > 0) {
      this.#mapper.proceed();
      const position = this.#match.dynamic.length;
      const wasWide = this.#match.wide;
      this.#add(created);
      if (!created.some(isOnChain)) break;
      const seen = wasWide ? block : await this.#blockFor(block, position);
      const triggers = this.#match.triggers(seen, position);
      if (triggers.length === 0) break;
      const [more] = await this.#run([mappingBlock(seen, triggers)]);
      if (!more) break;
      outcome = merge(outcome, more);
      created = more.failure ? [] : more.createdDataSources;
    }
    this.#mapper.proceed();
    return outcome;
  }

  async #blockFor(block: SourceBlock, position: number): Promise<SourceBlock> {
    const { number, hash } = block.header;
    const range = { after: null, from: number, to: number };
    for await (const [found] of this.#source.blocks(range, this.#match.filterOfNew(position)))
      if (found?.header.hash === hash) return found;
    throw new ReorgDetected(block.header, 'it changed while its new data sources were read');
  }

  async unwind(to: BlockPointer | null): Promise<void> {
    const dynamic = this.#match.dynamic.filter((source) => to !== null && source.createdAt <= to.number);
    // A run that came after it would leave its entities behind.
    await this.#handedOver;
    await this.#mapper.reset(to, dynamic);
  }
}

/** Only what the triggers refer to: it is copied to another thread. */
function mappingBlock(block: SourceBlock, triggers: readonly Trigger[]): MappingBlock {
  const transactions = new Map<Hex, Transaction>();
  const receipts = new Map<Hex, Receipt>();
  for (const trigger of triggers) {
    if (trigger.kind !== 'event' && trigger.kind !== 'call') continue;
    const hash = (trigger.kind === 'event' ? trigger.log : trigger.call).transactionHash;
    const transaction = block.transactions.get(hash);
    if (transaction) transactions.set(hash, transaction);
    const receipt = trigger.kind === 'event' && trigger.receipt ? block.receipts.get(hash) : undefined;
    if (receipt) receipts.set(hash, receipt);
  }
  return { header: block.header, triggers, transactions, receipts };
}

function nothingIn({ header }: SourceBlock): BlockOutcome {
  return {
    block: { number: header.number, hash: header.hash },
    parentHash: header.parentHash,
    timestamp: header.timestamp,
    modifications: [],
    createdDataSources: [],
  };
}

/** Two runs of one block as one outcome: the last state of each entity, in the order they were first touched. */
function merge(first: BlockOutcome, second: BlockOutcome): BlockOutcome {
  const byEntity = new Map<string, EntityModification>();
  // The second run's states are those after both, told against what was there before the block.
  for (const modification of [...first.modifications, ...second.modifications])
    byEntity.set(keyOf(modification), modification);
  return {
    ...first,
    modifications: [...byEntity.values()],
    createdDataSources: [...first.createdDataSources, ...second.createdDataSources],
    ...(first.handledFiles || second.handledFiles
      ? { handledFiles: [...(first.handledFiles ?? []), ...(second.handledFiles ?? [])] }
      : {}),
    ...(second.failure ? { failure: second.failure } : {}),
    ...(first.lines || second.lines ? { lines: [...(first.lines ?? []), ...(second.lines ?? [])] } : {}),
    ...(first.errors || second.errors ? { errors: [...(first.errors ?? []), ...(second.errors ?? [])] } : {}),
  };
}

/** The failed block stays as one in which nothing happened but that it failed; its proof of indexing says so, and its lines why. */
function failedAt(outcomes: readonly BlockOutcome[], failed: BlockOutcome): Mapped {
  const { block, parentHash, timestamp, failure, lines } = failed;
  const modifications = onlyProof(failed.modifications);
  const stands = { block, parentHash, timestamp, modifications, createdDataSources: [] };
  const marker = { ...stands, failure, ...(lines && { lines }) };
  return { outcomes: [...outcomes.slice(0, -1), marker], refetch: false, failed: true };
}

function keyOf({ type, id, encoded }: EntityModification): string {
  return `${type}/${encoded?.key ?? idText(id)}`;
}
