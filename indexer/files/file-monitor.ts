// The files that one deployment waits for. They are looked for beside the mapping, which is handed what was found with its next block;
// a file that is nowhere is looked for again and again, ever less often, for ever.
import type { Logger } from '#node/platform/log.ts';
import type { Trigger } from '../model.ts';
import { parseContentPath } from './content-path.ts';
import type { FileFetcher, FoundFile } from './file-fetcher.ts';

/** A file data source that is not done. */
export interface AwaitedFile {
  /** Index of the data source among the deployment's. */
  readonly dataSource: number;
  readonly handler: string;
  /** `CID` or `CID/path`. */
  readonly path: string;
}

export type FileTrigger = Extract<Trigger, { kind: 'file' }>;

/** Content that was found and not taken yet; beyond it nothing more is looked for. */
const MAX_READY_BYTES = 32 << 20;
/** Files a deployment looks for at the same time. */
const AT_ONCE = 4;
/** How many times its pause doubles until it is the longest. */
const LEVELS = 8;

interface Wanted {
  readonly path: string;
  readonly sources: AwaitedFile[];
  attempts: number;
}

export class FileMonitor {
  readonly #fetcher: FileFetcher;
  readonly #log: Logger;
  readonly #wanted = new Map<string, Wanted>();
  readonly #due: string[] = [];
  /** Files not found, by how often: each list is in order of when they are due, as one pause holds for all of it. */
  readonly #resting: { readonly path: string; readonly at: number }[][] = Array.from(
    { length: LEVELS },
    () => [],
  );
  #ready: FileTrigger[] = [];
  #readyBytes = 0;
  #fetching = 0;
  #timer: NodeJS.Timeout | undefined;
  #generation = 0;
  #closed = false;

  constructor(fetcher: FileFetcher, log: Logger) {
    this.#fetcher = fetcher;
    this.#log = log;
  }

  /** Files that were not found yet. */
  get missing(): number {
    return this.#wanted.size;
  }

  /** Forgets everything and waits for exactly these. */
  load(files: readonly AwaitedFile[]): void {
    this.#generation += 1;
    this.#wanted.clear();
    this.#due.length = 0;
    for (const list of this.#resting) list.length = 0;
    this.#ready = [];
    this.#readyBytes = 0;
    this.watch(files);
  }

  watch(files: readonly AwaitedFile[]): void {
    for (const file of files) {
      const known = this.#wanted.get(file.path);
      if (known) {
        known.sources.push(file);
        continue;
      }
      this.#wanted.set(file.path, { path: file.path, sources: [file], attempts: 0 });
      this.#due.push(file.path);
    }
    this.#pump();
  }

  /** What was found since the last time: the handlers' triggers. */
  take(): readonly FileTrigger[] {
    const ready = this.#ready;
    if (ready.length === 0) return ready;
    this.#ready = [];
    this.#readyBytes = 0;
    this.#pump();
    return ready;
  }

  /** Takes back what was taken and not handled. */
  giveBack(triggers: readonly FileTrigger[]): void {
    this.#ready = [...triggers, ...this.#ready];
    for (const { content } of triggers) this.#readyBytes += content.length;
  }

  close(): void {
    this.#closed = true;
    this.#generation += 1;
    clearTimeout(this.#timer);
  }

  #pump(): void {
    while (
      !this.#closed &&
      this.#due.length > 0 &&
      this.#fetching < AT_ONCE &&
      this.#readyBytes < MAX_READY_BYTES
    ) {
      const wanted = this.#wanted.get(this.#due.shift() as string);
      if (wanted) void this.#fetch(wanted, this.#generation);
    }
  }

  async #fetch(wanted: Wanted, generation: number): Promise<void> {
    this.#fetching += 1;
    const path = parseContentPath(wanted.path);
    const found: FoundFile = path
      ? await this.#fetcher.fetch(path)
      : { content: null, reason: 'it is not an IPFS path' };
    this.#fetching -= 1;
    if (!this.#closed && generation === this.#generation) this.#settle(wanted, found);
    this.#pump();
  }

  #settle(wanted: Wanted, found: FoundFile): void {
    if (found.content !== null) {
      const { content } = found;
      this.#wanted.delete(wanted.path);
      this.#readyBytes += content.length;
      for (const { dataSource, handler } of wanted.sources)
        this.#ready.push({ kind: 'file', dataSource, handler, content });
      return;
    }
    wanted.attempts += 1;
    const { first, most } = this.#fetcher.settings.retryMs;
    const level = Math.min(wanted.attempts - 1, LEVELS - 1);
    const pause = level === LEVELS - 1 ? most : Math.min(most, first * 2 ** level);
    this.#log.debug(
      { file: wanted.path, attempts: wanted.attempts, reason: found.reason },
      'a file was not found',
    );
    if (wanted.attempts === 1)
      this.#log.info({ file: wanted.path, reason: found.reason }, 'a file is waited for');
    this.#resting[level]?.push({ path: wanted.path, at: performance.now() + pause });
    this.#wake();
  }

  /** Sets the timer to when the next file is due. */
  #wake(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#resting.map((list) => list[0]?.at ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(next) || this.#closed) return;
    this.#timer = setTimeout(
      () => {
        const now = performance.now();
        for (const list of this.#resting)
          while (list[0] && list[0].at <= now) this.#due.push((list.shift() as { path: string }).path);
        this.#pump();
        this.#wake();
      },
      Math.max(0, next - performance.now()),
    );
    this.#timer.unref();
  }
}
