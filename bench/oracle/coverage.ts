// What a run's queries have covered, counted for the report.

export class Coverage {
  readonly #operators = new Map<string, number>();
  readonly #types = new Map<string, number>();
  readonly #orders = new Map<string, number>();
  readonly #shapes = new Map<string, number>();
  queries = 0;
  /** Answers with data, of which those with a list of two or more rows. */
  answered = 0;
  severalRows = 0;
  /** Mistakes and other errors, the same on both sides. */
  errors = 0;
  /** Answers that differ; a run ends at the first unless told to go on. */
  differences = 0;

  operator(name: string): void {
    count(this.#operators, name);
  }

  /** Type of a field that was filtered. */
  type(name: string): void {
    count(this.#types, name);
  }

  orderType(name: string): void {
    count(this.#orders, name);
  }

  shape(name: string): void {
    count(this.#shapes, name);
  }

  print(): string {
    const share = this.answered === 0 ? 0 : Math.round((100 * this.severalRows) / this.queries);
    return [
      `${this.queries} queries${this.differences === 0 ? ' byte-equal' : `, ${this.differences} DIFFER`}: ${this.answered} answered, ${this.severalRows} (${share} %) with several rows, ${this.errors} errors`,
      `operators: ${list(this.#operators)}`,
      `types filtered: ${list(this.#types)}`,
      `types ordered by: ${list(this.#orders)}`,
      `shapes: ${list(this.#shapes)}`,
    ].join('\n');
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${times}`)
    .join(', ');
}
