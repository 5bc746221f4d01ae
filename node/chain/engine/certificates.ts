// Certificates: many votes for one link, as one signature and a bit for each who may vote.
import { BitArray } from '@chainsafe/ssz';
import type { Bls } from '../crypto/bls.ts';
import type { CheckedCertificate } from '../state/chain-block.ts';
import type { Electorate } from '../state/validators.ts';
import type { BlockId } from '../types/identifiers.ts';
import { type Certificate, type Link, linkSigningRoot, type SignedVote } from '../types/vote.ts';

/** Votes for one link, added up. @param votes of different electors, their signatures checked */
export function certify(
  bls: Bls,
  electorate: Electorate,
  link: Link,
  votes: readonly SignedVote[],
): Certificate {
  const voters = new Map(votes.map((vote) => [vote.validator, vote.signature]));
  const signers = BitArray.fromBoolArray(electorate.validators.map(({ address }) => voters.has(address)));
  const { source, target, stateRoot } = link;
  return { source, target, stateRoot, signers, signature: bls.aggregate([...voters.values()]) };
}

/** The signers as a number, the first elector's bit lowest. */
export function signersMask({ signers }: Certificate): bigint {
  let mask = 0n;
  for (const index of signers.getTrueBitIndexes()) mask |= 1n << BigInt(index);
  return mask;
}

/**
 * What a certificate says if its signature is right, or why it says nothing: two thirds of the stake stand behind it, or more.
 * @param electorate of the target
 */
export function weighCertificate(
  electorate: Electorate,
  certificate: Certificate,
): CheckedCertificate | string {
  const { validators, total } = electorate;
  const { signers, source, target, stateRoot } = certificate;
  if (signers.bitLen !== validators.length)
    return `it has ${signers.bitLen} bits for ${validators.length} validators`;
  const signed = validators.filter((_, nth) => signers.get(nth));
  const signedStake = signed.reduce((sum, { weight }) => sum + weight, 0n);
  if (signedStake * 3n < total * 2n) return `it has ${signedStake} of ${total} votes, less than two thirds`;
  const names = (electors: typeof validators) => electors.map(({ address }) => address);
  return {
    ...{ source, target, stateRoot, signedStake, totalStake: total },
    signed: names(signed),
    absent: names(validators.filter((_, nth) => !signers.get(nth))),
  };
}

/** Whether its signature is that of its signers. @param electorate of the target */
export function isSigned(
  bls: Bls,
  genesis: BlockId,
  { validators }: Electorate,
  certificate: Certificate,
): boolean {
  const keys = validators.filter((_, nth) => certificate.signers.get(nth)).map(({ votingKey }) => votingKey);
  return bls.verifyAggregate(keys, linkSigningRoot(genesis, certificate), certificate.signature);
}
