// eth_subscribe for one connection: new heads, logs and admitted transactions. When the chain is reorganized, logs of blocks that left it come
// again as removed, then the new branch's heads and logs follow. Who reads too slowly is cut off: nothing waits without bound.
import { randomBytes } from 'node:crypto';
import { messageOf } from '#node/platform/errors.ts';
import type { ChainChange } from '../engine/chain-view.ts';
import { hexOf } from '../types/identifiers.ts';
import type { CallParameters } from './call-parameters.ts';
import type { EthBlock } from './eth-block.ts';
import type { EthBlocks } from './eth-blocks.ts';
import { logsOf } from './get-logs.ts';
import type { Methods } from './json-rpc.ts';
import { type LogFilter, readLogFilter } from './log-filter.ts';
import { RpcError, rpcCodes } from './rpc-error.ts';

export interface Subscriber {
  /** Sends a text, or closes the connection when too much waits. */
  send(text: string): void;
  /** Ends the connection. */
  close(why: string): void;
}

type Subscription =
  | { readonly kind: 'newHeads' }
  | { readonly kind: 'logs'; readonly filter: LogFilter }
  | { readonly kind: 'newPendingTransactions' };

const MAX_SUBSCRIPTIONS = 32;

export class Subscriptions {
  readonly #blocks: EthBlocks;
  readonly #subscriber: Subscriber;
  readonly #subscriptions = new Map<string, Subscription>();
  #closed = false;
  #stopChain: (() => void) | undefined;
  #stopPending: (() => void) | undefined;

  constructor(blocks: EthBlocks, subscriber: Subscriber) {
    this.#blocks = blocks;
    this.#subscriber = subscriber;
  }

  readonly methods: Methods = {
    eth_subscribe: (call) => this.#subscribe(call),
    eth_unsubscribe: (call) => {
      const removed = this.#subscriptions.delete(call.atMost(1).text(0, 'the id of a subscription'));
      this.#follow();
      return removed;
    },
  };

  /** Nothing is told any more, nor can be subscribed to. */
  close(): void {
    this.#closed = true;
    this.#subscriptions.clear();
    this.#follow();
  }

  #subscribe(call: CallParameters): string {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)
      throw new RpcError(
        rpcCodes.limit,
        `A connection may have ${MAX_SUBSCRIPTIONS} subscriptions: end some with eth_unsubscribe.`,
      );
    const subscription = this.#read(call.atMost(2));
    if (this.#closed) throw new RpcError(rpcCodes.refused, 'The connection is closing.');
    const id = `0x${randomBytes(16).toString('hex')}`;
    this.#subscriptions.set(id, subscription);
    this.#follow();
    return id;
  }

  #read(call: CallParameters): Subscription {
    const kind = call.text(0, '"newHeads", "logs" or "newPendingTransactions"');
    switch (kind) {
      case 'newHeads':
      case 'newPendingTransactions':
        return { kind };
      case 'logs': {
        const fields = call.has(1) ? call.object(1, 'a filter with address and topics') : {};
        return { kind, filter: readLogFilter(call, 1, fields) };
      }
      default:
        return call.wrong(0, '"newHeads", "logs" or "newPendingTransactions"', kind);
    }
  }

  /** Follows only what somebody wants to know. */
  #follow(): void {
    const kinds = new Set([...this.#subscriptions.values()].map(({ kind }) => kind));
    if (kinds.has('newHeads') || kinds.has('logs'))
      this.#stopChain ??= this.#blocks.view.follow((change) => this.#unharmed(() => this.#changed(change)));
    else {
      this.#stopChain?.();
      this.#stopChain = undefined;
    }
    if (kinds.has('newPendingTransactions'))
      this.#stopPending ??= this.#blocks.view.followPending((id) => this.#unharmed(() => this.#admitted(id)));
    else {
      this.#stopPending?.();
      this.#stopPending = undefined;
    }
  }

  /** Whatever goes wrong here is no matter of the node, which is calling. */
  #unharmed(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#subscriber.close(`failed here: ${messageOf(error)}`);
    }
  }

  #changed({ removed, added }: ChainChange): void {
    for (const { id } of removed) this.#removed(this.#blocks.of(id), id);
    for (const { id } of added) {
      const block = this.#blocks.of(id);
      // It left the chain again before this was told: the next change says so.
      if (!block) continue;
      for (const [subscription, wanted] of this.#subscriptions)
        if (wanted.kind === 'newHeads') this.#notify(subscription, block.headJson());
        else if (wanted.kind === 'logs') this.#logs(subscription, wanted.filter, block, false);
    }
  }

  #removed(block: EthBlock | undefined, id: string): void {
    for (const [subscription, wanted] of this.#subscriptions) {
      if (wanted.kind !== 'logs') continue;
      if (block) this.#logs(subscription, wanted.filter, block, true);
      else
        this.#subscriber.close(
          `block 0x${id} left the chain and its logs are not known any more: subscribe anew and read logs again`,
        );
    }
  }

  #logs(subscription: string, filter: LogFilter, block: EthBlock, removed: boolean): void {
    if ((filter.kinds & block.kinds) === 0) return;
    for (const [logIndex, log] of logsOf(block, filter))
      this.#notify(subscription, block.logJson(logIndex, log, removed));
  }

  #admitted(id: Uint8Array): void {
    for (const [subscription, { kind }] of this.#subscriptions)
      if (kind === 'newPendingTransactions') this.#notify(subscription, `"0x${hexOf(id)}"`);
  }

  #notify(subscription: string, result: string): void {
    this.#subscriber.send(
      `{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"${subscription}","result":${result}}}`,
    );
  }
}
