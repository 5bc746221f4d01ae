// What a chain begins with: the numbers of its protocol, who holds what, and who validates. Two nodes with another genesis are on two chains.
import { hash as digest } from 'node:crypto';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { blockIdOf, HEADER_VERSION, type Header } from './header.ts';
import type { BlockId } from './identifiers.ts';
import { MAX_AMOUNT, MAX_BLOCK_BYTES, MAX_BLOCK_OPERATIONS } from './limits.ts';

const hex = (bytes: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[0-9a-f]{${bytes * 2}}$`),
      `${bytes} bytes as lower-case hexadecimal digits, without 0x`,
    );
const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => z.int().min(least).max(most);
/** Nano-AiOS, as a decimal number in text: JSON's numbers are too small. */
const amount = z
  .string()
  .regex(/^(0|[1-9][0-9]*)$/, 'an amount in nano-AiOS, as text')
  .transform((text) => BigInt(text))
  .refine((value) => value <= MAX_AMOUNT, 'an amount below 2⁶⁴');
const AIOS = 1_000_000_000n;
const amountOf = (aios: bigint) => amount.prefault(String(aios * AIOS));

const parametersSchema = z.strictObject({
  /** Another for every incompatible version of the protocol. */
  chainId: whole(1, 0xffffffff),
  /** The beginning of round 0, milliseconds since 1970. */
  genesisTime: whole(0),
  /** Of a round, milliseconds: long enough for four blocks to reach everybody before the next ones are made. */
  roundMs: whole(50, 60_000).prefault(1_000),
  /** A checkpoint every so many rounds: fewer make finality faster and cost a vote of every validator each. */
  roundsPerEpoch: whole(1, 64).prefault(2),
  /** How far into an epoch its checkpoint is voted on, milliseconds: time for the last blocks of the epoch before to be built upon. */
  voteDelayMs: whole(0, 60_000).prefault(600),
  proposersPerRound: whole(1, 4).prefault(4),
  /** How many blues a blue may be unrelated to; with four proposers a round no honest one needs more. */
  k: whole(0, 16).prefault(3),
  maxMergeset: whole(4, 1_024).prefault(64),
  /** In blue score: what lies deeper is never merged, so that it can be forgotten. */
  mergeDepth: whole(16, 100_000).prefault(512),
  maxBlockBytes: whole(10_000, MAX_BLOCK_BYTES).prefault(MAX_BLOCK_BYTES),
  maxBlockOperations: whole(1, MAX_BLOCK_OPERATIONS).prefault(MAX_BLOCK_OPERATIONS),
  /** For each operation, nano-AiOS. */
  minimumFee: amount.prefault('1000'),
  /** Own stake that a validator needs at least, nano-AiOS: the paper's 10,000. */
  minimumStake: amountOf(10_000n),
  /** How long unstaked amounts stay within reach of evidence. Must outlast `evidenceEpochs`. */
  unbondingEpochs: whole(1).prefault(64_800),
  /** How old what evidence speaks of may be. */
  evidenceEpochs: whole(1).prefault(43_200),
  /** Epochs over which missed votes are counted. */
  dutyEpochs: whole(10, 100_000).prefault(1_024),
  /** Of `dutyEpochs`, how many may be missed, in thousandths: the paper's 5%. */
  missedPerMille: whole(0, 1_000).prefault(50),
  /** What is cut of a validator that missed more, in thousandths: the paper's 1%. */
  downtimeCutPerMille: whole(0, 1_000).prefault(10),
  /** Of its rewards, what a validator keeps before it shares with those who delegate to it, in thousandths. */
  commissionPerMille: whole(0, 1_000).prefault(100),
  /** Yearly reward when `stakedTargetPerMille` of the supply is staked, in thousandths: the paper's ~7%. It grows as less is staked. */
  rewardPerMille: whole(0, 1_000).prefault(70),
  /** The least and the most of it: the paper's 5 to 15%. */
  rewardLeastPerMille: whole(0, 1_000).prefault(50),
  rewardMostPerMille: whole(0, 1_000).prefault(150),
  /** The paper's "30% of circulating supply". */
  stakedTargetPerMille: whole(1, 1_000).prefault(300),
});

const genesisSchema = z
  .strictObject({
    parameters: parametersSchema,
    /** What rewards are paid from; when it is empty there are none. */
    reserve: amount,
    treasury: amount,
    accounts: z.array(z.strictObject({ address: hex(20), balance: amount })).max(1_100_000),
    validators: z
      .array(
        z.strictObject({
          /** Whose stake it is; need not be among the accounts. */
          address: hex(20),
          stake: amount,
          votingKey: hex(48),
          proofOfPossession: hex(96),
        }),
      )
      .min(1)
      .max(1_024),
  })
  .superRefine(({ parameters, accounts, validators }, context) => {
    if (parameters.unbondingEpochs <= parameters.evidenceEpochs)
      context.addIssue({
        code: 'custom',
        path: ['parameters', 'unbondingEpochs'],
        message: 'must be more than evidenceEpochs, or who is at fault could leave with the stake',
      });
    for (const [list, entries] of Object.entries({ accounts, validators })) {
      if (new Set(entries.map(({ address }) => address)).size !== entries.length)
        context.addIssue({ code: 'custom', path: [list], message: 'an address stands twice' });
    }
    for (const [nth, { stake }] of validators.entries())
      if (stake < parameters.minimumStake)
        context.addIssue({
          code: 'custom',
          path: ['validators', nth, 'stake'],
          message: 'less than parameters.minimumStake',
        });
  });

export type Parameters = z.output<typeof parametersSchema>;
export type Genesis = z.output<typeof genesisSchema>;
/** As in the file: amounts are text, and parameters may be left out. */
export type GenesisFile = z.input<typeof genesisSchema>;

/** @throws AiosError GENESIS_INVALID, which names the field */
export function readGenesis(file: unknown): Genesis {
  const read = genesisSchema.safeParse(file);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AiosError(
    'GENESIS_INVALID',
    `The genesis is not valid: ${issue?.path.join('.') || 'the file'}: ${issue?.message}. Every node of a chain must have the same file; get it from where the chain is announced.`,
  );
}

/** The header of the block that a chain begins with. Whoever has another genesis has another id. @param stateRoot after the genesis, 64 hex digits */
export function genesisHeader(genesis: Genesis, stateRoot: string): Header {
  const text = JSON.stringify(genesis, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  return {
    version: HEADER_VERSION,
    chainId: genesis.parameters.chainId,
    parents: [],
    timestamp: genesis.parameters.genesisTime,
    proposer: '00'.repeat(20),
    finalized: { epoch: 0, block: '00'.repeat(32) },
    stateRoot,
    bodyRoot: digest('sha256', text, 'hex'),
  };
}

export const genesisId = (genesis: Genesis, stateRoot: string): BlockId =>
  blockIdOf(genesisHeader(genesis, stateRoot));

/** Round 0 begins with the genesis time. */
export const roundAt = ({ genesisTime, roundMs }: Parameters, time: number): number =>
  Math.floor((time - genesisTime) / roundMs);

export const epochOfRound = ({ roundsPerEpoch }: Parameters, round: number): number =>
  Math.floor(round / roundsPerEpoch);
