// RLP writes integers big-endian without leading zeros; zero is the empty string (Yellow Paper appendix B).
import type { Hex } from '../../model.ts';

export function rlpInteger(value: bigint | Hex): Hex {
  const number = typeof value === 'bigint' ? value : BigInt(value);
  if (number === 0n) return '0x';
  const digits = number.toString(16);
  return digits.length % 2 === 0 ? `0x${digits}` : `0x0${digits}`;
}
