// A small chain for tests of the ledger: people and validators with keys, and chain blocks made of what they do.
import { hash as digest } from 'node:crypto';
import { FakeBls, FakeBlsSigner } from '../../crypto/testing/fake-bls.ts';
import { type Genesis, type GenesisFile, readGenesis } from '../../types/genesis.ts';
import { type AddressHex, type BlockId, hexOf } from '../../types/identifiers.ts';
import type { Operation } from '../../types/operation.ts';
import { addressOf } from '../../types/transaction.ts';
import type { ChainBlock, CheckedCertificate, CheckedTransaction, MergedBlock } from '../chain-block.ts';
import { Ledger } from '../ledger.ts';

export const AIOS = 1_000_000_000n;
export const bls = new FakeBls();

export const sha = (text: string): Uint8Array =>
  new Uint8Array(digest('sha256', new TextEncoder().encode(text), 'buffer'));
export const blockNamed = (name: string): BlockId => hexOf(sha(`block ${name}`));

export interface Person {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly address: Uint8Array;
  readonly hex: AddressHex;
  readonly signer: FakeBlsSigner;
}

export function person(name: string): Person {
  const publicKey = sha(`key of ${name}`);
  const address = addressOf(publicKey);
  return { name, publicKey, address, hex: hexOf(address), signer: new FakeBlsSigner(name) };
}

export const people = (count: number, kind = 'person'): Person[] =>
  Array.from({ length: count }, (_, nth) => person(`${kind} ${nth}`));

export interface WorldOptions {
  readonly parameters?: Partial<GenesisFile['parameters']>;
  readonly accounts?: readonly (readonly [Person, bigint])[];
  readonly validators?: readonly (readonly [Person, bigint])[];
  readonly reserve?: bigint;
}

export const CHAIN_ID = 7;

export function genesisOf({ parameters, accounts = [], validators = [], reserve }: WorldOptions): Genesis {
  return readGenesis({
    parameters: { chainId: CHAIN_ID, genesisTime: 1_000_000, ...parameters },
    reserve: String(reserve ?? 1_000_000n * AIOS),
    treasury: '0',
    accounts: accounts.map(([{ hex }, balance]) => ({ address: hex, balance: String(balance) })),
    validators: validators.map(([{ hex, signer }, stake]) => ({
      address: hex,
      stake: String(stake),
      votingKey: hexOf(signer.publicKey),
      proofOfPossession: hexOf(signer.proofOfPossession),
    })),
  });
}

export const ledgerOf = (options: WorldOptions): Ledger => Ledger.atGenesis(genesisOf(options), { bls });

let made = 0;

export function transactionOf(
  sender: Person,
  nonce: bigint,
  operations: readonly Operation[],
  { fee = 1_000n, chainId = CHAIN_ID }: { readonly fee?: bigint; readonly chainId?: number } = {},
): CheckedTransaction {
  const { publicKey, address } = sender;
  const signature = new Uint8Array(64);
  return {
    id: sha(`transaction ${made++}`),
    sender: address,
    transaction: { chainId, publicKey, nonce, fee, operations, signature },
  };
}

export function certificateOf(
  link: {
    readonly source: { readonly epoch: number; readonly block: BlockId };
    readonly target: { readonly epoch: number; readonly block: BlockId };
    readonly stateRoot?: string;
  },
  signed: readonly AddressHex[],
  absent: readonly AddressHex[] = [],
): CheckedCertificate {
  const { source, target, stateRoot = hexOf(sha(`root ${target.block}`)) } = link;
  return {
    source,
    target,
    stateRoot,
    signed,
    absent,
    signedStake: BigInt(signed.length),
    totalStake: BigInt(signed.length + absent.length),
  };
}

/** A chain block that merges nothing but itself, or the given parts. */
export function chainBlock(
  round: number,
  transactions: readonly CheckedTransaction[] | readonly (readonly CheckedTransaction[])[],
  certificates: readonly CheckedCertificate[] = [],
): ChainBlock {
  const parts = (Array.isArray(transactions[0]) ? transactions : [transactions]) as CheckedTransaction[][];
  const merged = parts.map(
    (part, nth): MergedBlock => ({
      id: blockNamed(`${round}/${nth}`),
      proposer: '00'.repeat(20),
      round,
      blue: true,
      certificates: nth === 0 ? certificates : [],
      transactions: part,
    }),
  );
  return { id: (merged.at(-1) as MergedBlock).id, round, merged };
}

export const stakeOperation = ({ signer }: Person, amount: bigint): Operation => ({
  kind: 'stake',
  amount,
  votingKey: signer.publicKey,
  proofOfPossession: signer.proofOfPossession,
});
