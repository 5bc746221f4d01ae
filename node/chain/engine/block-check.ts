// What can be said of a block by itself: whether it is put together as the protocol asks, and its transactions are signed.
import { hash as digest } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';
import type { TransactionSignatures } from '../crypto/transaction-signatures.ts';
import type { CheckedTransaction } from '../state/chain-block.ts';
import { type Block, bodyRootOf } from '../types/block.ts';
import { type Genesis, roundAt } from '../types/genesis.ts';
import { HEADER_VERSION } from '../types/header.ts';
import type { BlockId } from '../types/identifiers.ts';
import { addressOf, decodeTransaction, operationCount, transactionIdOf } from '../types/transaction.ts';

/** A block all of whose signatures but the proposer's were checked. */
export interface CheckedBlock {
  readonly block: Block;
  readonly bytes: Uint8Array;
  readonly round: number;
  readonly transactions: readonly CheckedTransaction[];
}

export function blockInvalid(id: BlockId, why: string): AiosError {
  return new AiosError('BLOCK_INVALID', `Block ${id} is refused: ${why}.`);
}

/** A transaction taken apart, with what follows from its bytes. @throws Malformed */
export function openTransaction(encoded: Uint8Array): CheckedTransaction {
  const transaction = decodeTransaction(encoded);
  return { id: transactionIdOf(encoded), sender: addressOf(transaction.publicKey), transaction };
}

/** The transactions of a block that was checked before. */
export const reopen = (block: Block): readonly CheckedTransaction[] =>
  block.transactions.map(openTransaction);

/**
 * @param known whether a transaction's signature was checked before
 * @throws AiosError BLOCK_INVALID; Malformed of its transactions
 */
export async function checkBlock(
  { parameters }: Genesis,
  signatures: TransactionSignatures,
  block: Block,
  bytes: Uint8Array,
  known: (id: Uint8Array) => boolean = () => false,
): Promise<CheckedBlock> {
  const { id, header, certificates } = block;
  const invalid = (why: string) => blockInvalid(id, why);
  if (header.version !== HEADER_VERSION)
    throw invalid(`its version is ${header.version}, not ${HEADER_VERSION}`);
  if (header.chainId !== parameters.chainId)
    throw invalid(`it is of chain ${header.chainId}, not ${parameters.chainId}`);
  if (header.parents.length === 0) throw invalid('it names no parents; only the genesis has none');
  if (header.parents.some((parent, nth) => nth > 0 && parent <= (header.parents[nth - 1] as BlockId)))
    throw invalid('its parents are not in ascending order');
  if (bytes.length > parameters.maxBlockBytes)
    throw invalid(`it has ${bytes.length} bytes, more than ${parameters.maxBlockBytes}`);
  const transactions = block.transactions.map(openTransaction);
  const operations = transactions.reduce((sum, { transaction }) => sum + operationCount(transaction), 0);
  if (operations > parameters.maxBlockOperations)
    throw invalid(`it has ${operations} operations, more than ${parameters.maxBlockOperations}`);
  const ids = transactions.map((transaction) => transaction.id);
  if (bodyRootOf(certificates, ids) !== header.bodyRoot) throw invalid('its header speaks of another body');
  const round = roundAt(parameters, header.timestamp);
  if (round < 0) throw invalid('it is older than the genesis');
  const unknown = block.transactions.filter((_, nth) => !known(ids[nth] as Uint8Array));
  const verified = await signatures.verify(unknown);
  const wrong = verified.indexOf(false);
  if (wrong !== -1) {
    const which = digest('sha256', unknown[wrong] as Uint8Array, 'hex').slice(0, 16);
    throw invalid(`a transaction (SHA-256 ${which}…) is not signed by the key that it names`);
  }
  return { block, bytes, round, transactions };
}
