// What a block's handlers log, within bounds: a mapping may log whatever a contract hands it, as often as its gas allows.
import type { LoggedLine, LogLevel } from '#indexer/model.ts';

export interface LineLimits {
  readonly lineBytes: number;
  readonly blockLines: number;
  readonly blockBytes: number;
}

/**
 * A line holds a sentence and some values; what is longer is calldata, which the chain keeps. A block's lines are one page of
 * `_logs`, and weigh no more than the entities of a busy block, as batches hold hundreds of blocks.
 */
export const LINE_LIMITS: LineLimits = { lineBytes: 2_048, blockLines: 1_000, blockBytes: 256 * 1024 };

const NO_LINES: readonly LoggedLine[] = [];

/** The lines of one block. A block that is run again for new data sources goes on counting. */
export class LineBuffer {
  readonly #limits: LineLimits;
  /** Null as long as nothing is logged. */
  #lines: LoggedLine[] | null = null;
  #count = 0;
  #bytes = 0;
  /** Lines left out since the run began, and where the first of them was logged. */
  #omitted: { count: number; readonly handler: string; readonly dataSource: string } | null = null;

  constructor(limits: LineLimits = LINE_LIMITS) {
    this.#limits = limits;
  }

  /** Before a block is run; `again` when the one before it was the same. */
  begin(again: boolean): void {
    this.#lines = null;
    this.#omitted = null;
    if (again) return;
    this.#count = 0;
    this.#bytes = 0;
  }

  add(level: LogLevel, text: string, handler: string, dataSource: string): void {
    const { blockLines, blockBytes, lineBytes } = this.#limits;
    if (this.#count >= blockLines || this.#bytes >= blockBytes) {
      this.#omitted ??= { count: 0, handler, dataSource };
      this.#omitted.count += 1;
      return;
    }
    const kept = cut(text, lineBytes);
    this.#count += 1;
    this.#bytes += Buffer.byteLength(kept);
    this.#lines ??= [];
    this.#lines.push({ level, text: kept, handler, dataSource, loggedAt: Date.now() });
  }

  /** The lines since the run began; the last one says how many were left out. */
  take(): readonly LoggedLine[] {
    const lines = this.#lines ?? NO_LINES;
    this.#lines = null;
    if (this.#omitted === null) return lines;
    const { count, ...origin } = this.#omitted;
    this.#omitted = null;
    const text = `more lines of this block are left out, it logs more than is kept: ${count}`;
    return [...lines, { ...origin, level: 'warning', text, loggedAt: Date.now() }];
  }
}

function cut(text: string, bytes: number): string {
  // A code unit is one to three bytes.
  if (text.length * 3 <= bytes) return text;
  if (text.length <= bytes && Buffer.byteLength(text) <= bytes) return text;
  const start = Buffer.from(text.slice(0, bytes))
    .subarray(0, bytes - 3)
    .toString();
  // The last character may have been cut in two.
  return `${start.replace(/\uFFFD+$/, '')}…`;
}
