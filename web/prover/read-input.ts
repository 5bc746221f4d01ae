// What somebody wrote into a field of a proof's form, as the circuit takes it: whole numbers of any size, in lists of the declared lengths.

export interface InputShape {
  readonly name: string;
  /** [] a number, [n] a list, [n, m] a list of n lists. */
  readonly shape: readonly number[];
}

/** Text as the circuit takes it. Throws an Error that names the input. */
export function readInput({ name, shape }: InputShape, text: string): unknown {
  const number = (one: string): string => {
    const trimmed = one.trim().replace(/^["']|["']$/g, '');
    if (!/^(?:\d+|0x[0-9a-fA-F]+)$/.test(trimmed))
      throw new Error(`${name}: ${JSON.stringify(trimmed.slice(0, 40))} is not a whole number.`);
    return trimmed;
  };
  const split = (inner: string): readonly string[] => {
    const parts: string[] = [];
    let depth = 0;
    let from = 0;
    for (let at = 0; at < inner.length; at += 1) {
      if (inner[at] === '[') depth += 1;
      else if (inner[at] === ']') depth -= 1;
      else if (inner[at] === ',' && depth === 0) {
        parts.push(inner.slice(from, at));
        from = at + 1;
      }
    }
    return inner.trim() === '' ? parts : [...parts, inner.slice(from)];
  };
  const read = (part: string, [length, ...rest]: readonly number[]): unknown => {
    if (length === undefined) return number(part);
    const inner = part.trim().replace(/^\[([\s\S]*)\]$/, '$1');
    const items = split(inner);
    if (items.length !== length)
      throw new Error(`${name}: ${items.length} entries were given, it takes ${length}.`);
    return items.map((item) => read(item, rest));
  };
  return read(text, shape);
}
