// The source of a composed subgraph: the blocks of a chain with the entities that other deployments of this database made in them. Its head
// is as far as all of those have come on the chain as it is now, so that what is read never has to be guessed.
import type pg from 'pg';

import type { BlockPointer, Hex, LogFilter, SourceBlock, SourceEntity } from '../model.ts';
import { commonAncestor } from '../pipeline/common-ancestor.ts';
import {
  type BlockRange,
  type CallRequest,
  type CallResult,
  type ChainBlock,
  ReorgDetected,
  type Source,
  type SourceCapabilities,
  type ViewRequest,
} from '../sources/source.ts';
import type { Deployment } from '../store/index.ts';
import { type MadeEntity, readMadeEntities } from './made-entities.ts';

/** One data source: which entities of which deployment are read. */
export interface ReadSubgraph {
  /** Index of the data source. */
  readonly dataSource: number;
  readonly deployment: Deployment;
  readonly entities: readonly string[];
}

export interface ComposedSourceOptions {
  readonly pool: pg.Pool;
  /** The chain that the deployments index; it is shared, and stays open. */
  readonly chain: Source;
  readonly subgraphs: readonly ReadSubgraph[];
  /** Calls back whenever one of these deployments has committed or gone back. Returns how to stop. */
  readonly onCommit: (deployments: ReadonlySet<string>, listener: () => void) => () => void;
}

/** Entities read at once from one table. */
const ROWS_AT_ONCE = 2_000;
/** Headers asked for at the same time. */
const HEADERS_AT_ONCE = 16;
/** From this share of blocks with entities on, reading every header of a range costs less than asking for them one by one. */
const DENSE = 1 / 4;
const NOTHING: LogFilter = { entries: [], receipts: false, everyBlock: false };
/** The head while a deployment that is read has none. */
const BEFORE_ALL: ChainBlock = { number: -1, hash: '0x', parentHash: '0x', timestamp: 0 };

export class ComposedSource implements Source {
  readonly kind: Source['kind'];
  readonly name: string;
  readonly chainId: number;
  readonly capabilities: SourceCapabilities;
  readonly firstBlock: number;
  readonly calls?: Source['calls'];
  readonly #options: ComposedSourceOptions;
  readonly #chain: Source;
  /** Nothing above is known to this source. */
  #bound = -1;

  constructor(options: ComposedSourceOptions) {
    const { chain } = options;
    this.#options = options;
    this.#chain = chain;
    this.kind = chain.kind;
    this.name = chain.name;
    this.chainId = chain.chainId;
    // A deployment that is read may go back at any time: an operator can rewind it.
    this.capabilities = { ...chain.capabilities, finality: false };
    this.firstBlock = chain.firstBlock;
    if (chain.calls)
      this.calls = (block: BlockPointer, requests: readonly ViewRequest[]) =>
        chain.calls?.(block, requests) ?? Promise.resolve([]);
  }

  async head(): Promise<ChainBlock> {
    const heads = await Promise.all(
      this.#options.subgraphs.map(({ deployment }) => this.#agreed(deployment)),
    );
    const lowest = heads.reduce<BlockPointer | null>(
      (low, head) => (low === null || head === null || head.number < low.number ? head : low),
      heads[0] ?? null,
    );
    const head = lowest && (await this.#chain.blockPointer(lowest.number));
    // The chain changed under it: the next look sees what it is now.
    this.#bound = head && head.hash === lowest?.hash ? head.number : -1;
    return head && head.hash === lowest?.hash ? head : BEFORE_ALL;
  }

  /** Why the head may be far from the chain's; null when the deployments that are read have caught up themselves. */
  async behind(): Promise<string | null> {
    for (const { deployment } of this.#options.subgraphs) {
      const { syncedAt, failure, head } = await deployment.record();
      if (failure) return `the source subgraph ${deployment.id} has failed: ${failure.message}`;
      if (!syncedAt)
        return `the source subgraph ${deployment.id} is at block ${head?.number ?? '(none)'} itself`;
    }
    return null;
  }

  /** The newest block of a deployment that the chain has, too. */
  async #agreed(deployment: Deployment): Promise<BlockPointer | null> {
    const { head, failure } = await deployment.record();
    if (!head) return null;
    // The block that a deployment failed in is its head, and holds nothing of it.
    const last = failure?.block?.hash === head.hash;
    const found = last ? null : await this.#chain.blockPointer(head.number);
    if (found && found.hash === head.hash) return head;
    return commonAncestor(
      {
        id: deployment.id,
        recentBlocks: async (limit) =>
          (await deployment.recentBlocks(limit)).filter((block) => !last || block.number < head.number),
      },
      {
        name: this.name,
        capabilities: this.capabilities,
        blockPointer: (number) => this.#chain.blockPointer(number),
      },
    );
  }

