// Executes the blocks of the selected chain one after the other, and takes them back: the only place where money moves. The same blocks lead
// every node to the same state, root included, whatever the blocks bring.
import type { Bls } from '../crypto/bls.ts';
import { type PairHasher, sha256Pairs } from '../crypto/pair-hasher.ts';
import { epochOfRound, type Genesis, genesisId, type Parameters } from '../types/genesis.ts';
import { type AddressHex, type BlockId, hexOf } from '../types/identifiers.ts';
import type { Operation } from '../types/operation.ts';
import { operationCount } from '../types/transaction.ts';
import type { Checkpoint } from '../types/vote.ts';
import type { Account } from './accounts.ts';
import { BlockContext } from './block-context.ts';
import {
  type ChainBlock,
  type CheckedTransaction,
  type Execution,
  type StateEntry,
  TransactionStatus,
} from './chain-block.ts';
import { forgetCheckpoints, recordCertificate } from './checkpoints.ts';
import { closeDuties } from './duties.ts';
import type { Outcome } from './execution-failure.ts';
import { splitFees } from './fees.ts';
import { writeGenesis } from './genesis-state.ts';
import { registerDid } from './operations/dids.ts';
import { punish } from './operations/evidence.ts';
import { delegate, stake, undelegate, unstake } from './operations/staking.ts';
import { escrowTask, refundTask, settleTask } from './operations/tasks.ts';
import { multiTransfer, transfer } from './operations/transfers.ts';
import type { DidRecord, Task, Totals } from './records.ts';
import { circulatingOf } from './rewards.ts';
import { sharesIn, worthOf } from './staking-pool.ts';
import { accountKey } from './state-keys.ts';
import type { StateProof } from './state-tree.ts';
import { releaseUnbonding, unbondingOf } from './unbonding.ts';
import { type Electorate, electorateOf, isEligible, ownStakeOf } from './validators.ts';
import { type Undo, WorldState } from './world-state.ts';

export type { Undo };

export interface LedgerOptions {
  readonly bls: Bls;
  readonly hashPairs?: PairHasher;
}

/** A validator as the state knows it. What `engine/chain-view.ts` shows, and how much of it waits to be released. */
export interface LedgerValidator {
  readonly address: AddressHex;
  readonly votingKey: Uint8Array;
  readonly ownStake: bigint;
  readonly pool: bigint;
  readonly unbonding: bigint;
  readonly active: boolean;
  /** For ever, because it has contradicted itself. */
  readonly jailed: boolean;
  readonly missed: number;
  readonly counted: number;
}

/** All sums of money. `circulating` is what somebody has or may have back: balances, stakes, what is unbonding, set aside or escrowed. */
export interface Supply extends Totals {
  readonly circulating: bigint;
  readonly balances: bigint;
}

export class Ledger {
  readonly #state: WorldState;
  readonly #parameters: Parameters;
  readonly #bls: Bls;
  readonly genesisId: BlockId;
  #electorate: { readonly version: number; readonly electorate: Electorate } | undefined;

  private constructor(state: WorldState, genesis: Genesis, id: BlockId, bls: Bls) {
    this.#state = state;
    this.#parameters = genesis.parameters;
    this.genesisId = id;
    this.#bls = bls;
  }

  /**
   * The state before any block. Its root is part of the genesis block's id.
   * @throws AiosError GENESIS_INVALID when a proof of possession is none, or the supply has more than 64 bits
   */
  static atGenesis(genesis: Genesis, { bls, hashPairs = sha256Pairs }: LedgerOptions): Ledger {
    const state = new WorldState(hashPairs);
    writeGenesis(state, genesis, bls);
    return new Ledger(state, genesis, genesisId(genesis, hexOf(state.root)), bls);
  }

  /**
   * A stored state, entries in any order. Whether it is the right one is said by its root alone.
   * @throws AiosError STATE_INVALID when it is none
   */
  static from(
    genesis: Genesis,
    id: BlockId,
    entries: Iterable<StateEntry>,
    { bls, hashPairs = sha256Pairs }: LedgerOptions,
  ): Ledger {
    const state = new WorldState(hashPairs);
    state.load(entries);
    return new Ledger(state, genesis, id, bls);
  }

  /** 32 bytes, after the last block. */
  get root(): Uint8Array {
    return this.#state.root;
  }

