// What proves an account to whoever has nothing but a state root, as light clients do.
import { hash as digest } from 'node:crypto';
import type { Account } from './accounts.ts';
import { accountKey } from './state-keys.ts';
import { type StateProof, verifyStateProof } from './state-tree.ts';

/**
 * Whether the proof shows that an account is what is claimed of it. Pure: needs no state.
 * @param account undefined claims that there is none: neither balance nor nonce
 */
export function verifyAccountProof(
  root: Uint8Array,
  address: Uint8Array,
  account: Account | undefined,
  proof: StateProof,
): boolean {
  const leaf = verifyStateProof(root, digest('sha256', accountKey(address), 'buffer'), proof);
  if (leaf === undefined) return false;
  if (leaf === null) return account === undefined;
  return account !== undefined && Buffer.compare(leaf, accountLeaf(account)) === 0;
}

/** An account's leaf is its value itself: balance and nonce, 8 bytes each, and 16 zeros. It says what a hash of it would, and costs none. */
function accountLeaf({ balance, nonce }: Account): Uint8Array {
  const leaf = new Uint8Array(32);
  const view = new DataView(leaf.buffer);
  view.setBigUint64(0, balance, true);
  view.setBigUint64(8, nonce, true);
  return leaf;
}
