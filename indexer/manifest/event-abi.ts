// Finds the ABI entry an event handler means, and the topic that its logs carry.
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hex } from '#indexer/model.ts';
import type { AbiItem, AbiParameter } from './manifest.ts';

/** The canonical type of a parameter, tuples spelled out: `(address,uint256)[]`. */
export function selectorType(parameter: AbiParameter): string {
  if (!parameter.type.startsWith('tuple')) return parameter.type;
  const inner = (parameter.components ?? []).map(selectorType).join(',');
  return `(${inner})${parameter.type.slice('tuple'.length)}`;
}

/** keccak256 of the signature without its `indexed` words and spaces: the first topic of the event's logs. */
export function eventTopic(signature: string): Hex {
  const canonical = signature.replaceAll('indexed ', '').replaceAll(' ', '');
  return `0x${Buffer.from(keccak_256(new TextEncoder().encode(canonical))).toString('hex')}`;
}

function signatureOf(event: AbiItem, withIndexed: boolean): string {
  const inputs = (event.inputs ?? []).map(
    (input) => `${withIndexed && input.indexed ? 'indexed ' : ''}${selectorType(input)}`,
  );
  return `${event.name}(${inputs.join(',')})`;
}

/**
 * The event of an ABI that a manifest's signature names: the one that agrees with its `indexed` words, or else, when the ABI has
 * only one event of that name, the one that agrees without them (graph-node's rule).
 */
export function eventOf(abi: readonly AbiItem[], signature: string): AbiItem | undefined {
  const events = abi.filter((item) => item.type === 'event');
  const exact = events.find((event) => signatureOf(event, true) === signature);
  if (exact) return exact;
  const name = signature.slice(0, Math.max(0, signature.indexOf('(')));
  const named = events.filter((event) => event.name === name);
  const only = named.length === 1 ? named[0] : undefined;
  return only && signatureOf(only, false) === signature ? only : undefined;
}

/** Signatures of an ABI's events, as a manifest would write them. */
export function eventSignatures(abi: readonly AbiItem[]): string[] {
  return abi.filter((item) => item.type === 'event').map((event) => signatureOf(event, true));
}
