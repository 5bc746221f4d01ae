// A receipt as it stands in the receipts trie: RLP of (status, cumulative gas, bloom, logs) behind the type byte (EIP-2718).
import { concat, encodeRlp } from 'ethers';
import type { Hex } from '../../model.ts';
import { orderedTrieRoot } from './ordered-trie.ts';
import { rlpInteger } from './rlp-integer.ts';

/** What of a receipt is hashed. */
export interface ConsensusReceipt {
  readonly type: number;
  /** 0 or 1; before Byzantium a state root instead. */
  readonly status: Hex;
  readonly cumulativeGasUsed: bigint;
  readonly logsBloom: Hex;
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex }[];
}

export function encodeReceipt(receipt: ConsensusReceipt): Hex {
  const payload = encodeRlp([
    receipt.status.length === 66 ? receipt.status : rlpInteger(receipt.status),
    rlpInteger(receipt.cumulativeGasUsed),
    receipt.logsBloom,
    receipt.logs.map((log) => [log.address, [...log.topics], log.data]),
  ]) as Hex;
  return receipt.type === 0 ? payload : (concat([`0x0${receipt.type}`, payload]) as Hex);
}

export function receiptsRoot(receipts: readonly ConsensusReceipt[]): Hex {
  return orderedTrieRoot(receipts.map(encodeReceipt));
}
