// Collects everything that is wrong with a file, so that its author sees all of it at once, each with file, line and fix.
import { AiosError } from '#node/platform/errors.ts';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export class ProblemList {
  readonly #code: string;
  readonly #file: string;
  readonly #problems: Problem[] = [];
  readonly #warnings: string[] = [];

  constructor(code: string, file: string) {
    this.#code = code;
    this.#file = file;
  }

  add(line: number, message: string): void {
    this.#problems.push({ file: this.#file, line, message });
  }

  /** Says what is probably a mistake but stops nothing: graph-node runs such a file too. */
  warn(line: number, message: string): void {
    this.#warnings.push(`${this.#file}:${line}: ${message}`);
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** @throws AiosError with one line per problem; `details.problems` holds them apart. */
  throwAlways(): never {
    const problems = [...this.#problems].sort((a, b) => a.line - b.line);
    const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    throw new AiosError(this.#code, lines.join('\n'), { details: { problems } });
  }

  throwIfAny(): void {
    if (this.#problems.length > 0) this.throwAlways();
  }
}
