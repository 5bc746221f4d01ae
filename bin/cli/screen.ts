// What the command shows while it works: a line a stage, redrawn on a terminal, plain lines otherwise; errors as what, where, what to do.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Progress } from '#node/platform/lifecycle/service-group.ts';

const terminal = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const style = (code: number) => (text: string) => (terminal ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = style(1);
export const dim = style(2);
export const green = style(32);
export const red = style(31);
export const cyan = style(36);

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Stages one under the other: the running one moves on a terminal, a finished one keeps its time. */
export class ProgressScreen implements Progress {
  readonly #width: number;

  /** @param width columns kept for the names of stages */
  constructor(width = 24) {
    this.#width = width;
  }

  begin(stage: string): void {
    if (terminal) process.stdout.write(`  ${dim('·')} ${stage}`);
  }

  update(stage: string, message: string): void {
    if (terminal) this.#redraw(`  ${dim('·')} ${stage.padEnd(this.#width)} ${dim(message)}`);
  }

  done(stage: string, milliseconds: number, message?: string): void {
    const line = `  ${green('✓')} ${stage.padEnd(this.#width)} ${seconds(milliseconds).padStart(7)}${message ? `   ${dim(message)}` : ''}`;
    if (terminal) this.#redraw(line);
    else process.stdout.write(line);
    process.stdout.write('\n');
  }

  failed(stage: string, _error: unknown): void {
    const line = `  ${red('✗')} ${stage}`;
    if (terminal) this.#redraw(line);
    else process.stdout.write(line);
    process.stdout.write('\n');
  }

  #redraw(line: string): void {
    process.stdout.write(`\r\u001b[2K${line}`);
  }
}

/** Prints an error to standard error. Mistakes of the user show their message alone; faults of ours show where they come from. */
export function printError(error: unknown): void {
  if (error instanceof AiosError) {
    process.stderr.write(`${red('error')} ${dim(error.code)}\n${error.message}\n`);
    return;
  }
  const frames =
    error instanceof Error
      ? error.stack?.split('\n').filter((line) => line.startsWith('    at '))
      : undefined;
  process.stderr.write(`${red('error')} ${messageOf(error)}\n${frames ? `${dim(frames.join('\n'))}\n` : ''}`);
}

/** Columns of text, each as wide as its widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [dim(line(header)), ...rows.map(line)].join('\n');
}
