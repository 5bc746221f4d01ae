// Answers of root fields, kept until a commit touches an entity type they have read: what nobody changed is not read again.
import type { BlockPointer } from '#node/platform/operation.ts';
import type { RootPlan } from './plan.ts';
import type { CommitFeed } from './subscribe.ts';

/** A kept answer. Kept as JSON text, so that nobody who is handed it can change what the next one gets. */
interface Entry {
  readonly json: string;
  /** Newest block at which the answer is known to hold. */
  readonly block: number;
  readonly epoch: number;
  /** Entity types it was made from. */
  readonly types: readonly string[];
}

/** What an answer may be kept as: handed out before it is read, so that commits in between are noticed. */
export interface CachePlace {
  readonly key: string;
  readonly block: number;
  readonly epoch: number;
}

export interface KeptAnswer {
  readonly json: string;
  readonly types: readonly string[];
}

const DEFAULT_MAX_BYTES = 32 << 20;
/** Answers longer than this share of the whole are not worth what they would displace. */
const LARGEST_SHARE = 8;
/** Keys remembered as asked once: an answer is worth keeping when it is asked for again. */
const MAX_ASKED_ONCE = 20_000;

/**
 * The cache of one deployment in one face. It trusts nothing but the commit signals: an operation uses it only when it reads exactly the
 * block that the newest signal named, and whatever might have been missed (a broken connection, a reorganisation) empties it.
 */
export class AnswerCache {
  readonly #deployment: string;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  readonly #askedOnce = new Set<string>();
  readonly #plans = new WeakMap<RootPlan, number>();
  /** Block of the last commit that touched a type. */
  readonly #touched = new Map<string, number>();
  #lastPlan = 0;
  #bytes = 0;
  #epoch = 0;
  #head: BlockPointer | undefined;

  constructor(deployment: string, commits: CommitFeed, maxBytes = DEFAULT_MAX_BYTES) {
    this.#deployment = deployment;
    this.#maxBytes = maxBytes;
    // Lives as long as the executor, which lives as long as the process.
    commits.onCommit((commit) => {
      if (commit === undefined) this.#forget(undefined);
      else if (commit.deployment === this.#deployment)
        this.#committed(commit.block ?? undefined, commit.entities);
    });
  }

  /** Bytes of kept answers. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Where the answer of a root field belongs when it is read at `head`; undefined when it must not be kept. */
  place(
    plan: RootPlan,
    variables: Readonly<Record<string, unknown>>,
    head: BlockPointer,
  ): CachePlace | undefined {
    this.#head ??= head;
    if (this.#head.number !== head.number || this.#head.hash !== head.hash) return undefined;
    let number = this.#plans.get(plan);
    if (number === undefined) {
      number = ++this.#lastPlan;
      this.#plans.set(plan, number);
    }
    return { key: `${number} ${JSON.stringify(variables)}`, block: head.number, epoch: this.#epoch };
  }

  get({ key }: CachePlace): KeptAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#drop(key, entry);
    if (entry.epoch !== this.#epoch || this.#touchedSince(entry)) return undefined;
    this.#add(key, entry);
    return entry;
  }

  /** Keeps an answer that is asked for the second time, unless a commit has come in between. */
  put({ key, block, epoch }: CachePlace, json: () => string, types: readonly string[]): void {
    if (epoch !== this.#epoch) return;
    if (!this.#askedOnce.delete(key)) {
      if (this.#askedOnce.size >= MAX_ASKED_ONCE) this.#askedOnce.clear();
      this.#askedOnce.add(key);
      return;
    }
    // Still of interest once a commit makes this answer old.
    this.#askedOnce.add(key);
    const entry = { json: json(), block, epoch, types };
    if (sizeOf(key, entry) > this.#maxBytes / LARGEST_SHARE || this.#touchedSince(entry)) return;
    const before = this.#entries.get(key);
    if (before) this.#drop(key, before);
    this.#add(key, entry);
    for (const [oldest, old] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest, old);
    }
  }

  #touchedSince({ types, block }: Entry): boolean {
    return types.some((type) => (this.#touched.get(type) ?? -1) > block);
  }

  #committed(block: BlockPointer | undefined, entities: readonly string[] | undefined): void {
    if (block === undefined || entities === undefined || (this.#head && block.number <= this.#head.number)) {
      this.#forget(block);
      return;
    }
    this.#head = block;
    for (const type of entities) this.#touched.set(type, block.number);
  }

  #forget(head: BlockPointer | undefined): void {
    this.#epoch++;
    this.#head = head;
    this.#entries.clear();
    this.#touched.clear();
    this.#bytes = 0;
  }

  #add(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += sizeOf(key, entry);
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= sizeOf(key, entry);
  }
}

/** Rough bytes of an entry; text of our answers is nearly all one byte a character. */
function sizeOf(key: string, { json }: Entry): number {
  return key.length + json.length + 200;
}
