// The stream of sales as the tests follow it.
import type { transports } from './client.ts';
import type { SalesTraffic } from './sales.ts';

export const saleQuery = `subscription ($after: String) { saleEvents(after: $after) {
  cursor reverted sale { transaction price sellerAccount { did } } } }`;

export interface SaleEvent {
  readonly saleEvents: {
    readonly cursor: string;
    readonly reverted: boolean;
    readonly sale: {
      readonly transaction: string;
      readonly price: string;
      readonly sellerAccount: { readonly did: string };
    };
  };
}

export type OpenStream = (typeof transports)[keyof typeof transports];

/** A cursor behind all sales so far. A stream without one begins "now", which nothing tells; so sales are made until one is seen. */
export async function cursorNow(url: string, open: OpenStream, traffic: SalesTraffic): Promise<string> {
  const stream = open<SaleEvent>(url, saleQuery);
  const iterator = stream[Symbol.asyncIterator]();
  const first = iterator.next();
  let settled = false;
  void first.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  let last = '';
  while (!settled) [last = ''] = await traffic.sell(1);
  let result = await first;
  while (!result.done && result.value.saleEvents.sale.transaction !== last) result = await iterator.next();
  await iterator.return?.(undefined);
  if (result.done) throw new Error('the stream ended');
  return result.value.saleEvents.cursor;
}
