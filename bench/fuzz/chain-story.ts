// A random chain from a seed: traffic, and reorganisations of both kinds as deep as finality allows. The same seed tells the same
// story, block by block.
import { OracleChain } from '../oracle/oracle-chain.ts';
import type { Random } from '../oracle/random.ts';
import { EMITTERS, prelude, Traffic } from '../oracle/traffic.ts';

export class ChainStory {
  readonly chain: OracleChain;
  readonly #random: Random;
  readonly #traffic: Traffic;
  readonly #finality: number;
  /** The highest block there ever was: what lies `finality` blocks below it is final. */
  #highest: number;
  reorgs = 0;
  deepest = 0;

  private constructor(chain: OracleChain, random: Random, finality: number, highest: number) {
    this.chain = chain;
    this.#random = random;
    this.#traffic = new Traffic(random);
    this.#finality = finality;
    this.#highest = highest;
  }

  /** A chain with some blocks that all is built on. */
  static async begin(random: Random, finality: number): Promise<ChainStory> {
    const chain = await OracleChain.start(EMITTERS);
    for (const emissions of prelude()) await chain.mine(emissions);
    const { number } = await chain.head();
    const story = new ChainStory(chain, random, finality, number);
    await story.#mine(3 + random.below(12));
    return story;
  }

  /** Something happens: a few blocks, or a reorganisation with blocks after it. */
  async step(): Promise<void> {
    const { number } = await this.chain.head();
    const room = Math.min(this.#finality - (this.#highest - number), number - 3);
    if (room < 1 || this.#random.chance(0.6)) return this.#mine(1 + this.#random.below(4));
    const depth = 1 + this.#random.below(room);
    this.reorgs++;
    this.deepest = Math.max(this.deepest, depth);
    if (this.#random.chance(0.3)) {
      await this.chain.replaceLast(depth);
      await this.#mine(this.#random.below(2));
    } else {
      await this.chain.dropLast(depth);
      await this.#mine(this.#random.below(depth + 3));
    }
  }

  /** False while a node may as well lag behind: readers then wait for it where they are. */
  async isHighest(): Promise<boolean> {
    return (await this.chain.head()).number >= this.#highest;
  }

  /** A head above all that there ever were, which every reader has to come to. */
  async end(): Promise<void> {
    const { number } = await this.chain.head();
    await this.#mine(Math.max(1, this.#highest + 1 - number));
  }

  async #mine(blocks: number): Promise<void> {
    for (let index = 0; index < blocks; index++)
      await this.chain.mine(this.#traffic.block(), this.#traffic.seconds());
    const { number } = await this.chain.head();
    this.#highest = Math.max(this.#highest, number);
  }
}
