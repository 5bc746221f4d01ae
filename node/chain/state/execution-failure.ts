// Why the operations of a transaction were not done though its fee was taken. Numbers are part of receipts and never used for another reason.

export const ExecutionFailure = {
  insufficientBalance: 16,
  stakeBelowMinimum: 17,
  votingKeyTaken: 18,
  votingKeyDiffers: 19,
  possessionNotProved: 20,
  validatorUnknown: 21,
  validatorJailed: 22,
  ownStakeDelegated: 23,
  stakeInsufficient: 24,
  amountTooSmall: 25,
  didOfAnother: 26,
  didKeyDiffers: 27,
  accountHasDid: 28,
  taskExists: 29,
  taskUnknown: 30,
  taskOver: 31,
  taskNotYours: 32,
  taskTooMuch: 33,
  taskRoundPassed: 34,
  taskRoundNotOver: 35,
  evidenceMalformed: 36,
  evidenceProvesNothing: 37,
  evidenceTooOld: 38,
  evidenceNotSigned: 39,
  evidenceOfNoValidator: 40,
  evidenceNothingLeft: 41,
} as const;

export type FailureReason = keyof typeof ExecutionFailure;
export type FailureStatus = (typeof ExecutionFailure)[FailureReason];

/** What an operation comes to: nothing when it was done. */
export type Outcome = FailureStatus | undefined;

const texts: Record<FailureReason, string> = {
  insufficientBalance: 'The balance is less than the amount, once the fee is paid.',
  stakeBelowMinimum: "A validator's first stake must be at least parameters.minimumStake.",
  votingKeyTaken: 'The voting key belongs, or belonged, to another validator: make a new one.',
  votingKeyDiffers: 'The validator votes with another key: stake again with the one it staked with first.',
  possessionNotProved: 'The proof of possession is not one of the voting key.',
  validatorUnknown: 'Nobody has staked as a validator at this address.',
  validatorJailed:
    'The validator has contradicted itself and is jailed for ever: nothing can be staked with it.',
  ownStakeDelegated: 'A validator adds to its own stake by staking and unstaking, not by delegating.',
  stakeInsufficient: 'What the sender has staked with the validator is worth less than the amount.',
  amountTooSmall: "The amount is worth less than the smallest share of the validator's pool.",
  didOfAnother: 'The DID was registered by another account.',
  didKeyDiffers: "A DID of the method aios is did:aios: with the base58 of the sender's own public key.",
  accountHasDid: 'The account has another DID already: change the document of that one.',
  taskExists: 'There is, or was, a task with this id: choose a random one.',
  taskUnknown: 'There is no task with this id.',
  taskOver: 'The task was settled or refunded before.',
  taskNotYours: 'Only who escrowed may settle a task; only that one or the agent may refund it.',
  taskTooMuch: 'The payment is more than what was escrowed for the task.',
  taskRoundPassed: "The task's last round is over before it begins.",
  taskRoundNotOver: 'Until its last round is over only the agent may give a task back.',
  evidenceMalformed: 'The bytes are no evidence.',
  evidenceProvesNothing: 'The statements do not contradict each other, or what the chain knows.',
  evidenceTooOld: 'What the evidence speaks of is longer ago than parameters.evidenceEpochs.',
  evidenceNotSigned: 'A statement does not carry the signature of the validator that it names.',
  evidenceOfNoValidator: 'The evidence names an address that never was a validator.',
  evidenceNothingLeft: 'The validator was jailed before: it has nothing more to lose.',
};

const byStatus = new Map<number, FailureReason>(
  Object.entries(ExecutionFailure).map(([reason, status]) => [status, reason as FailureReason]),
);

/** The reason behind a status, for programs and for people; undefined when the status is that of no failure. */
export function failureOf(
  status: number,
): { readonly reason: FailureReason; readonly text: string } | undefined {
  const reason = byStatus.get(status);
  return reason && { reason, text: texts[reason] };
}
