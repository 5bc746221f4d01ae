// What happens on the oracle's chain: random transfers, swaps in a few pairs, and commands to the probe, all from one seed.
import { AbiCoder, id } from 'ethers';
import type { Hex } from '#indexer/model.ts';
import { record } from '../index/emitter.ts';
import type { Emission } from './oracle-chain.ts';
import type { Random } from './random.ts';

const TRANSFER = id('Transfer(address,address,uint256)') as Hex;
const PAIR_CREATED = id('PairCreated(address,address,address,uint256)') as Hex;
const SYNC = id('Sync(uint112,uint112)') as Hex;
const SWAP = id('Swap(address,uint256,uint256,uint256,uint256,address)') as Hex;
const COMMAND = id('Command(string,uint256)') as Hex;

const at = (name: string): Hex => `0x${id(name).slice(26)}` as Hex;

const TOKENS = [at('token a'), at('token b')];
const FACTORY = at('factory');
const PAIRS = [0, 1, 2, 3].map((index) => at(`pair ${index}`));
const PROBE: Hex = '0x0000000000000000000000000000000000000abc';
/** Few enough that lists and filters find several of everything. */
const ACCOUNTS = Array.from({ length: 12 }, (_, index) => at(`account ${index}`));

/** Addresses at which the chain has to have an emitter. */
export const EMITTERS: readonly Hex[] = [...TOKENS, FACTORY, ...PAIRS, PROBE];

/** What the probe is asked for; each may happen in any order, any number of times. */
const COMMANDS = [
  ...['abi', 'source', 'event', 'isolation'],
  ...['parent', 'parent', 'unnote', 'child', 'child', 'child', 'family', 'removeParent'],
  ...['inBlock', 'typed', 'typed', 'point', 'point'],
];

const coder = AbiCoder.defaultAbiCoder();

/** One record that makes the probe do something. */
export function command(name: string, value: bigint): Emission {
  const data = coder.encode(['string', 'uint256'], [name, value]).slice(2);
  const words = data.match(/.{64}/g)?.map((text): Hex => `0x${text}`) ?? [];
  return { emitter: PROBE, data: `0x${record([COMMAND], words)}` };
}

export class Traffic {
  readonly #random: Random;
  #pairs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The transactions of one block; none in one of five. */
  block(): Emission[] {
    const random = this.#random;
    if (random.chance(0.2)) return [];
    return Array.from({ length: 1 + random.below(4) }, () => this.#emission());
  }

  /** Time until the next block: hours end often, days now and then. */
  seconds(): number {
    const random = this.#random;
    if (random.chance(0.8)) return 7 + random.below(600);
    return random.chance(0.7) ? 3_000 + random.below(6_000) : 40_000 + random.below(60_000);
  }

  /** The transactions of a block in which every kind of record happens. */
  busy(): Emission[] {
    return [this.#transfers(), this.#pair(), this.#swap()];
  }

  #emission(): Emission {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.35) return this.#transfers();
    if (kind < 0.45 || this.#pairs === 0) return this.#pair();
    if (kind < 0.75) return this.#swap();
    return command(random.pick(COMMANDS), BigInt(random.below(5)));
  }

  #amount(): bigint {
    // Of all sizes, also ones that decimals have to round.
    return BigInt(1 + this.#random.below(2 ** 30)) * 10n ** BigInt(this.#random.below(24));
  }

  #transfers(): Emission {
    const random = this.#random;
    const data = Array.from({ length: 1 + random.below(3) }, () =>
      record([TRANSFER, random.pick(ACCOUNTS), random.pick(ACCOUNTS)], [this.#amount()]),
    );
    return { emitter: random.pick(TOKENS), data: `0x${data.join('')}` };
  }

  /** A pair is announced, sometimes a second time. */
  #pair(): Emission {
    const random = this.#random;
    const index = this.#pairs < PAIRS.length ? this.#pairs++ : random.below(PAIRS.length);
    const token0 = TOKENS[index % 2] as Hex;
    const token1 = at(`other token ${index}`);
    return {
      emitter: FACTORY,
      data: `0x${record([PAIR_CREATED, token0, token1], [PAIRS[index] as Hex, index + 1])}`,
    };
  }

  #swap(): Emission {
    const random = this.#random;
    const emitter = PAIRS[random.below(this.#pairs)] as Hex;
    const trader = random.pick(ACCOUNTS);
    const [in0, out1] = [this.#amount(), this.#amount()];
    const amounts = random.chance(0.5) ? [in0, 0n, 0n, out1] : [0n, in0, out1, 0n];
    const data =
      record([TRANSFER, emitter, trader], [this.#amount()]) +
      record([SYNC], [this.#amount() % 2n ** 112n, this.#amount() % 2n ** 112n]) +
      record([SWAP, trader, trader], amounts);
    return { emitter, data: `0x${data}` };
  }
}

/** The first blocks: what later commands take for granted. */
export function prelude(): Emission[][] {
  return [[0, 1, 2, 3, 4].map((value) => command('parent', BigInt(value)))];
}
