// Senders and what they send: signed beforehand, so that signing is no part of what is measured.
import { hash as digest } from 'node:crypto';
import { Ed25519Signer } from '#node/chain/crypto/ed25519-signer.ts';
import { seeded } from '#node/chain/dag/testing/random-dag.ts';
import { hexOf } from '#node/chain/types/identifiers.ts';
import type { Operation } from '#node/chain/types/operation.ts';

export interface LoadOptions {
  readonly chainId: number;
  readonly senders: number;
  /** Accounts that are paid, beside the senders. */
  readonly accounts: number;
  /** Payments in each envelope. */
  readonly operations: number;
  readonly seed?: number;
}

const fee = 1_000n;

export class Load {
  readonly #options: LoadOptions;
  readonly #signers: readonly Ed25519Signer[];
  readonly #nonces: bigint[];
  readonly #random: () => number;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#signers = Array.from(
      { length: options.senders },
      (_, nth) => new Ed25519Signer(new Uint8Array(digest('sha256', `sender ${nth}`, 'buffer'))),
    );
    this.#nonces = this.#signers.map(() => 0n);
    this.#random = seeded(options.seed ?? 1);
  }

  /** Of the senders. */
  get addresses(): readonly Uint8Array[] {
    return this.#signers.map(({ address }) => address);
  }

  /** For the genesis: all that will be paid and that pay. */
  get balances(): { address: string; balance: string }[] {
    const senders = this.#signers.map(({ address }) => ({
      address: hexOf(address),
      balance: String(10n ** 15n),
    }));
    const others = Array.from({ length: this.#options.accounts }, (_, nth) => ({
      ...{ address: hexOf(this.#receiver(nth)), balance: '1000000' },
    }));
    return [...senders, ...others];
  }

  /** So many envelopes, sender after sender, each sender's in the order of their nonces. */
  envelopes(count: number): Uint8Array[] {
    return Array.from({ length: count }, (_, nth) => {
      const at = nth % this.#signers.length;
      const signer = this.#signers[at] as Ed25519Signer;
      const nonce = this.#nonces[at] as bigint;
      this.#nonces[at] = nonce + 1n;
      const operations = Array.from({ length: this.#options.operations }, (): Operation => {
        const to = this.#receiver(Math.floor(this.#random() * this.#options.accounts));
        return { kind: 'transfer', to, amount: 1n + BigInt(Math.floor(this.#random() * 1_000)) };
      });
      return signer.sign({ chainId: this.#options.chainId, nonce, fee, operations });
    });
  }

  #receiver(nth: number): Uint8Array {
    return new Uint8Array(digest('sha256', `receiver ${nth}`, 'buffer')).slice(0, 20);
  }
}
