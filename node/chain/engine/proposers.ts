// Who may propose a block in a round: a few, drawn by stake.
import { hash as digest } from 'node:crypto';
import type { Electorate } from '../state/validators.ts';
import { type AddressHex, type BlockId, bytesOf } from '../types/identifiers.ts';

const domain = new TextEncoder().encode('aios/proposers/1\0');

/**
 * Draws proposers one after the other by stake, none twice. All who know the same final block draw the same; its maker could have tried
 * several blocks for a better draw, which costs it the reward of a round each and gains at most places in the rounds until the next final one.
 * @param seed the last final block as the proposed block knows it
 */
export function proposersOf(
  { validators, total }: Electorate,
  seed: BlockId,
  round: number,
  most: number,
): readonly AddressHex[] {
  const left = [...validators];
  let weight = total;
  const drawn: AddressHex[] = [];
  while (drawn.length < most && left.length > 0) {
    const input = Buffer.alloc(9);
    input.writeBigUInt64LE(BigInt(round));
    input.writeUInt8(drawn.length, 8);
    const bytes = digest('sha256', Buffer.concat([domain, bytesOf(seed), input]), 'buffer');
    // 128 bits over at most 2⁶⁴: the remainder favours nobody by anything that counts.
    let at = ((bytes.readBigUInt64LE(0) << 64n) | bytes.readBigUInt64LE(8)) % weight;
    const nth = left.findIndex((elector) => {
      at -= elector.weight;
      return at < 0n;
    });
    const [elector] = left.splice(nth, 1);
    if (!elector) break;
    weight -= elector.weight;
    drawn.push(elector.address);
  }
  return drawn;
}
