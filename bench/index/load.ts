// What happens on the benchmark's chains: the same events for the same parameters, and what they must add up to.
import { id } from 'ethers';
import type { Hex } from '#indexer/model.ts';
import { record, word } from './emitter.ts';

/** A transaction to the emitter of that index. */
export interface Call {
  readonly emitter: number;
  readonly data: Hex;
}

/** A chain to be made. Emitters are deployed in the first block, by nonce, so their addresses are known before. */
export interface Load {
  readonly name: string;
  readonly events: number;
  readonly emitters: number;
  blocks(addresses: readonly Hex[]): Generator<readonly Call[]>;
  /** What every indexer must arrive at: rows `id value`, sorted. Valid once all blocks have been made. */
  expected(addresses: readonly Hex[]): string[];
}

const TRANSFER = id('Transfer(address,address,uint256)') as Hex;
const PAIR_CREATED = id('PairCreated(address,address,address,uint256)') as Hex;
const SYNC = id('Sync(uint112,uint112)') as Hex;
const SWAP = id('Swap(address,uint256,uint256,uint256,uint256,address)') as Hex;

/** Park and Miller's generator: enough for load, the same everywhere. */
function randomNumbers(): () => number {
  let seed = 20_261_123;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

/** Spread over the whole address space, as hashes are. */
export function accountAddress(index: number): Hex {
  const mixed =
    (BigInt(index + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834_1082_276bn) & ((1n << 160n) - 1n);
  return `0x${mixed.toString(16).padStart(40, '0')}`;
}

/**
 * ERC-20 transfers of one token: a few accounts take most of the traffic, as on a real chain, and one in five events is some
 * account's first.
 */
export function transferLoad(events: number): Load {
  const perBlock = 100;
  const perTransaction = 10;
  const accounts = Math.max(100, Math.floor(events / 5));
  const balances = new Map<Hex, bigint>();
  const account = (random: () => number) => accountAddress(Math.floor(accounts * random() ** 3));
  return {
    name: `transfers-${events}`,
    events,
    emitters: 1,
    *blocks() {
      const random = randomNumbers();
      balances.clear();
      for (let made = 0; made < events; ) {
        const calls: Call[] = [];
        for (let inBlock = 0; inBlock < perBlock && made < events; ) {
          let data = '';
          for (let index = 0; index < perTransaction && made < events; index++, made++, inBlock++) {
            const from = account(random);
            const to = account(random);
            const value = BigInt(1 + Math.floor(random() * 2 ** 52)) * 10n ** 9n;
            balances.set(from, (balances.get(from) ?? 0n) - value);
            balances.set(to, (balances.get(to) ?? 0n) + value);
            data += record([TRANSFER, from, to], [value]);
          }
          calls.push({ emitter: 0, data: `0x${data}` });
        }
        yield calls;
      }
    },
    expected: () => [...balances].map(([address, balance]) => `${address} ${balance}`).sort(),
  };
}

/** A factory that announces pairs, and swaps in them: Transfer, Sync and Swap each. */
export function swapLoad(events: number): Load {
  const pairs = 24;
  const perBlock = 33;
  const swaps = Math.floor(events / 3);
  const tokens = Array.from({ length: 12 }, (_, index) => accountAddress(1_000_000 + index));
  const reserves = Array.from({ length: pairs }, (_, index): [bigint, bigint] => [
    BigInt(1_000_000 + index * 777) * 10n ** 18n,
    BigInt(2_000_000 + index * 333) * 10n ** 18n,
  ]);
  return {
    name: `swaps-${events}`,
    events: swaps * 3 + pairs,
    emitters: pairs + 1,
    *blocks(addresses) {
      const random = randomNumbers();
      let announced = '';
      for (let index = 0; index < pairs; index++) {
        const [token0, token1] = [tokens[index % 12], tokens[(index + 1 + Math.floor(index / 12)) % 12]];
        announced += record(
          [PAIR_CREATED, token0 as Hex, token1 as Hex],
          [addresses[index + 1] as Hex, index + 1],
        );
      }
      yield [{ emitter: 0, data: `0x${announced}` }];
      for (let made = 0; made < swaps; ) {
        const calls: Call[] = [];
        for (; calls.length < perBlock && made < swaps; made++) {
          const pair = Math.floor(pairs * random() ** 2);
          const [in0, at] = [random() < 0.5, reserves[pair] as [bigint, bigint]];
          const amountIn = BigInt(1 + Math.floor(random() * 2 ** 40)) * 10n ** 9n;
          const [reserveIn, reserveOut] = in0 ? at : [at[1], at[0]];
          const amountOut = (amountIn * 997n * reserveOut) / (reserveIn * 1000n + amountIn * 997n);
          at[0] += in0 ? amountIn : -amountOut;
          at[1] += in0 ? -amountOut : amountIn;
          const trader = accountAddress(Math.floor(20_000 * random() ** 3));
          const amounts = in0 ? [amountIn, 0n, 0n, amountOut] : [0n, amountIn, amountOut, 0n];
          const data =
            record([TRANSFER, addresses[pair + 1] as Hex, trader], [amountOut / 1_000n]) +
            record([SYNC], at) +
            record([SWAP, trader, trader], amounts);
          calls.push({ emitter: pair + 1, data: `0x${data}` });
        }
        yield calls;
      }
    },
    expected: (addresses) =>
      reserves.map(([left, right], index) => `${addresses[index + 1]} ${left} ${right}`).sort(),
  };
}

/** What identifies the chain's content, for the cache of chains: change it with the generators. */
export const LOAD_VERSION = `1 ${word(1)}`;
