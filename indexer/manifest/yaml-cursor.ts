// Walks a YAML document while remembering where each value stands, so that a complaint can name its line.
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import type { ProblemList } from './problems.ts';

/** The pairs of a map by key, those merged in by `<<` included; its own win. */
function pairsOf(map: YAMLMap): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (key !== '<<') pairs.set(key, pair);
  }
  for (const { key, value } of map.items) {
    if (!isScalar(key) || (String(key.value) !== '<<' && key.source !== '<<')) continue;
    for (const merged of isSeq(value) ? value.items : [value]) {
      if (!isMap(merged)) continue;
      for (const [name, pair] of pairsOf(merged)) if (!pairs.has(name)) pairs.set(name, pair);
    }
  }
  return pairs;
}

/** A value of a YAML document, or the place where one is missing. Reading a wrong kind reports a problem and goes on. */
export class YamlCursor {
  readonly path: string;
  readonly line: number;
  readonly #node: YamlNode | null;
  readonly #problems: ProblemList;
  readonly #lines: LineCounter;

  private constructor(
    node: YamlNode | null,
    path: string,
    line: number,
    problems: ProblemList,
    lines: LineCounter,
  ) {
    this.#node = node;
    this.path = path;
    this.line = line;
    this.#problems = problems;
    this.#lines = lines;
  }

  /** The root of a document. YAML syntax errors are reported as problems. */
  static parse(text: string, problems: ProblemList): YamlCursor {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, merge: true });
    for (const error of document.errors) {
      problems.add(error.linePos?.[0].line ?? 1, `${error.message.split('\n')[0]}: correct the YAML syntax`);
    }
    if (document.errors.length === 0) {
      visit(document, { Alias: (_, node) => (node.resolve(document) as YamlNode | undefined) ?? undefined });
    }
    return new YamlCursor((document.contents as YamlNode | null) ?? null, '', 1, problems, lines);
  }

  #lineOf(node: YamlNode | null | undefined, otherwise: number): number {
    const start = node?.range?.[0];
    return start === undefined ? otherwise : this.#lines.linePos(start).line;
  }

  problem(message: string): void {
    this.#problems.add(this.line, this.path === '' ? message : `${this.path}: ${message}`);
  }

  warning(message: string): void {
    this.#problems.warn(this.line, this.path === '' ? message : `${this.path}: ${message}`);
  }

  get exists(): boolean {
    return this.#node !== null && !(isScalar(this.#node) && this.#node.value === null);
  }

  /** The value under a key of a map; a cursor that does not exist when there is none. */
  get(key: string): YamlCursor {
    const path = this.path === '' ? key : `${this.path}.${key}`;
    if (!isMap(this.#node)) return new YamlCursor(null, path, this.line, this.#problems, this.#lines);
    const pair = pairsOf(this.#node).get(key);
    const value = (pair?.value as YamlNode | null | undefined) ?? null;
    const line = this.#lineOf(pair?.key as YamlNode | undefined, this.line);
    return new YamlCursor(value, path, line, this.#problems, this.#lines);
  }

  /** Keys of a map, in order. */
  keys(): string[] {
    if (!isMap(this.#node)) return [];
    return [...pairsOf(this.#node).keys()];
  }

  /** Items of a list; none when it is missing. */
  items(): YamlCursor[] {
    if (!this.exists) return [];
    if (!isSeq(this.#node)) {
      this.problem('must be a list: begin each item with "- "');
      return [];
    }
    return this.#node.items.map(
      (item, index) =>
        new YamlCursor(
          (item as YamlNode | null) ?? null,
          `${this.path}[${index}]`,
          this.#lineOf(item as YamlNode | null, this.line),
          this.#problems,
          this.#lines,
        ),
    );
  }

  /** Warns of keys that are not among `known`: graph-node ignores them, so subgraphs with such keys are in use. */
  only(known: readonly string[]): void {
    if (!isMap(this.#node)) {
      this.problem('must be a map of keys and values');
      return;
    }
    for (const key of this.keys()) {
      if (!known.includes(key)) {
        this.get(key).warning(`unknown key, ignored: remove it, or use one of ${known.join(', ')}`);
      }
    }
  }

  /** The text of a scalar, exactly as written where YAML would read a number; undefined when missing. */
  text(): string | undefined {
    if (!this.exists) return undefined;
    if (!isScalar(this.#node)) {
      this.problem('must be text');
      return undefined;
    }
    return typeof this.#node.value === 'string'
      ? this.#node.value
      : (this.#node.source ?? String(this.#node.value));
  }

  /** A file's name: a path, or `{ /: /ipfs/Qm… }` as manifests have it once they are deployed. */
  link(): string | undefined {
    return isMap(this.#node) ? this.get('/').text() : this.text();
  }

  requiredLink(what: string): string {
    return isMap(this.#node) ? this.get('/').requiredText(what) : this.requiredText(what);
  }

  requiredText(what: string): string {
    const text = this.text();
    if (text === undefined || text === '') {
      this.problem(`is missing: write ${what}`);
      return '';
    }
    return text;
  }

  /** A non-negative integer; undefined when missing. */
  natural(): number | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
      this.problem(`must be a whole number, not ${text}`);
      return undefined;
    }
    return value;
  }

  flag(): boolean {
    const text = this.text();
    if (text !== undefined && text !== 'true' && text !== 'false') this.problem('must be true or false');
    return text === 'true';
  }

  texts(): string[] {
    return this.items()
      .map((item) => item.text())
      .filter((text) => text !== undefined);
  }

  /** The plain JavaScript value. */
  value(): unknown {
    return this.#node?.toJSON() ?? null;
  }
}
