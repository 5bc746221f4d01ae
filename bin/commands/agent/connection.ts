// Where `aios agent` commands reach the product, and as whom: a token, a key of the studio, a wallet's key, or an account of the devnet.
import { readFileSync } from 'node:fs';
import { Wallet } from 'ethers';
import { AiosClient, type Credentials, didSigner, walletSigner } from '#node/agents/client/index.ts';
import { devnetAccount, devnetAccountCount } from '#node/devnet/accounts.ts';
import { clientSettings } from '#node/platform/config/client-settings.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';

export interface ConnectionOptions {
  readonly endpoint?: string;
  readonly token?: string;
  readonly key?: string;
  readonly account?: string;
}

export const DEFAULT_ENDPOINT = 'http://127.0.0.1:4000';

/** What a script's key is written as: 64 hex digits as the web app copies them, or `wallet:` and an Ethereum private key. */
function credentialsOf(key: string, from: string): Credentials {
  const wallet = /^wallet:(0x)?([0-9a-fA-F]{64})$/.exec(key.trim());
  if (wallet) return { signer: walletSigner(new Wallet(`0x${wallet[2]}`)) };
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(key.trim())) return { signer: didSigner(key) };
  throw new AiosError(
    'KEY_INVALID',
    `${from} holds no key. A key is 64 hexadecimal digits as the web app copies them (sign-in, "secret key"), or wallet: followed by an Ethereum private key.`,
  );
}

/** Which credentials a command was given; the command line wins over the environment. @throws AiosError NOT_SIGNED_IN, KEY_INVALID */
export function chooseCredentials(options: ConnectionOptions, settings = clientSettings()): Credentials {
  const given = (['token', 'key', 'account'] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1)
    throw new AiosError('OPTIONS_CONFLICT', `Give one of --${given.join(' and --')}: each says who you are.`);
  if (options.token !== undefined) return { token: options.token };
  if (options.key !== undefined) {
    let text: string;
    try {
      text = readFileSync(options.key, 'utf8');
    } catch (error) {
      throw new AiosError(
        'KEY_UNREADABLE',
        `${options.key} cannot be read (${messageOf(error)}): --key takes a file; for the key itself use AIOS_KEY.`,
      );
    }
    return credentialsOf(text, options.key);
  }
  if (options.account !== undefined) {
    const index = Number(options.account);
    if (!Number.isInteger(index) || index < 0 || index >= devnetAccountCount)
      throw new AiosError(
        'ACCOUNT_INVALID',
        `--account takes a number from 0 to ${devnetAccountCount - 1}, an account of the devnet, not "${options.account}". 3 to 9 are for users.`,
      );
    return { signer: walletSigner(new Wallet(devnetAccount(index).privateKey)) };
  }
  if (settings.token !== undefined) return { token: settings.token };
  if (settings.key !== undefined) return credentialsOf(settings.key, 'AIOS_KEY');
  throw new AiosError(
    'NOT_SIGNED_IN',
    'Say who you are: AIOS_KEY or --key FILE with a secret key that the web app copies (sign-in, "secret key") or wallet:PRIVATEKEY; AIOS_TOKEN or --token with an access token; or, on the devnet, --account 3.',
  );
}

/** A signed-in client. @throws AiosError NOT_SIGNED_IN, NOT_REACHABLE, UNAUTHENTICATED */
export async function connect(options: ConnectionOptions): Promise<AiosClient> {
  const settings = clientSettings();
  const credentials = chooseCredentials(options, settings);
  const url = options.endpoint ?? settings.url ?? DEFAULT_ENDPOINT;
  try {
    return await AiosClient.connect(url, credentials);
  } catch (error) {
    if (error instanceof AiosError && error.code === 'NOT_REACHABLE')
      throw new AiosError(
        'NOT_REACHABLE',
        `${error.message.replace(/ Start the product.*$/, '')} Start the product with aios start, or name its address with --endpoint or AIOS_URL.`,
      );
    throw error;
  }
}
