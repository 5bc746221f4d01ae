// Runs the handlers of blocks in order, also those of data sources that a block makes while it is run.
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
import type { MatchStage } from './match.ts';
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
  readonly #declared: DeclaredCalls;
  readonly #progress: Progress;

  constructor(
    mapper: Mapper,
    match: MatchStage,
    source: Source,
    declared: DeclaredCalls,
    progress: Progress,
  ) {
    this.#declared = declared;
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
      const wanted = await this.#withTriggers(rest);
      const done = await this.#run(wanted);
      outcomes.push(...done);
      const last = done.at(-1);
      if (last?.failure) return failedAt(outcomes, last);
      if (!last || last.createdDataSources.length === 0) break;
      const at = rest.findIndex((block) => block.header.number === last.block.number);
      const wasWide = this.#match.wide;
      const rescanned = await this.#rescan(rest[at] as SourceBlock, last);
      outcomes[outcomes.length - 1] = rescanned;
      if (rescanned.failure) return failedAt(outcomes, rescanned);
      if (!wasWide) return { outcomes, refetch: true, failed: false };
      rest = rest.slice(at + 1);
    }
    const end = blocks.at(-1);
    if (end && outcomes.at(-1)?.block.number !== end.header.number) outcomes.push(nothingIn(end));
    return { outcomes, refetch: false, failed: false };
  }

  async #withTriggers(blocks: readonly SourceBlock[]): Promise<MappingBlock[]> {
    const matched = await this.#progress.measure('match', async () =>
      blocks.flatMap((block) => {
        const triggers = this.#match.triggers(block);
        return triggers.length > 0 ? [{ block, triggers }] : [];
      }),
    );
    return Promise.all(matched.map(({ block, triggers }) => this.#mappingBlock(block, triggers)));
  }

  async #mappingBlock(block: SourceBlock, triggers: readonly Trigger[]): Promise<MappingBlock> {
    const answers = await this.#declared.answers(block, triggers);
    return { ...mappingBlock(block, triggers), ...(answers && { answers }) };
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
      this.#match.add(created);
      const seen = wasWide ? block : await this.#blockFor(block, position);
      const triggers = this.#match.triggers(seen, position);
      if (triggers.length === 0) break;
      const [more] = await this.#run([await this.#mappingBlock(seen, triggers)]);
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
    if (trigger.kind === 'block') continue;
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
    ...(second.failure ? { failure: second.failure } : {}),
    ...(first.errors || second.errors ? { errors: [...(first.errors ?? []), ...(second.errors ?? [])] } : {}),
  };
}

/** The failed block stays as one in which nothing happened but that it failed; its proof of indexing says so. */
function failedAt(outcomes: readonly BlockOutcome[], failed: BlockOutcome): Mapped {
  const { block, parentHash, timestamp, failure } = failed;
  const modifications = onlyProof(failed.modifications);
  const marker = { block, parentHash, timestamp, modifications, createdDataSources: [], failure };
  return { outcomes: [...outcomes.slice(0, -1), marker], refetch: false, failed: true };
}

function keyOf({ type, id }: EntityModification): string {
  return `${type}/${id instanceof Uint8Array ? Buffer.from(id).toString('hex') : id}`;
}
