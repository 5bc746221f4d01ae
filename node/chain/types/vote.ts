// What validators vote on, alone and together: a link between two checkpoints and the state after the second, signed with BLS12-381 so that the
// signatures of many are added up to one.
import {
  type BitArray,
  BitListType,
  ByteVectorType,
  ContainerType,
  UintNumberType,
  type ValueOf,
} from '@chainsafe/ssz';
import { type AddressHex, type BlockId, bytesOf, hexOf, signingRoot } from './identifiers.ts';
import { MAX_VALIDATORS } from './limits.ts';
import { readSsz } from './read-ssz.ts';

/** A block of the selected chain at the beginning of an epoch. */
export interface Checkpoint {
  readonly epoch: number;
  readonly block: BlockId;
}

/** What a vote says: "from this justified checkpoint on, that one is next", with the state that it leads to. */
export interface Link {
  readonly source: Checkpoint;
  readonly target: Checkpoint;
  /** Root of the state after the target's block has been executed, 64 hexadecimal digits. */
  readonly stateRoot: string;
}

export interface Vote extends Link {
  readonly validator: AddressHex;
}

export interface SignedVote extends Vote {
  /** BLS12-381 over `linkSigningRoot`, 96 bytes. */
  readonly signature: Uint8Array;
}

/** One signature of many over the same link. */
export interface Certificate extends Link {
  /** Which of those who may vote for the target have signed, in ascending order of their addresses; one bit for each of them. */
  readonly signers: BitArray;
  readonly signature: Uint8Array;
}

export const CheckpointSsz = new ContainerType({
  epoch: new UintNumberType(8),
  block: new ByteVectorType(32),
});
const LinkSsz = new ContainerType({
  source: CheckpointSsz,
  target: CheckpointSsz,
  stateRoot: new ByteVectorType(32),
});
export const VoteSsz = new ContainerType({
  link: LinkSsz,
  validator: new ByteVectorType(20),
  signature: new ByteVectorType(96),
});
export const CertificateSsz = new ContainerType({
  link: LinkSsz,
  signers: new BitListType(MAX_VALIDATORS),
  signature: new ByteVectorType(96),
});

/** Bytes of an encoded vote, which has no parts of varying length. */
export const VOTE_BYTES = VoteSsz.fixedSize as number;
/** Of a certificate, at most. */
export const MAX_CERTIFICATE_BYTES = CertificateSsz.maxSize;

export const checkpointToSsz = ({ epoch, block }: Checkpoint): ValueOf<typeof CheckpointSsz> => ({
  epoch,
  block: bytesOf(block),
});

export const checkpointFromSsz = ({ epoch, block }: ValueOf<typeof CheckpointSsz>): Checkpoint => ({
  epoch,
  block: hexOf(block),
});

const linkToSsz = ({ source, target, stateRoot }: Link): ValueOf<typeof LinkSsz> => ({
  source: checkpointToSsz(source),
  target: checkpointToSsz(target),
  stateRoot: bytesOf(stateRoot),
});

const linkFromSsz = ({ source, target, stateRoot }: ValueOf<typeof LinkSsz>): Link => ({
  source: checkpointFromSsz(source),
  target: checkpointFromSsz(target),
  stateRoot: hexOf(stateRoot),
});

/** What every validator that votes for this link signs. */
export const linkSigningRoot = (genesis: BlockId, link: Link): Uint8Array =>
  signingRoot('aios/vote/1\0', genesis, LinkSsz.hashTreeRoot(linkToSsz(link)));

export const voteToSsz = (vote: SignedVote): ValueOf<typeof VoteSsz> => ({
  link: linkToSsz(vote),
  validator: bytesOf(vote.validator),
  signature: vote.signature,
});

export const voteFromSsz = ({ link, validator, signature }: ValueOf<typeof VoteSsz>): SignedVote => ({
  ...linkFromSsz(link),
  validator: hexOf(validator),
  signature,
});

export const certificateToSsz = (certificate: Certificate): ValueOf<typeof CertificateSsz> => ({
  link: linkToSsz(certificate),
  signers: certificate.signers,
  signature: certificate.signature,
});

export const certificateFromSsz = ({
  link,
  signers,
  signature,
}: ValueOf<typeof CertificateSsz>): Certificate => ({ ...linkFromSsz(link), signers, signature });

export const encodeVote = (vote: SignedVote): Uint8Array => VoteSsz.serialize(voteToSsz(vote));

/** @throws Malformed */
export const decodeVote = (bytes: Uint8Array): SignedVote =>
  voteFromSsz(readSsz(VoteSsz, bytes, 'vote', VOTE_BYTES));

export const encodeCertificate = (certificate: Certificate): Uint8Array =>
  CertificateSsz.serialize(certificateToSsz(certificate));

/** @throws Malformed */
export const decodeCertificate = (bytes: Uint8Array): Certificate =>
  certificateFromSsz(readSsz(CertificateSsz, bytes, 'certificate', MAX_CERTIFICATE_BYTES));
