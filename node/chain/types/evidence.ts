// What proves by itself that a validator is at fault: its own signatures under statements that nobody honest makes.
import { ContainerType } from '@chainsafe/ssz';
import {
  MAX_HEADER_BYTES,
  type SignedHeader,
  SignedHeaderSsz,
  signedHeaderFromSsz,
  signedHeaderToSsz,
} from './header.ts';
import { MAX_EVIDENCE_BYTES } from './limits.ts';
import { Malformed } from './malformed.ts';
import { readSsz } from './read-ssz.ts';
import { type SignedVote, VOTE_BYTES, VoteSsz, voteFromSsz, voteToSsz } from './vote.ts';

export type Evidence =
  /** Two votes for one epoch, or one that surrounds the other. */
  | { readonly kind: 'votes'; readonly first: SignedVote; readonly second: SignedVote }
  /** Two blocks of one round. */
  | { readonly kind: 'blocks'; readonly first: SignedHeader; readonly second: SignedHeader }
  /** A vote for a final checkpoint with another root than the state there has, which the chain itself knows. */
  | { readonly kind: 'wrongRoot'; readonly vote: SignedVote };

const VotesSsz = new ContainerType({ first: VoteSsz, second: VoteSsz });
const BlocksSsz = new ContainerType({ first: SignedHeaderSsz, second: SignedHeaderSsz });
const numbers = { votes: 0, blocks: 1, wrongRoot: 2 } as const;

/** A number for the kind, then the object in SSZ. */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  return Uint8Array.of(numbers[evidence.kind], ...statements(evidence));
}

function statements(evidence: Evidence): Uint8Array {
  switch (evidence.kind) {
    case 'votes':
      return VotesSsz.serialize({ first: voteToSsz(evidence.first), second: voteToSsz(evidence.second) });
    case 'blocks':
      return BlocksSsz.serialize({
        first: signedHeaderToSsz(evidence.first),
        second: signedHeaderToSsz(evidence.second),
      });
    case 'wrongRoot':
      return VoteSsz.serialize(voteToSsz(evidence.vote));
  }
}

/** @throws Malformed; whether it proves anything is not looked at */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  if (bytes.length > MAX_EVIDENCE_BYTES)
    throw new Malformed('evidence', 0, `it has ${bytes.length} bytes, more than ${MAX_EVIDENCE_BYTES}`);
  const rest = bytes.slice(1);
  switch (bytes[0]) {
    case numbers.votes: {
      const { first, second } = readSsz(VotesSsz, rest, 'evidence of two votes', 2 * VOTE_BYTES);
      return { kind: 'votes', first: voteFromSsz(first), second: voteFromSsz(second) };
    }
    case numbers.blocks: {
      const most = 2 * (MAX_HEADER_BYTES + 4);
      const { first, second } = readSsz(BlocksSsz, rest, 'evidence of two blocks', most);
      return { kind: 'blocks', first: signedHeaderFromSsz(first), second: signedHeaderFromSsz(second) };
    }
    case numbers.wrongRoot:
      return {
        kind: 'wrongRoot',
        vote: voteFromSsz(readSsz(VoteSsz, rest, 'evidence of a wrong root', VOTE_BYTES)),
      };
    default:
      throw new Malformed('evidence', 0, `there is no evidence of kind ${bytes[0]}`);
  }
}
