// The ledger's rules a second time, as slowly and plainly as they can be said: lists and maps of names, sums made by adding everything up, no
// pools but each owner's shares, no state, no roots. What the real one is held against.
import type { Genesis, Parameters } from '../../types/genesis.ts';
import { hexOf } from '../../types/identifiers.ts';
import type { Operation } from '../../types/operation.ts';
import { base58 } from '../base58.ts';
import type { ChainBlock, CheckedTransaction } from '../chain-block.ts';
import type { FailureReason } from '../execution-failure.ts';

export interface NaiveValidator {
  key: string;
  status: 'active' | 'suspended' | 'jailed';
  tokens: bigint;
  /** By owner, the validator's own included. */
  shares: Map<string, bigint>;
  counted: number;
  missed: number;
}

/** What evidence says, told by who made it. */
export type KnownEvidence =
  | { readonly says: 'nothing' }
  | { readonly says: 'noise' }
  | {
      readonly says: 'fault' | 'root';
      readonly validator: string;
      readonly epoch: number;
      readonly signed: boolean;
      readonly block?: string;
      readonly root?: string;
    };

class Failed extends Error {
  constructor(readonly reason: FailureReason) {
    super(reason);
  }
}

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((all, each) => all + each, 0n);

interface Books {
  balances: Map<string, bigint>;
  validators: Map<string, NaiveValidator>;
  keys: Map<string, string>;
  unbonding: { validator: string; owner: string; epoch: number; amount: bigint }[];
  dids: Map<string, string>;
  didOf: Map<string, { did: string; document: string }>;
  tasks: Map<string, { payer: string; agent: string; amount: bigint; until: bigint; open: boolean }>;
  burned: bigint;
}

export class NaiveLedger {
  books: Books;
  readonly nonces = new Map<string, bigint>();
  readonly parameters: Parameters;
  readonly justified = new Map<number, { block: string; root: string; final: boolean; previous?: string }>();
  readonly votes = new Map<number, { signed: Set<string>; all: Set<string> }>();
  reserve: bigint;
  treasury: bigint;
  fees = 0n;
  readonly supply: bigint;

  constructor(
    genesis: Genesis,
    readonly evidence: ReadonlyMap<string, KnownEvidence>,
    readonly proofs: (key: string, proof: string) => boolean,
  ) {
    this.parameters = genesis.parameters;
    this.reserve = genesis.reserve;
    this.treasury = genesis.treasury;
    this.books = {
      balances: new Map(genesis.accounts.map(({ address, balance }) => [address, balance])),
      validators: new Map(
        genesis.validators.map(({ address, stake, votingKey }) => [
          address,
          {
            key: votingKey,
            status: 'active',
            tokens: stake,
            shares: new Map([[address, stake]]),
            counted: 0,
            missed: 0,
          },
        ]),
      ),
      keys: new Map(genesis.validators.map(({ address, votingKey }) => [votingKey, address])),
      unbonding: [],
      dids: new Map(),
      didOf: new Map(),
      tasks: new Map(),
      burned: 0n,
    };
    this.supply = this.everything();
  }

  everything(): bigint {
    const { balances, validators, unbonding, tasks, burned } = this.books;
    return (
      sum(balances.values()) +
      sum([...validators.values()].map(({ tokens }) => tokens)) +
      sum(unbonding.map(({ amount }) => amount)) +
      sum([...tasks.values()].map(({ open, amount }) => (open ? amount : 0n))) +
      burned +
      this.reserve +
      this.treasury +
      this.fees
    );
  }

  worth(validator: NaiveValidator, owner: string): bigint {
    const all = sum(validator.shares.values());
    return all === 0n ? 0n : ((validator.shares.get(owner) ?? 0n) * validator.tokens) / all;
  }

