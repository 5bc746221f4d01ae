// The devnet's accounts, from anvil's default mnemonic: publicly known keys, worth nothing anywhere else.
import { HDNodeWallet, Mnemonic } from 'ethers';

export const devnetMnemonic = 'test test test test test test test test test test test junk';

export const devnetChainId = 31337;

/** How many accounts anvil funds with 10,000 ether at genesis. */
export const devnetAccountCount = 64;

/** Who plays what. Demo accounts belong to the demo alone: their nonces say how far its script has come. */
export const devnetRoles = {
  /** Receives the supply of AiOS, owns the marketplace. */
  owner: 0,
  buyback: 1,
  treasury: 2,
  /** For users and tests: signers of the devnet's mutations, wallets in the browser. They hold AiOS. */
  users: [3, 4, 5, 6, 7, 8, 9],
  /** Businesses of the demo; the script uses as many as it has. */
  firstDemoAccount: 10,
} as const;

export interface DevnetAccount {
  readonly index: number;
  readonly address: string;
  readonly privateKey: string;
}

let root: HDNodeWallet | undefined;
const known = new Map<number, DevnetAccount>();

/** Account `index` of the mnemonic at the standard path m/44'/60'/0'/0/index. */
export function devnetAccount(index: number): DevnetAccount {
  let account = known.get(index);
  if (!account) {
    root ??= HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(devnetMnemonic), "m/44'/60'/0'/0");
    const { address, privateKey } = root.deriveChild(index);
    account = { index, address, privateKey };
    known.set(index, account);
  }
  return account;
}

/** The accounts that users and tests may use freely. */
export function devnetUsers(): DevnetAccount[] {
  return devnetRoles.users.map(devnetAccount);
}
