// What execution brings about beside balances, for whoever follows the chain. Outside, each is an EVM-shaped log of a system address.
import type { AddressHex, BlockId } from '../types/identifiers.ts';
import type { Amount } from '../types/operation.ts';

/** Why a stake was cut. All but the last are made on purpose, or by running one key twice, and cost everything. */
export type SlashReason = 'DOUBLE_VOTE' | 'SURROUND_VOTE' | 'DOUBLE_BLOCK' | 'WRONG_ROOT' | 'DOWNTIME';

export type SystemEvent =
  | { readonly kind: 'transfer'; readonly from: AddressHex; readonly to: AddressHex; readonly amount: Amount }
  /** What the transactions of a chain block have paid. */
  | {
      readonly kind: 'feesSplit';
      readonly burned: Amount;
      readonly stakers: Amount;
      readonly treasury: Amount;
    }
  /** By the validator itself or by one who delegates to it. @prop pool all that is staked with the validator now */
  | {
      readonly kind: 'staked';
      readonly validator: AddressHex;
      readonly owner: AddressHex;
      readonly amount: Amount;
      readonly pool: Amount;
    }
  /** Leaves the stake at once, and can be spent from the beginning of an epoch. */
  | {
      readonly kind: 'unstaked';
      readonly validator: AddressHex;
      readonly owner: AddressHex;
      readonly amount: Amount;
      readonly pool: Amount;
      readonly releaseEpoch: number;
    }
  | {
      readonly kind: 'withdrawn';
      readonly validator: AddressHex;
      readonly owner: AddressHex;
      readonly amount: Amount;
    }
  /** Whether it will propose and vote, from two final epochs on. */
  | { readonly kind: 'validatorChanged'; readonly validator: AddressHex; readonly active: boolean }
  /** For an epoch. */
  | {
      readonly kind: 'rewarded';
      readonly validator: AddressHex;
      readonly epoch: number;
      readonly amount: Amount;
      /** The part that the validator keeps before it shares. */
      readonly commission: Amount;
    }
  /** @prop evidence hash of it; zeros for downtime, which the chain sees by itself */
  | {
      readonly kind: 'slashed';
      readonly validator: AddressHex;
      readonly reason: SlashReason;
      readonly amount: Amount;
      readonly reporter: AddressHex;
      readonly evidence: Uint8Array;
    }
  /** Who had voted by the time the chain closed the epoch's books. */
  | {
      readonly kind: 'dutiesCounted';
      readonly epoch: number;
      readonly validator: AddressHex;
      readonly voted: boolean;
    }
  | {
      readonly kind: 'checkpointJustified';
      readonly epoch: number;
      readonly block: BlockId;
      readonly stateRoot: string;
      readonly signedStake: Amount;
      readonly totalStake: Amount;
    }
  | {
      readonly kind: 'checkpointFinalized';
      readonly epoch: number;
      readonly block: BlockId;
      readonly stateRoot: string;
    }
  | {
      readonly kind: 'didRegistered';
      readonly owner: AddressHex;
      readonly did: string;
      readonly document: Uint8Array;
    }
  | {
      readonly kind: 'taskEscrowed';
      readonly task: Uint8Array;
      readonly payer: AddressHex;
      readonly agent: AddressHex;
      readonly amount: Amount;
      readonly untilRound: bigint;
    }
  | {
      readonly kind: 'taskSettled';
      readonly task: Uint8Array;
      readonly payer: AddressHex;
      readonly agent: AddressHex;
      readonly paid: Amount;
      readonly returned: Amount;
      readonly result: Uint8Array;
    }
  | {
      readonly kind: 'taskRefunded';
      readonly task: Uint8Array;
      readonly payer: AddressHex;
      readonly agent: AddressHex;
      readonly amount: Amount;
    };
