// Evidence against a validator: its own signatures under statements that nobody honest makes. Only what these signatures prove costs anything,
// so that nobody can be hurt by bytes that somebody else made.
import { hash as digest } from 'node:crypto';
import { contradictionOf, sameCheckpoint } from '../../finality/contradiction.ts';
import { decodeEvidence, type Evidence } from '../../types/evidence.ts';
import { epochOfRound, roundAt } from '../../types/genesis.ts';
import { blockIdOf, headerSigningRoot, type SignedHeader } from '../../types/header.ts';
import type { AddressHex } from '../../types/identifiers.ts';
import { linkSigningRoot, type SignedVote } from '../../types/vote.ts';
import type { BlockContext } from '../block-context.ts';
import { ExecutionFailure, type FailureStatus, type Outcome } from '../execution-failure.ts';
import { slashAll } from '../slashing.ts';
import { epochName } from '../state-keys.ts';
import type { SlashReason } from '../system-event.ts';

/** What evidence claims, before its signatures are checked. */
interface Claim {
  readonly validator: AddressHex;
  readonly reason: Exclude<SlashReason, 'DOWNTIME'>;
  /** When the later of the statements was made. */
  readonly epoch: number;
  readonly signed: readonly { readonly message: Uint8Array; readonly signature: Uint8Array }[];
}

export function punish(context: BlockContext, bytes: Uint8Array): Outcome {
  const evidence = read(bytes);
  if (!evidence) return ExecutionFailure.evidenceMalformed;
  const claim = claimOf(context, evidence);
  if (typeof claim === 'number') return claim;
  const { validator: address, reason, epoch, signed } = claim;
  const validator = context.state.validators.get(address);
  if (!validator) return ExecutionFailure.evidenceOfNoValidator;
  if (validator.status === 'jailed') return ExecutionFailure.evidenceNothingLeft;
  if (epoch < context.epoch - context.parameters.evidenceEpochs) return ExecutionFailure.evidenceTooOld;
  for (const { message, signature } of signed)
    if (!context.bls.verify(validator.votingKey, message, signature))
      return ExecutionFailure.evidenceNotSigned;
  slashAll(context, {
    validator: address,
    reason,
    reporter: context.senderName,
    evidence: new Uint8Array(digest('sha256', bytes, 'buffer')),
  });
  return undefined;
}

function read(bytes: Uint8Array): Evidence | undefined {
  try {
    return decodeEvidence(bytes);
  } catch {
    return undefined;
  }
}

function claimOf(context: BlockContext, evidence: Evidence): Claim | FailureStatus {
  switch (evidence.kind) {
    case 'votes':
      return ofVotes(context, evidence.first, evidence.second);
    case 'blocks':
      return ofBlocks(context, evidence.first, evidence.second);
    case 'wrongRoot':
      return ofRoot(context, evidence.vote);
  }
}

function ofVotes({ genesisId }: BlockContext, first: SignedVote, second: SignedVote): Claim | FailureStatus {
  const reason = contradictionOf(first, second);
  if (!reason) return ExecutionFailure.evidenceProvesNothing;
  return {
    validator: first.validator,
    reason,
    epoch: Math.max(first.target.epoch, second.target.epoch),
    signed: [first, second].map((vote) => signedVote(genesisId, vote)),
  };
}

function ofBlocks(
  { genesisId, parameters }: BlockContext,
  first: SignedHeader,
  second: SignedHeader,
): Claim | FailureStatus {
  const ids = [blockIdOf(first), blockIdOf(second)] as const;
  const round = roundAt(parameters, first.timestamp);
  const twice =
    first.proposer === second.proposer &&
    round === roundAt(parameters, second.timestamp) &&
    ids[0] !== ids[1];
  if (!twice) return ExecutionFailure.evidenceProvesNothing;
  return {
    validator: first.proposer,
    reason: 'DOUBLE_BLOCK',
    epoch: epochOfRound(parameters, round),
    signed: [
      { message: headerSigningRoot(genesisId, ids[0]), signature: first.signature },
      { message: headerSigningRoot(genesisId, ids[1]), signature: second.signature },
    ],
  };
}

/** Only checkpoints that this chain itself knows to be final have a root that can be wrong. */
function ofRoot({ genesisId, state }: BlockContext, vote: SignedVote): Claim | FailureStatus {
  const final = Number.isSafeInteger(vote.target.epoch)
    ? state.checkpoints.get(epochName(vote.target.epoch))
    : undefined;
  const wrong =
    final?.final &&
    sameCheckpoint(vote.target, { epoch: vote.target.epoch, block: final.block }) &&
    vote.stateRoot !== final.stateRoot;
  if (!wrong) return ExecutionFailure.evidenceProvesNothing;
  return {
    validator: vote.validator,
    reason: 'WRONG_ROOT',
    epoch: vote.target.epoch,
    signed: [signedVote(genesisId, vote)],
  };
}

const signedVote = (genesisId: string, vote: SignedVote) => ({
  message: linkSigningRoot(genesisId, vote),
  signature: vote.signature,
});
