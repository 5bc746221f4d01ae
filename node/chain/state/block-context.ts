// What the steps of executing a chain block work on: the state, the rules, where in time and in the block they are, and the events so far.
import type { Bls } from '../crypto/bls.ts';
import type { Parameters } from '../types/genesis.ts';
import { type AddressHex, type BlockId, hexOf } from '../types/identifiers.ts';
import type { PlacedEvent } from './chain-block.ts';
import type { Totals, Validator } from './records.ts';
import type { SystemEvent } from './system-event.ts';
import { isEligible } from './validators.ts';
import type { WorldState } from './world-state.ts';

export interface BlockContextOptions {
  readonly state: WorldState;
  readonly parameters: Parameters;
  readonly genesisId: BlockId;
  readonly bls: Bls;
  readonly round: number;
  readonly epoch: number;
}

export class BlockContext {
  readonly state: WorldState;
  readonly parameters: Parameters;
  readonly genesisId: BlockId;
  readonly bls: Bls;
  /** Of the chain block, whatever the round of what it merges. */
  readonly round: number;
  readonly epoch: number;
  readonly events: PlacedEvent[] = [];
  /** Where events belong that are emitted now. */
  from: PlacedEvent['from'] = 'begin';
  /** Of the current transaction. */
  sender: Uint8Array = new Uint8Array(20);
  publicKey: Uint8Array = new Uint8Array(32);
  senderSlot = -1;

  constructor({ state, parameters, genesisId, bls, round, epoch }: BlockContextOptions) {
    this.state = state;
    this.parameters = parameters;
    this.genesisId = genesisId;
    this.bls = bls;
    this.round = round;
    this.epoch = epoch;
  }

  /** The current transaction's sender where it is a name. */
  get senderName(): AddressHex {
    return hexOf(this.sender);
  }

  emit(event: SystemEvent): void {
    this.events.push({ event, from: this.from });
  }

  /** Takes an amount from the sender's account. @returns whether it had so much */
  debitSender(amount: bigint): boolean {
    const { accounts } = this.state;
    const balance = accounts.balance(this.senderSlot);
    if (balance < amount) return false;
    accounts.setBalance(this.senderSlot, balance - amount);
    return true;
  }

  /** Adds to some of the totals; less than nothing takes away. */
  move(changes: Partial<Totals>): void {
    const totals: Record<keyof Totals, bigint> = { ...this.state.totals };
    for (const [field, amount] of Object.entries(changes) as [keyof Totals, bigint][])
      totals[field] += amount;
    this.state.setTotals(totals);
  }

  /** Sets a validator, and says so when it will propose and vote from now on, or no longer. */
  setValidator(address: AddressHex, validator: Validator): void {
    const { validators } = this.state;
    const before = validators.get(address);
    const was = before !== undefined && isEligible(before, this.parameters);
    validators.set(address, validator);
    const active = isEligible(validator, this.parameters);
    if (was !== active) this.emit({ kind: 'validatorChanged', validator: address, active });
  }
}
