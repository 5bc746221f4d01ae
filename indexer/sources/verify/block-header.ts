// The hash of an Ethereum block header, recomputed: keccak(RLP(header)) with the fields each fork added at the end
// (London EIP-1559, Shanghai EIP-4895, Cancun EIP-4844 and EIP-4788, Prague EIP-7685).
import { encodeRlp, keccak256 } from 'ethers';
import type { Hex } from '../../model.ts';
import type { RpcBlock } from '../json-rpc.ts';
import { rlpInteger } from './rlp-integer.ts';

/** The header's fields in the order they are hashed in. A field a fork added is there or the hash is that of an older fork. */
export function headerFields(block: RpcBlock): Hex[] {
  const fields: Hex[] = [
    block.parentHash,
    block.sha3Uncles,
    block.miner,
    block.stateRoot,
    block.transactionsRoot,
    block.receiptsRoot,
    block.logsBloom,
    rlpInteger(block.difficulty),
    rlpInteger(block.number),
    rlpInteger(block.gasLimit),
    rlpInteger(block.gasUsed),
    rlpInteger(block.timestamp),
    block.extraData,
    block.mixHash ?? '0x',
    block.nonce ?? '0x',
  ];
  const later = [
    integerOrNull(block.baseFeePerGas),
    block.withdrawalsRoot,
    integerOrNull(block.blobGasUsed),
    integerOrNull(block.excessBlobGas),
    block.parentBeaconBlockRoot,
    block.requestsHash,
  ];
  for (const field of later) if (field !== undefined && field !== null) fields.push(field);
  return fields;
}

export function headerHash(block: RpcBlock): Hex {
  return keccak256(encodeRlp(headerFields(block))) as Hex;
}

function integerOrNull(value: Hex | null | undefined): Hex | null {
  return value === undefined || value === null ? null : rlpInteger(value);
}