  execute(block: ChainBlock): (FailureReason | 'executed' | 'skipped')[][] {
    const epoch = Math.floor(block.round / this.parameters.roundsPerEpoch);
    for (const each of this.justified.keys())
      if (each < epoch - this.parameters.evidenceEpochs) this.justified.delete(each);
    for (const each of this.books.unbonding) if (each.epoch <= epoch) this.pay(each.owner, each.amount);
    this.books.unbonding = this.books.unbonding.filter((each) => each.epoch > epoch);
    for (const each of [...this.votes.keys()].sort((a, b) => a - b)) if (each + 4 <= epoch) this.close(each);
    for (const { certificates } of block.merged)
      for (const { source, target, stateRoot, signed, absent } of certificates) {
        const known = this.justified.get(target.epoch);
        if (known && (known.block !== target.block || known.root !== stateRoot)) continue;
        if (target.epoch < epoch - this.parameters.evidenceEpochs || target.epoch > epoch) continue;
        const standing = known ?? { block: target.block, root: stateRoot, final: false };
        if (source.epoch + 1 === target.epoch) standing.previous ??= source.block;
        this.justified.set(target.epoch, standing);
        if (target.epoch + 4 > epoch) {
          const votes = this.votes.get(target.epoch) ?? { signed: new Set(), all: new Set() };
          for (const each of signed) votes.signed.add(each);
          for (const each of [...signed, ...absent]) votes.all.add(each);
          this.votes.set(target.epoch, votes);
        }
      }
    for (const [each, checkpoint] of this.justified)
      if (this.justified.get(each + 1)?.previous === checkpoint.block) checkpoint.final = true;
    let paid = 0n;
    const outcomes = block.merged.map(({ transactions }) =>
      transactions.map((checked) => {
        const { transaction } = checked;
        const sender = hexOf(checked.sender);
        const count = transaction.operations.reduce(
          (all, each) => all + (each.kind === 'multiTransfer' ? each.transfers.length : 1),
          0,
        );
        const cost = transaction.fee * BigInt(count);
        if (
          transaction.chainId !== this.parameters.chainId ||
          transaction.fee < this.parameters.minimumFee ||
          transaction.nonce !== (this.nonces.get(sender) ?? 0n) ||
          (this.books.balances.get(sender) ?? 0n) < cost
        )
          return 'skipped';
        this.pay(sender, -cost);
        this.nonces.set(sender, transaction.nonce + 1n);
        paid += cost;
        // Everything is copied before, and put back when something fails.
        const before = structuredClone(this.books);
        try {
          for (const operation of transaction.operations)
            this.perform(checked, sender, operation, block.round, epoch);
          return 'executed';
        } catch (error) {
          if (!(error instanceof Failed)) throw error;
          this.books = before;
          return error.reason;
        }
      }),
    );
    const burned = (paid * 20n) / 100n;
    const stakers = (paid * 30n) / 100n;
    this.books.burned += burned;
    this.fees += stakers;
    this.treasury += paid - burned - stakers;
    return outcomes;
  }

  private pay(owner: string, amount: bigint): void {
    const left = (this.books.balances.get(owner) ?? 0n) + amount;
    if (left < 0n) throw new Failed('insufficientBalance');
    this.books.balances.set(owner, left);
  }

