// A signed transaction's canonical encoding, hash and sender, recomputed from its JSON: legacy (EIP-155), access list
// (EIP-2930), dynamic fee (EIP-1559), blob (EIP-4844, as blocks hold it: without the blobs) and set-code (EIP-7702).
import { concat, encodeRlp, keccak256, type RlpStructuredDataish, recoverAddress } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';
import type { Hex } from '../../model.ts';
import type { RpcTransaction } from '../json-rpc.ts';
import { rlpInteger } from './rlp-integer.ts';

export interface EncodedTransaction {
  /** As it stands in the transactions trie: RLP, behind the type byte when typed. */
  readonly bytes: Hex;
  readonly hash: Hex;
  readonly from: Hex;
}

export function transactionType(transaction: RpcTransaction): number {
  return Number(transaction.type ?? '0x0');
}

export function encodeTransaction(transaction: RpcTransaction): EncodedTransaction {
  const type = transactionType(transaction);
  const fields = type === 0 ? legacyFields(transaction) : typedFields(type, transaction);
  const parity = type === 0 ? legacyParity(transaction) : parityOf(transaction);
  const signature = [
    type === 0 ? rlpInteger(legacyV(transaction)) : rlpInteger(BigInt(parity)),
    rlpInteger(transaction.r),
    rlpInteger(transaction.s),
  ];
  const bytes = envelope(type, [...fields, ...signature]);
  const unsigned = envelope(type, type === 0 ? [...fields, ...replayProtection(transaction)] : fields);
  const from = recoverAddress(keccak256(unsigned), {
    r: word(transaction.r),
    s: word(transaction.s),
    yParity: parity,
  });
  return { bytes, hash: keccak256(bytes) as Hex, from: from.toLowerCase() as Hex };
}

function envelope(type: number, fields: readonly RlpStructuredDataish[]): Hex {
  const payload = encodeRlp([...fields]) as Hex;
  return type === 0 ? payload : (concat([`0x0${type}`, payload]) as Hex);
}

function legacyFields(transaction: RpcTransaction): RlpStructuredDataish[] {
  return [
    rlpInteger(transaction.nonce),
    rlpInteger(need(transaction, 'gasPrice')),
    rlpInteger(transaction.gas),
    transaction.to ?? '0x',
    rlpInteger(transaction.value),
    transaction.input,
  ];
}

function typedFields(type: number, transaction: RpcTransaction): RlpStructuredDataish[] {
  if (type < 1 || type > 4)
    throw new AiosError(
      'TRANSACTION_TYPE_UNKNOWN',
      `transaction ${transaction.hash} has type ${transaction.type}; only Ethereum's types 0 to 4 can be verified`,
    );
  const head = [rlpInteger(need(transaction, 'chainId')), rlpInteger(transaction.nonce)];
  const fees =
    type === 1
      ? [rlpInteger(need(transaction, 'gasPrice'))]
      : [
          rlpInteger(need(transaction, 'maxPriorityFeePerGas')),
          rlpInteger(need(transaction, 'maxFeePerGas')),
        ];
  const body = [
    rlpInteger(transaction.gas),
    transaction.to ?? '0x',
    rlpInteger(transaction.value),
    transaction.input,
  ];
  const access = (transaction.accessList ?? []).map((entry) => [entry.address, [...entry.storageKeys]]);
  const tail: RlpStructuredDataish[] = [];
  if (type === 3)
    tail.push(rlpInteger(need(transaction, 'maxFeePerBlobGas')), [
      ...(transaction.blobVersionedHashes ?? []),
    ]);
  if (type === 4)
    tail.push(
      (transaction.authorizationList ?? []).map((entry) => [
        rlpInteger(entry.chainId),
        entry.address,
        rlpInteger(entry.nonce),
        rlpInteger(entry.yParity),
        rlpInteger(entry.r),
        rlpInteger(entry.s),
      ]),
    );
  return [...head, ...fees, ...body, access, ...tail];
}

function need(
  transaction: RpcTransaction,
  field: 'chainId' | 'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'maxFeePerBlobGas',
): Hex {
  const value = transaction[field];
  if (value === undefined)
    throw new AiosError('RPC_MALFORMED', `transaction ${transaction.hash} has no ${field}`);
  return value;
}

/** EIP-155: v = 35 + 2 × chain id + parity; before it 27 + parity, of which some recorders keep the parity alone. */
function legacyV(transaction: RpcTransaction): bigint {
  const v = BigInt(transaction.v ?? '0x0');
  return v < 2n ? v + 27n : v;
}

function legacyParity(transaction: RpcTransaction): 0 | 1 {
  const v = legacyV(transaction);
  return (v >= 35n ? (v - 35n) % 2n : v - 27n) === 0n ? 0 : 1;
}

function replayProtection(transaction: RpcTransaction): Hex[] {
  const chainId = legacyChainId(transaction);
  return chainId === null ? [] : [rlpInteger(chainId), '0x', '0x'];
}

/** The chain id a legacy signature commits to; null before EIP-155. */
export function legacyChainId(transaction: RpcTransaction): bigint | null {
  const v = legacyV(transaction);
  return v >= 35n ? (v - 35n) / 2n : null;
}

function parityOf(transaction: RpcTransaction): 0 | 1 {
  return BigInt(transaction.yParity ?? transaction.v ?? '0x0') === 0n ? 0 : 1;
}

function word(value: Hex): string {
  return `0x${value.slice(2).padStart(64, '0')}`;
}
