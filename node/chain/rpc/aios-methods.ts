// What Ethereum has no methods for: the DAG, finality, stakes, proofs, and sending transactions. Hashes and addresses are 0x and lower-case
// digits, amounts are nano-AiOS as decimal text, epochs, rounds and scores numbers.
import type { Admission, DagBlockView } from '../engine/chain-view.ts';
import { TransactionStatus } from '../state/chain-block.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';
import { MAX_TRANSACTION_BYTES } from '../types/limits.ts';
import { type Certificate, encodeCertificate } from '../types/vote.ts';
import type { CallParameters } from './call-parameters.ts';
import { dagFrom } from './dag-section.ts';
import type { EthBlocks } from './eth-blocks.ts';
import type { Methods } from './json-rpc.ts';
import type { PendingTransactions } from './pending-transactions.ts';
import { RpcError, rpcCodes } from './rpc-error.ts';

/** Of one aios_sendTransactions, as of a batch over gRPC. */
const MAX_SENT_AT_ONCE = 1_000;
const MAX_DAG_BLOCKS = 500;

const hex = (bytes: Uint8Array): string => `0x${hexOf(bytes)}`;
const named = (id: string): string => `0x${id}`;

export interface AiosMethodsOptions {
  readonly blocks: EthBlocks;
  readonly pending: PendingTransactions;
}

export function aiosMethods({ blocks, pending }: AiosMethodsOptions): Methods {
  const { view } = blocks;
  const place = (index: number) => {
    const id = view.idAt(index);
    return { number: index, hash: id === undefined ? null : named(id) };
  };
  return {
    aios_sendTransaction: async (call) => {
      const admission = await view.submit(
        call.atMost(1).data(0, 'a signed transaction', MAX_TRANSACTION_BYTES),
      );
      if (admission.admitted) return hex(admission.id);
      throw new RpcError(rpcCodes.rejected, admission.why, { code: admission.code });
    },
    aios_sendTransactions: async (call) => {
      const sent = call
        .atMost(1)
        .dataList(0, 'a signed transaction', MAX_SENT_AT_ONCE, MAX_TRANSACTION_BYTES);
      return (await Promise.all(sent.map((encoded) => view.submit(encoded)))).map(admissionJson);
    },
    aios_getTransactionStatus: (call) => {
      const hash = call.atMost(1).hash(0, 'a transaction hash');
      const found = view.transaction(bytesOf(hash));
      if (!found) return { status: pending.has(hash) ? 'pending' : 'unknown' };
      const transaction = view.block(found.index)?.transactions[found.place];
      const failed = transaction !== undefined && transaction.status >= TransactionStatus.failed;
      return {
        status: failed ? 'failed' : 'executed',
        ...(failed && { failure: transaction.status }),
        block: place(found.index),
        finalized: found.index <= view.head.finalized,
      };
    },
    aios_getDagBlock: (call) => {
      const block = view.dagBlock(call.atMost(1).hash(0, 'a block id'));
      return block ? dagBlockJson(block) : null;
    },
    aios_getDagTips: (call) => {
      call.atMost(0);
      return view.tips.map(named);
    },
    aios_getDag: (call) => {
      const from = call.atMost(2).has(0) ? call.whole(0, 'a blue score', Number.MAX_SAFE_INTEGER) : undefined;
      const limit = call.has(1) ? call.whole(1, 'a number of blocks', MAX_DAG_BLOCKS) : 100;
      const { blocks: found, next } = dagFrom(view, from, limit);
      return { blocks: found.map(dagBlockJson), next: next ?? null, tips: view.tips.map(named) };
    },
    aios_getCertificates: (call) => {
      const epoch = call.atMost(1).has(0) ? call.whole(0, 'an epoch', Number.MAX_SAFE_INTEGER) : undefined;
      return view.certificates(epoch).map(certificateJson);
    },
    aios_getProof: (call) => {
      const address = call.atMost(1).address(0);
      const { checkpoint, stateRoot, account, proof, certificates } = view.proof(bytesOf(address));
      return {
        address: named(address),
        checkpoint: { epoch: checkpoint.epoch, block: named(checkpoint.block) },
        stateRoot: hex(stateRoot),
        account: account ? { balance: String(account.balance), nonce: String(account.nonce) } : null,
        proof: {
          siblings: proof.siblings.map(hex),
          leaf: proof.leaf ? { key: hex(proof.leaf.key), valueHash: hex(proof.leaf.valueHash) } : null,
        },
        certificates: certificates.map(certificateJson),
      };
    },
    aios_getValidators: (call) => {
      call.atMost(0);
      return view.validators.map((validator) => ({
        address: named(validator.address),
        votingKey: hex(validator.votingKey),
        ownStake: String(validator.ownStake),
        pool: String(validator.pool),
        active: validator.active,
        missed: validator.missed,
        counted: validator.counted,
      }));
    },
    aios_getSupply: (call) => {
      call.atMost(0);
      return Object.fromEntries(Object.entries(view.supply).map(([part, amount]) => [part, String(amount)]));
    },
    aios_mempool: (call) => {
      call.atMost(0);
      return { transactions: view.mempool.transactions, bytes: view.mempool.bytes };
    },
    aios_peers: (call) => {
      call.atMost(0);
      return view.peers.map(({ peer, score, head }) => ({ peer, score, head: head ?? null }));
    },
    aios_getGenesis: (call) => {
      call.atMost(0);
      return genesisJson(blocks);
    },
    aios_status: (call) => status(call, blocks, place),
  };
}

