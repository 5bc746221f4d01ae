// Finds the ABI entry a call handler means, and the selector that its calls begin with.
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hex } from '#indexer/model.ts';
import { selectorType } from './event-abi.ts';
import type { AbiItem } from './manifest.ts';

/** The first four bytes of the hash of a function's signature. */
export function functionSelector(signature: string): Hex {
  const hash = keccak_256(new TextEncoder().encode(signature));
  return `0x${Buffer.from(hash.subarray(0, 4)).toString('hex')}`;
}

export function functionSignature(item: AbiItem): string {
  return `${item.name}(${(item.inputs ?? []).map(selectorType).join(',')})`;
}

/** Whether a call of the function may change state; ABIs of before 2018 say so by `constant`. */
export function isView(item: AbiItem): boolean {
  if (item.stateMutability !== undefined)
    return item.stateMutability === 'view' || item.stateMutability === 'pure';
  return item.constant === true;
}

/** Functions that call handlers may name: those that transactions call (graph-node leaves out view and pure ones). */
export function calledFunctions(abi: readonly AbiItem[]): readonly AbiItem[] {
  return abi.filter((item) => item.type === 'function' && !isView(item));
}

export function calledFunctionOf(abi: readonly AbiItem[], signature: string): AbiItem | undefined {
  return calledFunctions(abi).find((item) => functionSignature(item) === signature);
}