  private perform(
    { transaction }: CheckedTransaction,
    sender: string,
    operation: Operation,
    round: number,
    epoch: number,
  ): void {
    const { validators, keys, dids, didOf, tasks } = this.books;
    const { minimumStake } = this.parameters;
    switch (operation.kind) {
      case 'transfer':
      case 'multiTransfer':
        for (const { to, amount } of operation.kind === 'transfer' ? [operation] : operation.transfers) {
          this.pay(sender, -amount);
          this.pay(hexOf(to), amount);
        }
        return;
      case 'stake': {
        const key = hexOf(operation.votingKey);
        const known = validators.get(sender);
        if (known?.status === 'jailed') throw new Failed('validatorJailed');
        if (known && known.key !== key) throw new Failed('votingKeyDiffers');
        if (!known && operation.amount < minimumStake) throw new Failed('stakeBelowMinimum');
        if (!known && keys.has(key)) throw new Failed('votingKeyTaken');
        const validator: NaiveValidator = known ?? {
          key,
          status: 'active',
          tokens: 0n,
          shares: new Map(),
          counted: 0,
          missed: 0,
        };
        this.add(validator, sender, operation.amount);
        this.pay(sender, -operation.amount);
        if (!known && !this.proofs(key, hexOf(operation.proofOfPossession)))
          throw new Failed('possessionNotProved');
        keys.set(key, sender);
        validators.set(sender, validator);
        if (validator.status === 'suspended' && this.worth(validator, sender) >= minimumStake) {
          validator.status = 'active';
          validator.counted = 0;
          validator.missed = 0;
        }
        return;
      }
      case 'delegate': {
        const address = hexOf(operation.validator);
        const validator = validators.get(address);
        if (!validator) throw new Failed('validatorUnknown');
        if (address === sender) throw new Failed('ownStakeDelegated');
        if (validator.status === 'jailed') throw new Failed('validatorJailed');
        this.add(validator, sender, operation.amount);
        this.pay(sender, -operation.amount);
        return;
      }
      case 'unstake':
      case 'undelegate': {
        const address = operation.kind === 'unstake' ? sender : hexOf(operation.validator);
        const validator = validators.get(address);
        if (!validator) throw new Failed('validatorUnknown');
        if (operation.kind === 'undelegate' && address === sender) throw new Failed('ownStakeDelegated');
        this.leave(address, validator, sender, operation.amount, epoch);
        return;
      }
      case 'registerDid': {
        const { did } = operation;
        if (did.startsWith('did:aios:') && did !== `did:aios:${base58(transaction.publicKey)}`)
          throw new Failed('didKeyDiffers');
        if ((dids.get(did) ?? sender) !== sender) throw new Failed('didOfAnother');
        if ((didOf.get(sender)?.did ?? did) !== did) throw new Failed('accountHasDid');
        dids.set(did, sender);
        didOf.set(sender, { did, document: hexOf(operation.document) });
        return;
      }
      case 'taskEscrow': {
        const id = hexOf(operation.task);
        if (tasks.has(id)) throw new Failed('taskExists');
        if (operation.untilRound < BigInt(round)) throw new Failed('taskRoundPassed');
        this.pay(sender, -operation.amount);
        const { amount, untilRound: until } = operation;
        tasks.set(id, { payer: sender, agent: hexOf(operation.agent), amount, until, open: true });
        return;
      }
      case 'taskSettle':
      case 'taskRefund': {
        const task = tasks.get(hexOf(operation.task));
        if (!task) throw new Failed('taskUnknown');
        if (!task.open) throw new Failed('taskOver');
        const settles = operation.kind === 'taskSettle';
        if (sender !== task.payer && (settles || sender !== task.agent)) throw new Failed('taskNotYours');
        if (settles && operation.amount > task.amount) throw new Failed('taskTooMuch');
        if (!settles && sender !== task.agent && BigInt(round) <= task.until)
          throw new Failed('taskRoundNotOver');
        const paid = settles ? operation.amount : 0n;
        task.open = false;
        this.pay(task.agent, paid);
        this.pay(task.payer, task.amount - paid);
        return;
      }
      case 'evidence':
        this.punish(sender, hexOf(operation.evidence), epoch);
    }
  }

  private add(validator: NaiveValidator, owner: string, amount: bigint): void {
    const all = sum(validator.shares.values());
    const bought = all === 0n ? amount : (amount * all) / validator.tokens;
    if (bought === 0n) throw new Failed('amountTooSmall');
    validator.shares.set(owner, (validator.shares.get(owner) ?? 0n) + bought);
    validator.tokens += amount;
  }

  private leave(
    address: string,
    validator: NaiveValidator,
    owner: string,
    asked: bigint,
    epoch: number,
  ): void {
    const worth = this.worth(validator, owner);
    const amount = asked === 2n ** 64n - 1n ? worth : asked;
    if (amount === 0n || amount > worth) throw new Failed('stakeInsufficient');
    const owned = validator.shares.get(owner) ?? 0n;
    const all = sum(validator.shares.values());
    // The fewest shares that are worth the amount.
    let given = (amount * all) / validator.tokens;
    while (given * validator.tokens < amount * all) given += 1n;
    validator.shares.set(owner, amount === worth ? 0n : owned - given);
    validator.tokens -= amount;
    this.books.unbonding.push({
      validator: address,
      owner,
      epoch: epoch + this.parameters.unbondingEpochs,
      amount,
    });
  }