function status(
  call: CallParameters,
  { view }: EthBlocks,
  place: (index: number) => { number: number; hash: string | null },
) {
  call.atMost(0);
  const { latest, justified, finalized } = view.head;
  return {
    chainId: view.genesis.parameters.chainId,
    genesis: named(view.genesisId),
    latest: place(latest),
    safe: place(justified),
    finalized: place(finalized),
    oldest: view.oldest,
    tips: view.tips.map(named),
    peers: view.peers.length,
    validators: view.validators.filter(({ active }) => active).length,
    mempool: { transactions: view.mempool.transactions, bytes: view.mempool.bytes },
  };
}

/** The file that the chain begins with, as it was: with its id everything else can be checked. */
function genesisJson({ view }: EthBlocks) {
  const text = JSON.stringify(view.genesis, (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return { id: named(view.genesisId), genesis: JSON.parse(text) as unknown };
}

function admissionJson(admission: Admission) {
  return admission.admitted
    ? { admitted: true, id: hex(admission.id) }
    : { admitted: false, code: admission.code, why: admission.why };
}

function certificateJson(certificate: Certificate) {
  const { source, target, stateRoot, signers, signature } = certificate;
  return {
    source: { epoch: source.epoch, block: named(source.block) },
    target: { epoch: target.epoch, block: named(target.block) },
    stateRoot: named(stateRoot),
    signers: Array.from({ length: signers.bitLen }, (_, nth) => signers.get(nth)),
    signature: hex(signature),
    /** As it stands in blocks: what a light client decodes and checks. */
    encoded: hex(encodeCertificate(certificate)),
  };
}

function dagBlockJson(block: DagBlockView) {
  const { header } = block;
  return {
    id: named(block.id),
    round: block.round,
    blueScore: block.blueScore,
    proposer: named(header.proposer),
    timestamp: header.timestamp,
    parents: header.parents.map(named),
    selectedParent: block.selectedParent === undefined ? null : named(block.selectedParent),
    blues: block.blues.map(named),
    reds: block.reds.map(named),
    children: block.children.map(named),
    onSelectedChain: block.onSelectedChain,
    transactions: block.transactions,
    finalized: { epoch: header.finalized.epoch, block: named(header.finalized.block) },
    stateRoot: named(header.stateRoot),
    bodyRoot: named(header.bodyRoot),
    signature: hex(header.signature),
  };
}
