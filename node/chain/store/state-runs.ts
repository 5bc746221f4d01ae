// The folded state: runs of changes sorted by key, of which a later one counts. New runs are written behind the others, and all are merged once the
// later ones are together as large as the first, so that a change costs the same however many accounts there are. (A table with an entry for
// each key would write a page for nearly every change: 4 KB for 60 bytes once there are a million.)
import type { StateEntry } from '../state/chain-block.ts';
import { ChangeCursor } from './packed-changes.ts';
import { compareRanges, MOST_SORTED, sortedOrder } from './sort-by-key.ts';
import { storeCorrupt } from './store-errors.ts';
import type { StateRun } from './store-meta.ts';
import { keyOf, PAGE_BYTES, sealed, type Tables, unsealed } from './tables.ts';

/** Changes of a run at least; fewer would make more runs than are well merged at once. */
export const CHANGES_OF_RUN = 65_536;

/** Where a merge takes the next change from. */
interface ChangeSource {
  /** Of the change that it stands on; undefined at its end. */
  cursor: ChangeCursor | undefined;
  /** The key's first six bytes, so that few keys are compared byte by byte. */
  prefix: number;
  advance(): void;
}

function prefixOf({ bytes, keyStart, keyEnd }: ChangeCursor): number {
  let prefix = 0;
  for (let k = keyStart; k < keyStart + 6; k++)
    prefix = prefix * 256 + (k < keyEnd ? (bytes[k] as number) : 0);
  return prefix;
}

class PackedSource implements ChangeSource {
  cursor: ChangeCursor | undefined;
  prefix = 0;

  constructor(bytes: Uint8Array) {
    this.cursor = new ChangeCursor(bytes);
    this.advance();
  }

  advance(): void {
    if (this.cursor?.next()) this.prefix = prefixOf(this.cursor);
    else this.cursor = undefined;
  }
}

class RunSource implements ChangeSource {
  readonly #tables: Tables;
  readonly #run: StateRun;
  #page = 0;
  cursor: ChangeCursor | undefined;
  prefix = 0;

  constructor(tables: Tables, run: StateRun) {
    this.#tables = tables;
    this.#run = run;
    this.advance();
  }

