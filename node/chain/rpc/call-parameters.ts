// The one place where parameters of requests are looked at. What is not what a method takes is refused with what it would take.
import { RpcError, rpcCodes } from './rpc-error.ts';

export type BlockTag = 'latest' | 'pending' | 'safe' | 'finalized' | 'earliest';
/** How a request names a block: by a word, a number, or its hash without 0x. */
export type BlockName = BlockTag | number | { readonly hash: string };

const tags: ReadonlySet<unknown> = new Set<BlockTag>(['latest', 'pending', 'safe', 'finalized', 'earliest']);
/** Quantities of Ethereum have no leading zeros; readers take them, as other nodes do. */
const quantityForm = /^0x[0-9a-fA-F]{1,64}$/;
const hexForm = /^0x(?:[0-9a-fA-F]{2})*$/;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}

/** The parameters of one request, by place. */
export class CallParameters {
  readonly method: string;
  readonly #values: readonly unknown[];

  constructor(method: string, values: readonly unknown[]) {
    this.method = method;
    this.#values = values;
  }

  /** Refuses what nobody would read. Trailing nulls are as good as nothing. */
  atMost(count: number): this {
    const given = this.#values.findLastIndex((value) => value !== null && value !== undefined) + 1;
    if (given > count)
      throw new RpcError(
        rpcCodes.badParameters,
        `${this.method} takes ${count === 0 ? 'no parameters' : `at most ${count} parameter${count === 1 ? '' : 's'}`}, not ${given}.`,
      );
    return this;
  }

  has(nth: number): boolean {
    return this.#values[nth] !== undefined && this.#values[nth] !== null;
  }

  /** 20 bytes: 40 lower-case digits without 0x. */
  address(nth: number): string {
    return this.#bytes(nth, this.#values[nth], 20, 'an address');
  }

  /** 32 bytes: 64 lower-case digits without 0x. */
  hash(nth: number, what = 'a hash'): string {
    return this.#bytes(nth, this.#values[nth], 32, what);
  }

  flag(nth: number): boolean {
    const value = this.#values[nth];
    if (value === undefined || value === null) return false;
    if (typeof value !== 'boolean') this.#wrong(nth, 'true or false', value);
    return value;
  }

  /** A number from JSON or a quantity. @param most beyond it, it is refused */
  whole(nth: number, what: string, most: number): number {
    const value = this.#values[nth];
    const number = typeof value === 'string' && quantityForm.test(value) ? Number(value) : (value as number);
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0 || number > most)
      this.#wrong(nth, `${what} from 0 to ${most}, as a number or 0x… quantity`, value);
    return number;
  }

  text(nth: number, what: string): string {
    const value = this.#values[nth];
    if (typeof value !== 'string') this.#wrong(nth, what, value);
    return value;
  }

  /** @param most bytes at most */
  data(nth: number, what: string, most: number): Uint8Array {
    return this.#data(nth, this.#values[nth], what, most);
  }

  dataList(nth: number, what: string, count: number, most: number): Uint8Array[] {
    const value = this.#values[nth];
    if (!Array.isArray(value) || value.length === 0 || value.length > count)
      this.#wrong(nth, `a list of 1 to ${count} times ${what}`, Array.isArray(value) ? value.length : value);
    return value.map((each) => this.#data(nth, each, what, most));
  }

  object(nth: number, what: string): Readonly<Record<string, unknown>> {
    const value = this.#values[nth];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#wrong(nth, what, value);
    return value as Record<string, unknown>;
  }

  list(nth: number, what: string, most: number): readonly unknown[] {
    const value = this.#values[nth];
    if (!Array.isArray(value) || value.length > most) this.#wrong(nth, what, value);
    return value;
  }

  /** EIP-1898: a tag, a number, or an object with one of `blockNumber` and `blockHash`. */
  block(nth: number, otherwise: BlockTag = 'latest'): BlockName {
    const value = this.#values[nth];
    return value === undefined || value === null ? otherwise : this.blockName(nth, value);
  }

  /** A block's name that stands somewhere in parameter `nth`. */
  blockName(nth: number, value: unknown): BlockName {
    if (tags.has(value)) return value as BlockTag;
    // As geth: as many digits as a hash has are one.
    if (typeof value === 'string' && value.length === 66 && hexForm.test(value))
      return { hash: value.slice(2).toLowerCase() };
    if (typeof value === 'string' && quantityForm.test(value)) {
      const number = Number(value);
      // Beyond what doubles count no chain has blocks.
      return Number.isSafeInteger(number) ? number : Number.MAX_SAFE_INTEGER;
    }
    if (typeof value === 'object' && value !== null) {
      const { blockNumber, blockHash } = value as { blockNumber?: unknown; blockHash?: unknown };
      if (blockHash !== undefined && blockNumber === undefined)
        return { hash: this.#bytes(nth, blockHash, 32, 'a block hash') };
      if (blockNumber !== undefined && blockHash === undefined && typeof blockNumber === 'string')
        return this.blockName(nth, blockNumber);
    }
    return this.#wrong(
      nth,
      'a block: a 0x… number, "latest", "safe", "finalized", "earliest" or "pending", or an object with blockHash or blockNumber',
      value,
    );
  }

  /** Bytes of a known length that stand somewhere in parameter `nth`: lower-case digits without 0x. */
  bytesWithin(nth: number, value: unknown, length: number, what: string): string {
    return this.#bytes(nth, value, length, what);
  }

  /** @throws RpcError */
  wrong(nth: number, wanted: string, value: unknown): never {
    return this.#wrong(nth, wanted, value);
  }

  #bytes(nth: number, value: unknown, length: number, what: string): string {
    if (typeof value !== 'string' || value.length !== 2 + 2 * length || !hexForm.test(value))
      this.#wrong(nth, `${what}: 0x and ${2 * length} hexadecimal digits`, value);
    return value.slice(2).toLowerCase();
  }

  #data(nth: number, value: unknown, what: string, most: number): Uint8Array {
    if (typeof value !== 'string' || value.length > 2 + 2 * most || !hexForm.test(value))
      this.#wrong(nth, `${what}: 0x and hexadecimal digits, at most ${most} bytes`, value);
    return Uint8Array.from(Buffer.from(value.slice(2), 'hex'));
  }

  #wrong(nth: number, wanted: string, value: unknown): never {
    throw new RpcError(
      rpcCodes.badParameters,
      `${this.method}: parameter ${nth + 1} must be ${wanted}; it is ${shown(value)}.`,
    );
  }
}
