// Who signs in: an ed25519 key named by its DID, or a wallet by its address (Sign-In with Ethereum).
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes } from '@noble/curves/utils.js';
import { encodeBase58 } from 'ethers/utils';
import { AiosError } from '#node/platform/errors.ts';

/** Proves that a subject is the caller's, by signing what the endpoint asks. */
export interface Signer {
  /** A did:aios, or an address in 0x hex. */
  readonly subject: string;
  /** Signature over the UTF-8 bytes of the message, 0x hex. */
  sign(message: string): Promise<string>;
}

/**
 * A signer over an ed25519 secret, the kind that the studio makes and lets its owner copy.
 * @param secret 64 hex digits, `0x` or not
 * @throws AiosError KEY_INVALID
 */
export function didSigner(secret: string): Signer {
  const hex = secret.trim().replace(/^0x/i, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new AiosError('KEY_INVALID', 'A key is 64 hexadecimal digits: copy it whole from the web app.');
  const bytes = hexToBytes(hex);
  return {
    subject: `did:aios:${encodeBase58(ed25519.getPublicKey(bytes))}`,
    sign: async (message) => `0x${bytesToHex(ed25519.sign(new TextEncoder().encode(message), bytes))}`,
  };
}

/** What is needed of a wallet; a signer of ethers or viem's wallet wrapped in two lines will do. */
export interface MessageWallet {
  readonly address: string;
  signMessage(message: string): Promise<string>;
}

/** A signer over a wallet: an ethers `Wallet`, or anything that signs messages (EIP-191). */
export function walletSigner(wallet: MessageWallet): Signer {
  return { subject: wallet.address.toLowerCase(), sign: (message) => wallet.signMessage(message) };
}