  finalized(): Promise<BlockPointer | null> {
    return this.#chain.finalized();
  }

  async blockPointer(number: number): Promise<ChainBlock | null> {
    return number > this.#bound ? null : this.#chain.blockPointer(number);
  }

  async *blocks({ after, from, to, signal }: BlockRange): AsyncGenerator<SourceBlock[]> {
    let previous = after;
    let next = from;
    while (next <= to && !signal?.aborted) {
      const read = await readMadeEntities(
        this.#options.pool,
        this.#options.subgraphs,
        next,
        to,
        ROWS_AT_ONCE,
      );
      const end = read.complete ? to : (read.entities.at(-1)?.block ?? to);
      const byBlock = new Map<number, SourceEntity[]>();
      for (const entity of read.entities) {
        const list = byBlock.get(entity.block);
        if (list) list.push(sourceEntity(entity));
        else byBlock.set(entity.block, [sourceEntity(entity)]);
      }
      const wanted = [...byBlock.keys()];
      if (wanted.at(-1) !== end) wanted.push(end);
      const blocks: SourceBlock[] = [];
      for (const block of await this.#headers(wanted, next, end, signal)) {
        const { number, hash, parentHash } = block.header;
        const known = read.hashes.get(number);
        if (known !== undefined && known !== hash)
          throw new ReorgDetected({ number, hash: known }, `the chain has ${hash} there`);
        if (previous && number === previous.number + 1 && parentHash !== previous.hash)
          throw new ReorgDetected(previous, `block ${number} has the parent ${parentHash}`);
        previous = { number, hash };
        const entities = byBlock.get(number);
        blocks.push({ ...block, logs: [], ...(entities && { entities }) });
      }
      if (blocks.length > 0) yield blocks;
      next = end + 1;
    }
  }

  /** The blocks of these heights, in ascending order; those that a recording lacks are left out. */
  async #headers(
    numbers: readonly number[],
    from: number,
    to: number,
    signal: AbortSignal | undefined,
  ): Promise<SourceBlock[]> {
    const wanted = new Set(numbers);
    const found: SourceBlock[] = [];
    if (numbers.length > 1 && numbers.length >= (to - from + 1) * DENSE) {
      const range = { after: null, from, to, ...(signal && { signal }) };
      for await (const blocks of this.#chain.blocks(range, { ...NOTHING, everyBlock: true }))
        found.push(...blocks.filter((block) => wanted.has(block.header.number)));
    } else {
      for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE)
        found.push(
          ...(
            await Promise.all(
              numbers.slice(at, at + HEADERS_AT_ONCE).map((number) => this.#header(number, signal)),
            )
          ).filter((block) => block !== null),
        );
    }
    return found;
  }

  async #header(number: number, signal: AbortSignal | undefined): Promise<SourceBlock | null> {
    const range = { after: null, from: number, to: number, ...(signal && { signal }) };
    for await (const blocks of this.#chain.blocks(range, NOTHING))
      for (const block of blocks) if (block.header.number === number) return block;
    return null;
  }

  call(request: CallRequest): Promise<CallResult> {
    return this.#chain.call(request);
  }

  getBalance(address: Hex, block: BlockPointer): Promise<bigint> {
    return this.#chain.getBalance(address, block);
  }

  hasCode(address: Hex, block: BlockPointer): Promise<boolean> {
    return this.#chain.hasCode(address, block);
  }

  onHead(listener: (head: ChainBlock) => void): () => void {
    let looking = false;
    let again = false;
    const look = async (): Promise<void> => {
      again = true;
      if (looking) return;
      looking = true;
      while (again) {
        again = false;
        // What cannot be read now is read by the runner, which shows what is wrong.
        await this.head().then(listener, () => listener(BEFORE_ALL));
      }
      looking = false;
    };
    const deployments = new Set(this.#options.subgraphs.map(({ deployment }) => deployment.id));
    return this.#options.onCommit(deployments, () => void look());
  }

  async close(): Promise<void> {}
}

function sourceEntity({ dataSource, type, data }: MadeEntity): SourceEntity {
  return { dataSource, type, data };
}
