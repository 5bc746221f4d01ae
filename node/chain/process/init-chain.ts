// Makes folders for nodes: keys, a configuration, and the genesis that they share.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AiosError } from '#node/platform/errors.ts';
import { Bls12381Signer } from '../crypto/bls-signer.ts';
import { Ed25519Signer } from '../crypto/ed25519-signer.ts';
import { describeKeyFile, writeKeyFile } from '../crypto/keystore.ts';
import { openNodeKey, peerIdOf } from '../net/node-key.ts';
import { type GenesisFile, readGenesis } from '../types/genesis.ts';
import { type AddressHex, hexOf } from '../types/identifiers.ts';
import { addressOf } from '../types/transaction.ts';
import { type ChainConfigFile, type ChainFolder, chainFolder, readChainConfig } from './chain-folder.ts';

export interface InitNodeOptions {
  readonly folder: string;
  readonly genesis: GenesisFile;
  readonly config?: ChainConfigFile;
  /** What it validates with; a node without follows. */
  readonly validator?: ValidatorSecrets;
  readonly password?: string;
}

export interface ValidatorSecrets {
  readonly voting: Uint8Array;
  readonly account: Uint8Array;
}

export const newSecrets = (): ValidatorSecrets => ({
  voting: new Uint8Array(randomBytes(32)),
  account: new Uint8Array(randomBytes(32)),
});

/** @returns how peers know the node @throws AiosError CHAIN_FOLDER_TAKEN, GENESIS_INVALID, CHAIN_CONFIG_INVALID */
export async function initNode(options: InitNodeOptions): Promise<{ readonly peer: string }> {
  const { folder, genesis, config = {}, validator, password } = options;
  const paths = chainFolder(folder);
  if (existsSync(paths.genesis))
    throw new AiosError(
      'CHAIN_FOLDER_TAKEN',
      `${folder} has a node already. Name another folder, or start that one with "aios chain start --folder ${folder}".`,
    );
  readGenesis(genesis);
  readChainConfig(config);
  await mkdir(dirname(paths.nodeKey), { recursive: true, mode: 0o700 });
  if (validator) await writeValidatorKeys(paths, validator, password);
  const key = await openNodeKey(paths.nodeKey);
  await writeFile(paths.config, `${JSON.stringify(config, undefined, 2)}\n`);
  // Last: a folder with a genesis is whole.
  await writeFile(paths.genesis, `${JSON.stringify(genesis, undefined, 2)}\n`);
  return { peer: peerIdOf(key) };
}

async function writeValidatorKeys(
  paths: ChainFolder,
  { voting, account }: ValidatorSecrets,
  password: string | undefined,
): Promise<void> {
  const options = password === undefined ? {} : { password };
  const { publicKey } = new Bls12381Signer(voting);
  await writeKeyFile(paths.votingKey, { kind: 'bls12-381', publicKey, secret: voting }, options);
  const owner = new Ed25519Signer(account);
  await writeKeyFile(
    paths.accountKey,
    { kind: 'ed25519', publicKey: owner.publicKey, secret: account },
    options,
  );
}

export interface DevnetOptions {
  readonly folder: string;
  readonly validators: number;
  readonly chainId?: number;
  /** What differs from the protocol's usual numbers. */
  readonly parameters?: Partial<GenesisFile['parameters']>;
  /** The only validator's folder is `folder` itself. */
  readonly flat?: boolean;
  readonly password?: string;
  /** Accounts beside the validators', with balances in nano-AiOS. */
  readonly accounts?: readonly { readonly address: AddressHex; readonly balance: string }[];
}

export interface DevnetNode {
  readonly folder: string;
  readonly address: AddressHex;
  readonly peer: string;
}

const AIOS = 1_000_000_000n;
/** Of the billion: what validators have staked, what they hold, what rewards are paid from. The rest is the treasury's. */
const shares = {
  supply: 1_000_000_000n * AIOS,
  stake: 100_000n * AIOS,
  balance: 10_000n * AIOS,
  reserve: 350_000_000n * AIOS,
} as const;
const devnetChainId = 1_051;

const nodeFolder = (folder: string, nth: number) => join(folder, `node-${nth + 1}`);

/** The nodes of a devnet that was made before. */
export async function devnetNodes(folder: string): Promise<readonly DevnetNode[]> {
  const nodes: DevnetNode[] = [];
  for (let nth = 0; existsSync(nodeFolder(folder, nth)); nth++) {
    const paths = chainFolder(nodeFolder(folder, nth));
    const { publicKey } = await describeKeyFile(paths.accountKey);
    nodes.push({
      ...{ folder: paths.folder, address: hexOf(addressOf(publicKey)) },
      peer: peerIdOf(await openNodeKey(paths.nodeKey)),
    });
  }
  return nodes;
}

/** Folders `node-1`, `node-2`, … of one chain with so many validators of equal stake, whose keys are not encrypted. */
export async function initDevnet(options: DevnetOptions): Promise<readonly DevnetNode[]> {
  const { folder, validators: count, accounts = [], parameters } = options;
  const secrets = Array.from({ length: count }, newSecrets);
  const validators = secrets.map(({ voting, account }) => {
    const signer = new Bls12381Signer(voting);
    return {
      address: hexOf(new Ed25519Signer(account).address),
      stake: String(shares.stake),
      votingKey: hexOf(signer.publicKey),
      proofOfPossession: hexOf(signer.proofOfPossession),
    };
  });
  const given = accounts.reduce((sum, { balance }) => sum + BigInt(balance), 0n);
  const ofValidators = BigInt(count) * (shares.stake + shares.balance);
  const genesis: GenesisFile = {
    parameters: {
      chainId: options.chainId ?? devnetChainId,
      // The next whole second, so that rounds begin with them.
      genesisTime: Math.ceil(Date.now() / 1_000) * 1_000,
      ...parameters,
    },
    reserve: String(shares.reserve),
    treasury: String(shares.supply - shares.reserve - ofValidators - given),
    accounts: [
      ...validators.map(({ address }) => ({ address, balance: String(shares.balance) })),
      ...accounts,
    ],
    validators,
  };
  const nodes: DevnetNode[] = [];
  for (const [nth, validator] of validators.entries()) {
    const own = options.flat ? folder : nodeFolder(folder, nth);
    const { password } = options;
    const { peer } = await initNode({ folder: own, genesis, validator: secrets[nth], password });
    nodes.push({ folder: own, address: validator.address, peer });
  }
  return nodes;
}
