// Sorts many byte strings that lie in one buffer, by V8's native sort of numbers: a comparison in JavaScript costs ten times as much.

/** Bits of a string's place among the others; the other 44 are the beginning of its key. */
const placeBits = 20;
export const MOST_SORTED = 2 ** placeBits;

/**
 * The order of keys, ascending, of equal ones as they stand.
 * @param starts where each key begins; at most `MOST_SORTED`
 * @param ends where it ends
 */
export function sortedOrder(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array): Uint32Array {
  const count = starts.length;
  if (count > MOST_SORTED) throw new RangeError(`${count} keys are more than ${MOST_SORTED}`);
  const numbers = new BigUint64Array(count);
  const halves = new Uint32Array(numbers.buffer);
  for (let nth = 0; nth < count; nth++) {
    const at = starts[nth] as number;
    const length = (ends[nth] as number) - at;
    let high = 0;
    if (length >= 4)
      high =
        (((bytes[at] as number) << 24) |
          ((bytes[at + 1] as number) << 16) |
          ((bytes[at + 2] as number) << 8) |
          (bytes[at + 3] as number)) >>>
        0;
    else for (let k = 0; k < length; k++) high += (bytes[at + k] as number) * 2 ** (24 - 8 * k);
    const next = length > 4 ? (bytes[at + 4] as number) : 0;
    const last = length > 5 ? (bytes[at + 5] as number) >> 4 : 0;
    halves[nth * 2] = ((next << 24) | (last << placeBits) | nth) >>> 0;
    halves[nth * 2 + 1] = high;
  }
  numbers.sort();
  const order = new Uint32Array(count);
  for (let nth = 0; nth < count; nth++) order[nth] = (halves[nth * 2] as number) & (MOST_SORTED - 1);
  // Keys that begin alike stand in the order of their places still.
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (
      to < count &&
      halves[to * 2 + 1] === halves[from * 2 + 1] &&
      (halves[to * 2] as number) >>> placeBits === (halves[from * 2] as number) >>> placeBits
    )
      to++;
    if (to - from > 1) {
      const alike = [...order.subarray(from, to)].sort(
        (a, b) =>
          compareRanges(
            bytes,
            starts[a] as number,
            ends[a] as number,
            bytes,
            starts[b] as number,
            ends[b] as number,
          ) || a - b,
      );
      order.set(alike, from);
    }
    from = to;
  }
  return order;
}

/** As `Buffer.compare`, without making views. */
export function compareRanges(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const common = Math.min(aEnd - aStart, bEnd - bStart);
  for (let k = 0; k < common; k++) {
    const difference = (a[aStart + k] as number) - (b[bStart + k] as number);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}
