// Runs the handlers of blocks in order, also those of data sources that a block makes while it is run.

import type { FileMonitor } from '../../files/file-monitor.ts';
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
import { ReorgDetected, type Source } from '../../sources/source.ts';
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

export class MapStage implements Stage {
  readonly name = 'map';
  readonly #mapper: Mapper;
  readonly #match: MatchStage;
  readonly #source: Source;
  readonly #progress: Progress;
  readonly #files: FileMonitor | null;

  /** @param files the files that the deployment waits for; null when its manifest has no file templates */
  constructor(
    mapper: Mapper,
    match: MatchStage,
    source: Source,
    progress: Progress,
    files: FileMonitor | null = null,
  ) {
    this.#files = files;
    this.#mapper = mapper;
    this.#match = match;
    this.#source = source;
    this.#progress = progress;
  }

  /** Outcomes of the blocks with triggers, and of the last block always: the head moves there. */
  async run(blocks: readonly SourceBlock[]): Promise<Mapped> {
    const outcomes: BlockOutcome[] = [];
    let rest = blocks;
    while (rest.length > 0) {
      const wanted = await this.#progress.measure('match', async () => this.#withTriggers(rest));
      const done = await this.#run(wanted);
      outcomes.push(...done);
      const last = done.at(-1);
      const rescan = last?.createdDataSources.some(isOnChain) ?? false;
      for (const { createdDataSources } of rescan ? done.slice(0, -1) : done) this.#add(createdDataSources);
      if (last?.failure) return { outcomes, refetch: false, failed: true };
      if (!last || !rescan) break;
      const at = rest.findIndex((block) => block.header.number === last.block.number);
      const wasWide = this.#match.wide;
      const rescanned = await this.#rescan(rest[at] as SourceBlock, last);
      outcomes[outcomes.length - 1] = rescanned;
      if (rescanned.failure) return { outcomes, refetch: false, failed: true };
      if (!wasWide) return { outcomes, refetch: true, failed: false };
      rest = rest.slice(at + 1);
    }
    const end = blocks.at(-1);
    if (end && outcomes.at(-1)?.block.number !== end.header.number) outcomes.push(nothingIn(end));
    if (end) await this.#runFiles(end, outcomes);
    return { outcomes, refetch: false, failed: false };
  }

  /** Files that were found meanwhile are handled after everything else of the last block, as nothing depends on them. */
  async #runFiles(block: SourceBlock, outcomes: BlockOutcome[]): Promise<void> {
    const files = this.#files?.take() ?? [];
    if (files.length === 0) return;
    const [more] = await this.#run([mappingBlock(block, files)]);
    if (!more) return;
    outcomes[outcomes.length - 1] = merge(outcomes.at(-1) ?? nothingIn(block), more);
    this.#add(more.createdDataSources);
  }

  #add(created: readonly CreatedDataSource[]): void {
    if (created.length === 0) return;
    const position = this.#match.dynamic.length;
    this.#match.add(created);
    this.#files?.watch(this.#match.files(position));
  }

  #withTriggers(blocks: readonly SourceBlock[]): MappingBlock[] {
    const wanted: MappingBlock[] = [];
    for (const block of blocks) {
      const triggers = this.#match.triggers(block);
      if (triggers.length > 0) wanted.push(mappingBlock(block, triggers));
    }
    return wanted;
  }

  async #run(blocks: readonly MappingBlock[]): Promise<BlockOutcome[]> {
    if (blocks.length === 0) return [];
    const outcomes = await this.#progress.measure('map', () => this.#mapper.run(blocks));
    for (const [index] of outcomes.entries())
      this.#progress.counters.events += blocks[index]?.triggers.length ?? 0;
    return outcomes;
  }

  /** Data sources see the block they were made in, and so do those that they make. */
  async #rescan(block: SourceBlock, first: BlockOutcome): Promise<BlockOutcome> {
    let outcome = first;
    let created: readonly CreatedDataSource[] = first.createdDataSources;
    while (created.length > 0) {
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
    await this.#mapper.reset(to, dynamic);
  }
}

/** Only what the triggers refer to: it is copied to another thread. */
function mappingBlock(block: SourceBlock, triggers: readonly Trigger[]): MappingBlock {
  const transactions = new Map<Hex, Transaction>();
  const receipts = new Map<Hex, Receipt>();
  for (const trigger of triggers) {
    if (trigger.kind !== 'event') continue;
    const hash = trigger.log.transactionHash;
    const transaction = block.transactions.get(hash);
    if (transaction) transactions.set(hash, transaction);
    const receipt = trigger.receipt ? block.receipts.get(hash) : undefined;
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
  };
}

function keyOf({ type, id }: EntityModification): string {
  return `${type}/${id instanceof Uint8Array ? Buffer.from(id).toString('hex') : id}`;
}
