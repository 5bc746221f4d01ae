// Ethereum's methods, as far as this chain has what they ask for. Where it has not, the error says what there is instead.
import { bytesOf } from '../types/identifiers.ts';
import type { BlockName, CallParameters } from './call-parameters.ts';
import { type EthBlock, GAS_PER_OPERATION, gasPriceOf, hexNumber } from './eth-block.ts';
import type { EthBlocks } from './eth-blocks.ts';
import { type GetLogsLimits, getLogs } from './get-logs.ts';
import type { Methods } from './json-rpc.ts';
import { JsonText, RpcError, rpcCodes } from './rpc-error.ts';
import { abiText, systemAddresses, weiOf, wordOf } from './system-events.ts';

const CLIENT_VERSION = 'aios-chain/1';
/** Each block is read and its operations counted. */
const MAX_FEE_HISTORY = 32;
const nothing = new JsonText('null');
const systemAddressSet: ReadonlySet<string> = new Set(Object.values(systemAddresses));

export interface EthMethodsOptions {
  readonly blocks: EthBlocks;
  readonly logs?: GetLogsLimits;
}

export function ethMethods({ blocks, logs }: EthMethodsOptions): Methods {
  const { view } = blocks;
  const { parameters } = view.genesis;
  const chainId = hexNumber(parameters.chainId);
  const gasPrice = hexNumber(gasPriceOf(parameters.minimumFee));
  const json = (block: EthBlock | undefined, whole: boolean) =>
    block ? new JsonText(block.json(whole)) : nothing;
  const byHash = (call: CallParameters) => blocks.onChain(call.hash(0, 'a block hash'));
  const byName = (call: CallParameters) => blocks.named(call.block(0));
  const none = (answer: unknown) => (call: CallParameters) => {
    call.atMost(0);
    return answer;
  };
  /** Checks that somebody asks for a state that there is. */
  const stateAt = (call: CallParameters, name: BlockName) => {
    const index = typeof name === 'object' ? view.indexOf(name.hash) : blocks.indexOf(name);
    if (index === view.head.latest) return;
    throw new RpcError(
      rpcCodes.refused,
      `${call.method}: only the state at "latest" (block ${view.head.latest}) is kept, or through aios_getProof that of the last final checkpoint.`,
    );
  };
  const transactionIn = (block: EthBlock | undefined, call: CallParameters) => {
    const index = call.atMost(2).whole(1, 'an index', Number.MAX_SAFE_INTEGER);
    return block && index < block.transactionCount ? new JsonText(block.transactionJson(index)) : nothing;
  };
  const countIn = (block: EthBlock | undefined) => (block ? hexNumber(block.transactionCount) : null);

  return {
    web3_clientVersion: none(CLIENT_VERSION),
    net_version: none(String(parameters.chainId)),
    net_listening: none(true),
    net_peerCount: (call) => {
      call.atMost(0);
      return hexNumber(view.peers.length);
    },
    eth_chainId: none(chainId),
    eth_syncing: none(false),
    eth_accounts: none([]),
    eth_blockNumber: (call) => {
      call.atMost(0);
      return hexNumber(view.head.latest);
    },
    eth_getBlockByNumber: (call) => json(byName(call.atMost(2)), call.flag(1)),
    eth_getBlockByHash: (call) => json(byHash(call.atMost(2)), call.flag(1)),
    eth_getBlockTransactionCountByNumber: (call) => countIn(byName(call.atMost(1))),
    eth_getBlockTransactionCountByHash: (call) => countIn(byHash(call.atMost(1))),
    eth_getUncleCountByBlockNumber: (call) => (byName(call.atMost(1)) ? '0x0' : null),
    eth_getUncleCountByBlockHash: (call) => (byHash(call.atMost(1)) ? '0x0' : null),
    eth_getTransactionByHash: (call) => {
      const found = blocks.transaction(call.atMost(1).hash(0, 'a transaction hash'));
      return found ? new JsonText(found.block.transactionJson(found.index)) : nothing;
    },
    eth_getTransactionByBlockNumberAndIndex: (call) => transactionIn(byName(call), call),
    eth_getTransactionByBlockHashAndIndex: (call) => transactionIn(byHash(call), call),
    eth_getTransactionReceipt: (call) => {
      const found = blocks.transaction(call.atMost(1).hash(0, 'a transaction hash'));
      return found ? new JsonText(found.block.receiptJson(found.index)) : nothing;
    },
    eth_getBlockReceipts: (call) => {
      const block = byName(call.atMost(1));
      return block ? new JsonText(`[${block.receiptJsons().join(',')}]`) : nothing;
    },
    eth_getLogs: (call) => getLogs(blocks, call, logs),
    eth_getBalance: (call) => {
      const address = bytesOf(call.atMost(2).address(0));
      const name = call.block(1);
      if (name === 'finalized') {
        const final = finalAccount(blocks, address);
        if (final !== undefined) return hexNumber(weiOf(final.balance));
      }
      stateAt(call, name);
      return hexNumber(weiOf(view.account(address).balance));
    },
    eth_getTransactionCount: (call) => {
      const address = bytesOf(call.atMost(2).address(0));
      const name = call.block(1);
      if (name === 'pending') return hexNumber(view.pendingNonce(address));
      stateAt(call, name);
      return hexNumber(view.account(address).nonce);
    },
    eth_getCode: (call) => {
      const address = call.atMost(2).address(0);
      call.block(1);
      // An instruction that only fails: tools see that something is there, and that it cannot be called.
      return systemAddressSet.has(`0x${address}`) ? '0xfe' : '0x';
    },
    eth_getStorageAt: (call) => {
      call.atMost(3).address(0);
      return `0x${'00'.repeat(32)}`;
    },
    eth_call: (call) => {
      const to = receiver(call.atMost(4));
      if (systemAddressSet.has(to))
        throw reverted(
          `${to} is a system address, which has events and no functions: read its logs, or ask one of the aios_ methods`,
        );
      return '0x';
    },
    eth_estimateGas: (call) => {
      const to = receiver(call.atMost(3));
      if (systemAddressSet.has(to))
        throw reverted(
          `${to} is a system address, which cannot be called: stakes and tasks are operations of native transactions, sent with aios_sendTransaction`,
        );
      return hexNumber(GAS_PER_OPERATION);
    },
    eth_gasPrice: none(gasPrice),
    eth_maxPriorityFeePerGas: none('0x0'),
    eth_feeHistory: (call) => {
      const wanted = call.atMost(3).whole(0, 'a number of blocks', 1_024);
      const newest = call.block(1);
      const rewards = call.has(2) ? call.list(2, 'a list of at most 100 percentiles', 100) : undefined;
      if (typeof newest === 'object') return call.wrong(1, 'a number or a tag', newest);
      const last = Math.min(blocks.indexOf(newest), view.head.latest);
      const count = Math.min(wanted, MAX_FEE_HISTORY, last + 1);
      const first = last - count + 1;
      const { maxMergeset, maxBlockOperations } = parameters;
      const most = (maxMergeset + 1) * maxBlockOperations;
      return {
        oldestBlock: hexNumber(first),
        // One more than blocks: that of the next one.
        baseFeePerGas: Array.from({ length: count + 1 }, () => gasPrice),
        gasUsedRatio: Array.from(
          { length: count },
          (_, nth) => (blocks.at(first + nth)?.operations ?? 0) / most,
        ),
        ...(rewards && {
          reward: Array.from({ length: count }, () => rewards.map(() => '0x0')),
        }),
      };
    },
    eth_getProof: () => {
      throw new RpcError(
        rpcCodes.notSupported,
        'eth_getProof: the state is no Merkle-Patricia tree here. aios_getProof(address) proves an account against a finality certificate.',
      );
    },
    eth_sendRawTransaction: () => {
      throw new RpcError(
        rpcCodes.notSupported,
        "eth_sendRawTransaction: Ethereum's transactions are not taken. Sign a native transaction (Ed25519, docs/chain.md) and send it with aios_sendTransaction.",
      );
    },
    eth_sendTransaction: () => {
      throw new RpcError(
        rpcCodes.notSupported,
        'eth_sendTransaction: this node holds no keys. Sign a native transaction and send it with aios_sendTransaction.',
      );
    },
  };
}

/** An account at the last final checkpoint, when that is what `finalized` stands for. */
function finalAccount({ view }: EthBlocks, address: Uint8Array): { readonly balance: bigint } | undefined {
  if (view.head.finalized === 0) return undefined;
  const { checkpoint, account } = view.proof(address);
  return view.indexOf(checkpoint.block) === view.head.finalized ? (account ?? { balance: 0n }) : undefined;
}

/** As a contract refuses with a reason, `Error(string)` of Solidity: tools show it to people, and take it for an answer. */
function reverted(why: string): RpcError {
  return new RpcError(
    rpcCodes.reverted,
    `execution reverted: ${why}`,
    `0x08c379a0${wordOf(32)}${abiText(why)}`,
  );
}

/** Whom a call is for, with 0x. */
function receiver(call: CallParameters): string {
  const { to } = call.object(0, 'a call: an object with to and data');
  if (to === undefined || to === null)
    throw new RpcError(
      rpcCodes.notSupported,
      `${call.method}: contracts cannot be created here; name an address in "to".`,
    );
  return `0x${call.bytesWithin(0, to, 20, 'a call whose "to" is an address')}`;
}
