// The text a person signs to sign in: an EIP-4361 message for addresses, and the same shape (CAIP-122) for DID keys.
import { getAddress } from 'ethers';

export interface MessageFields {
  /** Authority (host and port) that asks; a wallet shows it and compares it with the page's. */
  readonly domain: string;
  readonly uri: string;
  /** A lower-case address or a did:aios. */
  readonly subject: string;
  readonly statement: string;
  readonly chainId: number;
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** Id of the challenge, so that a signed message names the one use it has. */
  readonly requestId: string;
}

/** The message, byte for byte as EIP-4361's ABNF asks. Addresses are written with their EIP-55 checksum. */
export function signInMessage(fields: MessageFields): string {
  const isAddress = fields.subject.startsWith('0x');
  const account = isAddress ? 'Ethereum' : 'AiOS';
  return [
    `${fields.domain} wants you to sign in with your ${account} account:`,
    isAddress ? getAddress(fields.subject) : fields.subject,
    '',
    fields.statement,
    '',
    `URI: ${fields.uri}`,
    'Version: 1',
    `Chain ID: ${fields.chainId}`,
    `Nonce: ${fields.nonce}`,
    `Issued At: ${fields.issuedAt.toISOString()}`,
    `Expiration Time: ${fields.expiresAt.toISOString()}`,
    `Request ID: ${fields.requestId}`,
  ].join('\n');
}

/** The domain that a message names, or undefined when it is no sign-in message. */
export function domainOf(message: string): string | undefined {
  return /^(\S+) wants you to sign in with your (?:Ethereum|AiOS) account:\n/.exec(message)?.[1];
}