  private punish(sender: string, bytes: string, epoch: number): void {
    const evidence = this.evidence.get(bytes);
    if (!evidence || evidence.says === 'noise') throw new Failed('evidenceMalformed');
    if (evidence.says === 'nothing') throw new Failed('evidenceProvesNothing');
    if (evidence.says === 'root') {
      const final = this.justified.get(evidence.epoch);
      if (!final?.final || final.block !== evidence.block || final.root === evidence.root)
        throw new Failed('evidenceProvesNothing');
    }
    const validator = this.books.validators.get(evidence.validator);
    if (!validator) throw new Failed('evidenceOfNoValidator');
    if (validator.status === 'jailed') throw new Failed('evidenceNothingLeft');
    if (evidence.epoch < epoch - this.parameters.evidenceEpochs) throw new Failed('evidenceTooOld');
    if (!evidence.signed) throw new Failed('evidenceNotSigned');
    let taken = validator.tokens;
    for (const each of this.books.unbonding)
      if (each.validator === evidence.validator) {
        taken += each.amount;
        each.amount = 0n;
      }
    validator.tokens = 0n;
    validator.shares.clear();
    validator.status = 'jailed';
    this.pay(sender, taken / 100n);
    this.books.burned += taken - taken / 100n;
  }

  private close(epoch: number): void {
    const votes = this.votes.get(epoch);
    this.votes.delete(epoch);
    if (!votes) return;
    const { validators } = this.books;
    const { parameters } = this;
    const addresses = [...votes.all].sort();
    const circulating = this.supply - this.reserve - this.treasury - this.books.burned;
    const staked = sum([...validators.values()].map(({ tokens }) => tokens));
    const billion = 1_000_000_000n;
    const perMille = (number: number) => (BigInt(number) * billion) / 1_000n;
    let rate =
      staked === 0n
        ? perMille(parameters.rewardMostPerMille)
        : (BigInt(parameters.rewardPerMille) *
            BigInt(parameters.stakedTargetPerMille) *
            circulating *
            1_000n) /
          staked;
    if (rate < perMille(parameters.rewardLeastPerMille)) rate = perMille(parameters.rewardLeastPerMille);
    if (rate > perMille(parameters.rewardMostPerMille)) rate = perMille(parameters.rewardMostPerMille);
    const ms = BigInt(parameters.roundMs * parameters.roundsPerEpoch);
    const voters = addresses.filter((each) => votes.signed.has(each));
    const weights = sum(voters.map((each) => validators.get(each)?.tokens ?? 0n));
    const pot = this.fees;
    for (const each of voters) {
      const validator = validators.get(each);
      if (!validator || validator.tokens === 0n) continue;
      const { tokens } = validator;
      const earned = (tokens * rate * ms) / (billion * 365n * 24n * 3_600_000n);
      const reward = earned > this.reserve ? this.reserve : earned;
      const fees = (pot * tokens) / weights;
      this.reserve -= reward;
      this.fees -= fees;
      const commission = ((reward + fees) * BigInt(parameters.commissionPerMille)) / 1_000n;
      const all = sum(validator.shares.values());
      validator.shares.set(each, (validator.shares.get(each) ?? 0n) + (commission * all) / tokens);
      validator.tokens += reward + fees;
    }
    for (const each of addresses) {
      const validator = validators.get(each);
      if (validator?.status !== 'active') continue;
      validator.counted += 1;
      if (!votes.signed.has(each)) validator.missed += 1;
      if (validator.missed * 1_000 > parameters.dutyEpochs * parameters.missedPerMille) {
        const cut = (validator.tokens * BigInt(parameters.downtimeCutPerMille)) / 1_000n;
        validator.tokens -= cut;
        this.books.burned += cut;
        if (validator.tokens === 0n) validator.shares.clear();
        validator.status = 'suspended';
        validator.counted = 0;
        validator.missed = 0;
      } else if (validator.counted === parameters.dutyEpochs) {
        validator.counted = 0;
        validator.missed = 0;
      }
    }
  }
}
