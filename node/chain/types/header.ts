// What a validator signs when it proposes a block: what the block builds on, when and by whom it was made, what its maker knows to be final, and
// what is in it. A block's id is the header's SSZ root.
import {
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintNumberType,
  type ValueOf,
} from '@chainsafe/ssz';
import { type AddressHex, type BlockId, bytesOf, hexOf, signingRoot } from './identifiers.ts';
import { MAX_PARENTS } from './limits.ts';
import { readSsz } from './read-ssz.ts';
import { type Checkpoint, CheckpointSsz, checkpointFromSsz, checkpointToSsz } from './vote.ts';

export interface Header {
  readonly version: number;
  readonly chainId: number;
  /** Ascending, 1 to 8; none of the genesis. */
  readonly parents: readonly BlockId[];
  /** Milliseconds since 1970. It lies in the block's round, and after its past median time. */
  readonly timestamp: number;
  readonly proposer: AddressHex;
  /** The last checkpoint that the certificates of this block and its past make final. */
  readonly finalized: Checkpoint;
  /** Root of the state at that checkpoint, 64 hexadecimal digits. */
  readonly stateRoot: string;
  /** Commits to the block's body. */
  readonly bodyRoot: string;
}

export interface SignedHeader extends Header {
  /** BLS12-381 over `headerSigningRoot`, 96 bytes. */
  readonly signature: Uint8Array;
}

export const HEADER_VERSION = 1;

const HeaderSsz = new ContainerType({
  version: new UintNumberType(1),
  chainId: new UintNumberType(4),
  parents: new ListCompositeType(new ByteVectorType(32), MAX_PARENTS),
  timestamp: new UintNumberType(8),
  proposer: new ByteVectorType(20),
  finalized: CheckpointSsz,
  stateRoot: new ByteVectorType(32),
  bodyRoot: new ByteVectorType(32),
});
export const SignedHeaderSsz = new ContainerType({ header: HeaderSsz, signature: new ByteVectorType(96) });
export const MAX_HEADER_BYTES = SignedHeaderSsz.maxSize;

const toSsz = (header: Header): ValueOf<typeof HeaderSsz> => ({
  ...header,
  parents: header.parents.map(bytesOf),
  proposer: bytesOf(header.proposer),
  finalized: checkpointToSsz(header.finalized),
  stateRoot: bytesOf(header.stateRoot),
  bodyRoot: bytesOf(header.bodyRoot),
});

export const signedHeaderToSsz = (header: SignedHeader): ValueOf<typeof SignedHeaderSsz> => ({
  header: toSsz(header),
  signature: header.signature,
});

export const signedHeaderFromSsz = ({
  header,
  signature,
}: ValueOf<typeof SignedHeaderSsz>): SignedHeader => ({
  version: header.version,
  chainId: header.chainId,
  parents: header.parents.map(hexOf),
  timestamp: header.timestamp,
  proposer: hexOf(header.proposer),
  finalized: checkpointFromSsz(header.finalized),
  stateRoot: hexOf(header.stateRoot),
  bodyRoot: hexOf(header.bodyRoot),
  signature,
});

export const encodeHeader = (header: SignedHeader): Uint8Array =>
  SignedHeaderSsz.serialize(signedHeaderToSsz(header));

/** @throws Malformed */
export const decodeHeader = (bytes: Uint8Array): SignedHeader =>
  signedHeaderFromSsz(readSsz(SignedHeaderSsz, bytes, 'header', MAX_HEADER_BYTES));

/** The block's id. The signature is no part of it: BLS has one for each key and message. */
export const blockIdOf = (header: Header): BlockId => hexOf(HeaderSsz.hashTreeRoot(toSsz(header)));

/** What the proposer signs. */
export const headerSigningRoot = (genesis: BlockId, id: BlockId): Uint8Array =>
  signingRoot('aios/block/1\0', genesis, bytesOf(id));