  /** Executes the next block of the selected chain. Never refuses: what cannot be done is skipped or failed, as `statuses` say. */
  execute(block: ChainBlock): Execution & { readonly undo: Undo } {
    const context = new BlockContext({
      state: this.#state,
      parameters: this.#parameters,
      genesisId: this.genesisId,
      bls: this.#bls,
      round: block.round,
      epoch: epochOfRound(this.#parameters, block.round),
    });
    this.#begin(context);
    // All certificates come before any transaction: evidence may speak of what they make final.
    for (const { certificates } of block.merged)
      for (const certificate of certificates) recordCertificate(context, certificate);
    this.#state.keep();
    let fees = 0n;
    const statuses = block.merged.map(({ transactions }, merged) => {
      const of = new Uint8Array(transactions.length);
      for (let nth = 0; nth < transactions.length; nth++) {
        const checked = transactions[nth] as CheckedTransaction;
        const status = this.#transaction(context, checked, { merged, transaction: nth });
        of[nth] = status;
        if (status === TransactionStatus.executed || status >= TransactionStatus.failed)
          fees += costOf(checked);
      }
      return of;
    });
    context.from = 'end';
    splitFees(context, fees);
    const { changes, undo } = this.#state.commit();
    return { stateRoot: undo.rootAfter, statuses, events: context.events, changes, undo };
  }

  /** Takes back the last block. @throws AiosError STATE_INVALID when it is another's */
  undo(undo: Undo): void {
    this.#state.undo(undo);
  }

  /** Does again what a block has changed, without executing it. @throws AiosError STATE_INVALID when these are no entries of a state */
  apply(changes: readonly StateEntry[]): Undo {
    return this.#state.apply(changes);
  }

  /** All of the state, in no order that means anything. Nothing may be executed meanwhile. */
  entries(): Iterable<StateEntry> {
    return this.#state.entries();
  }

  /** @param address 20 bytes; an account that is none has nothing */
  account(address: Uint8Array): Account {
    return this.#state.accounts.get(address);
  }

  /** For `verifyAccountProof`. */
  proof(address: Uint8Array): StateProof {
    return this.#state.proof(accountKey(address));
  }

  /** Who may propose and vote once this state is final. The same object until it changes. */
  electorate(): Electorate {
    const version = this.#state.validatorsVersion;
    if (this.#electorate?.version !== version)
      this.#electorate = {
        version,
        electorate: electorateOf(this.#state.validators.all(), this.#parameters),
      };
    return this.#electorate.electorate;
  }

  /** All who ever staked as validators, in ascending order of addresses. */
  validators(): readonly LedgerValidator[] {
    return [...this.#state.validators.all()]
      .map(([address, validator]) => ({
        address,
        votingKey: validator.votingKey,
        ownStake: ownStakeOf(validator),
        pool: validator.pool.tokens,
        unbonding: validator.unbonding.tokens,
        active: isEligible(validator, this.#parameters),
        jailed: validator.status === 'jailed',
        missed: validator.missed,
        counted: validator.counted,
      }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** What somebody has staked with a validator, its own stake when it is that one's. */
  stakeOf(validator: AddressHex, owner: AddressHex): bigint {
    const known = this.#state.validators.get(validator);
    if (!known) return 0n;
    if (validator === owner) return ownStakeOf(known);
    return worthOf(known.pool, sharesIn(known.pool, this.#state.stakes.get(validator + owner)));
  }

  /** What somebody takes back from a validator and will have from an epoch on. */
  unbondingOf(validator: AddressHex, owner: AddressHex, releaseEpoch: number): bigint {
    return unbondingOf(this.#state, { validator, owner, releaseEpoch });
  }

  supply(): Supply {
    const { totals } = this.#state;
    const circulating = circulatingOf(totals);
    const { staked, unbonding, escrowed, stakersFees } = totals;
    return { ...totals, circulating, balances: circulating - staked - unbonding - escrowed - stakersFees };
  }

  /** @param id 32 bytes */
  task(id: Uint8Array): Task | undefined {
    return this.#state.tasks.get(hexOf(id));
  }

  /** The DID that an account has registered. */
  did(owner: Uint8Array): DidRecord | undefined {
    return this.#state.dids.get(hexOf(owner));
  }

  /** The last checkpoints that certificates on the chain so far make justified and final. */
  finality(): { readonly justified: Checkpoint; readonly finalized: Checkpoint } {
    const { justified, finalized } = this.#state.progress;
    const named = (checkpoint: Checkpoint): Checkpoint =>
      checkpoint.epoch === 0 ? { epoch: 0, block: this.genesisId } : checkpoint;
    return { justified: named(justified), finalized: named(finalized) };
  }

  /** What the chain does by itself when time has passed. */
  #begin(context: BlockContext): void {
    forgetCheckpoints(context);
    releaseUnbonding(context);
    closeDuties(context);
    this.#state.keep();
  }

  #transaction(
    context: BlockContext,
    { transaction, sender }: CheckedTransaction,
    place: { readonly merged: number; readonly transaction: number },
  ): number {
    const { chainId, minimumFee } = this.#parameters;
    if (transaction.chainId !== chainId) return TransactionStatus.skippedChain;
    if (transaction.fee < minimumFee) return TransactionStatus.skippedFee;
    const { accounts } = this.#state;
    const known = accounts.find(sender);
    if (transaction.nonce !== (known < 0 ? 0n : accounts.nonce(known))) return TransactionStatus.skippedNonce;
    const { operations } = transaction;
    const cost = transaction.fee * BigInt(operationCount(transaction));
    if ((known < 0 ? 0n : accounts.balance(known)) < cost) return TransactionStatus.skippedBalance;
    const slot = known < 0 ? accounts.open(sender) : known;
    accounts.pay(slot, cost);
    context.sender = sender;
    context.publicKey = transaction.publicKey;
    context.senderSlot = slot;
    const events = context.events.length;
    for (let nth = 0; nth < operations.length; nth++) {
      const operation = operations[nth] as Operation;
      // Transfers emit nothing: the place is made for those that do.
      if (operation.kind !== 'transfer') context.from = { ...place, operation: nth };
      const failure = perform(context, operation);
      if (failure !== undefined) {
        this.#state.rollback();
        context.events.length = events;
        return failure;
      }
    }
    this.#state.keep();
    return TransactionStatus.executed;
  }
}

const costOf = ({ transaction }: CheckedTransaction): bigint =>
  transaction.fee * BigInt(operationCount(transaction));

function perform(context: BlockContext, operation: Operation): Outcome {
  switch (operation.kind) {
    case 'transfer':
      return transfer(context, operation);
    case 'multiTransfer':
      return multiTransfer(context, operation.transfers);
    case 'stake':
      return stake(context, operation);
    case 'unstake':
      return unstake(context, operation);
    case 'delegate':
      return delegate(context, operation);
    case 'undelegate':
      return undelegate(context, operation);
    case 'registerDid':
      return registerDid(context, operation);
    case 'taskEscrow':
      return escrowTask(context, operation);
    case 'taskSettle':
      return settleTask(context, operation);
    case 'taskRefund':
      return refundTask(context, operation);
    case 'evidence':
      return punish(context, operation.evidence);
  }
}