  advance(): void {
    while (!this.cursor?.next()) {
      if (this.#page === this.#run.pages) {
        this.cursor = undefined;
        return;
      }
      const page = unsealed(this.#tables, 'state', keyOf(this.#run.id, this.#page));
      if (!page)
        throw storeCorrupt(
          this.#tables.path,
          `page ${this.#page} of run ${this.#run.id} of the state is missing`,
        );
      this.#page += 1;
      // The next look-up writes over it.
      this.cursor = new ChangeCursor(Uint8Array.prototype.slice.call(page));
    }
    this.prefix = prefixOf(this.cursor);
  }
}

/** Each key's latest change, in ascending order of the keys. @param sources the oldest first */
function* merged(sources: readonly ChangeSource[]): Generator<ChangeCursor> {
  for (;;) {
    let least: ChangeSource | undefined;
    for (const source of sources) {
      if (!source.cursor) continue;
      if (!least || source.prefix < least.prefix) least = source;
      else if (source.prefix === least.prefix) {
        const difference = compareKeys(source.cursor, least.cursor as ChangeCursor);
        if (difference < 0) least = source;
        else if (difference === 0) {
          // The older one of the two is of no account.
          least.advance();
          least = source;
        }
      }
    }
    if (!least?.cursor) return;
    yield least.cursor;
    least.advance();
  }
}

const compareKeys = (a: ChangeCursor, b: ChangeCursor) =>
  compareRanges(a.bytes, a.keyStart, a.keyEnd, b.bytes, b.keyStart, b.keyEnd);

/** The latest change of each key, sorted. @param packed changes in the order in which they were made */
export function sortChanges(packed: readonly Uint8Array[]): Uint8Array[] {
  const sorted: Uint8Array[] = [];
  let [parts, count]: [Uint8Array[], number] = [[], 0];
  const finish = () => {
    if (count > 0) sorted.push(sortPart(parts, count));
    [parts, count] = [[], 0];
  };
  for (const bytes of packed) {
    const cursor = new ChangeCursor(bytes);
    let [from, to] = [0, 0];
    while (cursor.next()) {
      if (count === MOST_SORTED) {
        parts.push(bytes.subarray(from, to));
        finish();
        from = to;
      }
      to = cursor.end;
      count += 1;
    }
    parts.push(bytes.subarray(from, to));
  }
  finish();
  return sorted;
}

function sortPart(parts: readonly Uint8Array[], count: number): Uint8Array {
  const [only] = parts;
  const bytes = parts.length === 1 && only ? only : Buffer.concat(parts);
  const [starts, keys, keyEnds, ends] = Array.from({ length: 4 }, () => new Uint32Array(count)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const cursor = new ChangeCursor(bytes);
  for (let nth = 0; cursor.next(); nth++) {
    starts[nth] = cursor.start;
    keys[nth] = cursor.keyStart;
    keyEnds[nth] = cursor.keyEnd;
    ends[nth] = cursor.end;
  }
  const order = sortedOrder(bytes, keys, keyEnds);
  const into = new Uint8Array(bytes.length);
  let at = 0;
  for (let place = 0; place < count; place++) {
    const nth = order[place] as number;
    const next = order[place + 1];
    const isLast =
      next === undefined ||
      compareRanges(
        bytes,
        keys[nth] as number,
        keyEnds[nth] as number,
        bytes,
        keys[next] as number,
        keyEnds[next] as number,
      ) !== 0;
    if (!isLast) continue;
    const [start, end] = [starts[nth] as number, ends[nth] as number];
    for (let from = start; from < end; ) into[at++] = bytes[from++] as number;
  }
  return into.subarray(0, at);
}

/** Writes a run's pages; in the thread that writes. */
class RunWriter {
  readonly #tables: Tables;
  readonly #id: number;
  readonly #page = Buffer.allocUnsafeSlow(PAGE_BYTES);
  #filled = 0;
  #pages = 0;
  #entries = 0;

  constructor(tables: Tables, id: number) {
    this.#tables = tables;
    this.#id = id;
  }

  add({ bytes, start, end }: ChangeCursor): void {
    const length = end - start;
    if (this.#filled + length > PAGE_BYTES) this.#flush();
    this.#entries += 1;
    if (length > PAGE_BYTES) {
      this.#put(bytes.subarray(start, end));
      return;
    }
    const page = this.#page;
    let at = this.#filled;
    for (let from = start; from < end; ) page[at++] = bytes[from++] as number;
    this.#filled = at;
  }

  finish(): StateRun {
    this.#flush();
    return { id: this.#id, pages: this.#pages, entries: this.#entries };
  }

  #flush(): void {
    if (this.#filled > 0) this.#put(this.#page.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #put(bytes: Uint8Array): void {
    const key = keyOf(this.#id, this.#pages);
    this.#tables.state.putSync(key, sealed(key, bytes));
    this.#pages += 1;
  }
}

export function writeRun(tables: Tables, id: number, sorted: Uint8Array): StateRun {
  const writer = new RunWriter(tables, id);
  const cursor = new ChangeCursor(sorted);
  while (cursor.next()) writer.add(cursor);
  return writer.finish();
}

export function removeRun(tables: Tables, { id, pages }: StateRun): void {
  for (let page = 0; page < pages; page++) tables.state.removeSync(keyOf(id, page));
}

/** Whether the later runs are together as large as the first. */
export function isMergeDue(runs: readonly StateRun[]): boolean {
  const [first, ...later] = runs;
  return (
    first !== undefined &&
    later.reduce((sum, { entries }) => sum + entries, 0) >= first.entries &&
    later.length > 0
  );
}

/** All in one, without what was removed. */
export function mergeRuns(tables: Tables, id: number, runs: readonly StateRun[]): StateRun {
  const writer = new RunWriter(tables, id);
  for (const cursor of merged(runs.map((run) => new RunSource(tables, run))))
    if (!cursor.removed) writer.add(cursor);
  return writer.finish();
}

/** The state that runs and later changes lead to, in ascending order of its keys. */
export function* stateEntries(
  tables: Tables,
  runs: readonly StateRun[],
  later: readonly Uint8Array[],
): Generator<StateEntry> {
  const sources: ChangeSource[] = runs.map((run) => new RunSource(tables, run));
  for (const sorted of sortChanges(later)) sources.push(new PackedSource(sorted));
  for (const cursor of merged(sources)) if (!cursor.removed) yield cursor.entry();
}
