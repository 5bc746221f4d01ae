// The Merkle-Patricia root of an ordered list (Yellow Paper appendix D): key rlp(index), value the item's encoding. Transaction,
// receipt and withdrawal roots of a block are this.
import { encodeRlp, keccak256, type RlpStructuredDataish } from 'ethers';
import type { Hex } from '../../model.ts';
import { rlpInteger } from './rlp-integer.ts';

interface Item {
  /** The key, one hex digit per nibble. */
  readonly key: string;
  readonly value: Hex;
}

/** Root of the trie over `values`; the empty list has keccak(rlp('')). */
export function orderedTrieRoot(values: readonly Hex[]): Hex {
  if (values.length === 0) return keccak256('0x80') as Hex;
  const items = values
    .map((value, index): Item => ({ key: encodeRlp(rlpInteger(BigInt(index))).slice(2), value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return keccak256(encodeRlp(node(items, 0))) as Hex;
}

/** The node that holds `items` (sorted, distinct keys), all of which agree on the first `depth` nibbles. */
function node(items: readonly Item[], depth: number): RlpStructuredDataish {
  const first = items[0];
  const last = items[items.length - 1];
  if (!first || !last) throw new RangeError('a trie node needs an item');
  if (first === last) return [hexPrefix(first.key.slice(depth), true), first.value];
  let shared = depth;
  while (first.key[shared] === last.key[shared]) shared++;
  if (shared > depth)
    return [hexPrefix(first.key.slice(depth, shared), false), reference(node(items, shared))];
  const branch: RlpStructuredDataish[] = [];
  for (const nibble of '0123456789abcdef') {
    const below = items.filter((item) => item.key[depth] === nibble);
    branch.push(below.length === 0 ? '0x' : reference(node(below, depth + 1)));
  }
  // No rlp(index) is a prefix of another, so a branch never carries a value of its own.
  branch.push('0x');
  return branch;
}

/** A child as its parent stores it: inline below 32 bytes, by hash otherwise. */
function reference(child: RlpStructuredDataish): RlpStructuredDataish {
  const encoded = encodeRlp(child);
  return encoded.length < 2 + 2 * 32 ? child : keccak256(encoded);
}

/** Yellow Paper appendix C: nibbles packed into bytes, a flag for parity and leaf in front. */
function hexPrefix(nibbles: string, leaf: boolean): Hex {
  const flag = leaf ? 2 : 0;
  return nibbles.length % 2 === 0 ? `0x${flag}0${nibbles}` : `0x${flag + 1}${nibbles}`;
}
