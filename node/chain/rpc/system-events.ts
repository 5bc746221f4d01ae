// What happens on the chain, as Ethereum's tools read it: each system event is the log of a system address, with an ABI like any contract's.
// Addresses and signatures are part of what others index: they are added to, never changed.
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { SystemEvent } from '../state/system-event.ts';
import { type AddressHex, type BlockId, hexOf } from '../types/identifiers.ts';
import type { Amount } from '../types/operation.ts';

/** Who speaks: no code lies there, and nobody has the keys. Lower-case hexadecimal digits with 0x. */
export const systemAddresses = {
  Dag: '0x0000000000000000000000000000000000a10501',
  Finality: '0x0000000000000000000000000000000000a10502',
  Staking: '0x0000000000000000000000000000000000a10503',
  Payments: '0x0000000000000000000000000000000000a10504',
  Tasks: '0x0000000000000000000000000000000000a10505',
  Identity: '0x0000000000000000000000000000000000a10506',
} as const;

export type SystemContract = keyof typeof systemAddresses;

/**
 * A merged block, told once, at the beginning of the logs of the chain block that merged it. @prop chainBlock that block; a block of the selected
 * chain names itself
 */
export interface BlockOrdered {
  readonly kind: 'blockOrdered';
  readonly block: BlockId;
  readonly proposer: AddressHex;
  readonly chainBlock: BlockId;
  readonly round: number;
  readonly blueScore: number;
  readonly blue: boolean;
  readonly selectedParent: BlockId;
  readonly parents: readonly BlockId[];
  readonly transactions: number;
}

export type LoggedEvent = SystemEvent | BlockOrdered;

interface Declaration {
  readonly contract: SystemContract;
  readonly signature: string;
}

/** Amounts have 18 digits (`weiOf`); epochs, rounds and scores are plain numbers; task, document, result and evidence are hashes. */
export const systemEvents: { readonly [Kind in LoggedEvent['kind']]: Declaration } = {
  blockOrdered: {
    contract: 'Dag',
    signature:
      'event BlockOrdered(bytes32 indexed block, address indexed proposer, bytes32 indexed chainBlock, uint64 round, uint64 blueScore, bool blue, bytes32 selectedParent, bytes32[] parents, uint32 transactions)',
  },
  checkpointJustified: {
    contract: 'Finality',
    signature:
      'event CheckpointJustified(uint64 indexed epoch, bytes32 indexed block, bytes32 stateRoot, uint256 signedStake, uint256 totalStake)',
  },
  checkpointFinalized: {
    contract: 'Finality',
    signature: 'event CheckpointFinalized(uint64 indexed epoch, bytes32 indexed block, bytes32 stateRoot)',
  },
  staked: {
    contract: 'Staking',
    signature: 'event Staked(address indexed validator, address indexed owner, uint256 amount, uint256 pool)',
  },
  unstaked: {
    contract: 'Staking',
    signature:
      'event Unstaked(address indexed validator, address indexed owner, uint256 amount, uint256 pool, uint64 releaseEpoch)',
  },
  withdrawn: {
    contract: 'Staking',
    signature: 'event Withdrawn(address indexed validator, address indexed owner, uint256 amount)',
  },
  validatorChanged: {
    contract: 'Staking',
    signature: 'event ValidatorChanged(address indexed validator, bool active)',
  },
  rewarded: {
    contract: 'Staking',
    signature:
      'event Rewarded(address indexed validator, uint64 indexed epoch, uint256 amount, uint256 commission)',
  },
  slashed: {
    contract: 'Staking',
    signature:
      'event Slashed(address indexed validator, address indexed reporter, bytes32 indexed evidence, string reason, uint256 amount)',
  },
  dutiesCounted: {
    contract: 'Staking',
    signature: 'event DutiesCounted(uint64 indexed epoch, address indexed validator, bool voted)',
  },
  transfer: {
    contract: 'Payments',
    signature: 'event Transfer(address indexed from, address indexed to, uint256 amount)',
  },
  feesSplit: {
    contract: 'Payments',
    signature: 'event FeesSplit(uint256 burned, uint256 stakers, uint256 treasury)',
  },
  taskEscrowed: {
    contract: 'Tasks',
    signature:
      'event TaskEscrowed(bytes32 indexed task, address indexed payer, address indexed agent, uint256 amount, uint64 untilRound)',
  },
  taskSettled: {
    contract: 'Tasks',
    signature:
      'event TaskSettled(bytes32 indexed task, address indexed payer, address indexed agent, uint256 paid, uint256 returned, bytes32 result)',
  },
  taskRefunded: {
    contract: 'Tasks',
    signature:
      'event TaskRefunded(bytes32 indexed task, address indexed payer, address indexed agent, uint256 amount)',
  },
  didRegistered: {
    contract: 'Identity',
    signature: 'event DidRegistered(address indexed owner, string did, bytes32 document)',
  },
};

export interface AbiInput {
  readonly indexed: boolean;
  readonly internalType: string;
  readonly name: string;
  readonly type: string;
}

export interface AbiEvent {
  readonly anonymous: false;
  readonly inputs: readonly AbiInput[];
  readonly name: string;
  readonly type: 'event';
}

/** The JSON ABI of an event. Our signatures have no nested types, so that commas part parameters. */
function abiOf({ signature }: Declaration): AbiEvent {
  const [, name = '', list = ''] = /^event (\w+)\((.*)\)$/.exec(signature) ?? [];
  const inputs = list.split(', ').map((parameter): AbiInput => {
    const words = parameter.split(' ');
    const [type = '', last = ''] = [words[0], words.at(-1)];
    return { indexed: words.includes('indexed'), internalType: type, name: last, type };
  });
  return { anonymous: false, inputs, name, type: 'event' };
}

/** The JSON ABI of each system address, as compilers write it: what a subgraph's `abis/NAME.json` must be. */
export function systemAbis(): Record<SystemContract, readonly AbiEvent[]> {
  const all = Object.values(systemEvents);
  const of = (contract: SystemContract) => all.filter((event) => event.contract === contract).map(abiOf);
  return {
    Dag: of('Dag'),
    Finality: of('Finality'),
    Staking: of('Staking'),
    Payments: of('Payments'),
    Tasks: of('Tasks'),
    Identity: of('Identity'),
  };
}

function topicOf(declaration: Declaration): string {
  const { name, inputs } = abiOf(declaration);
  const canonical = `${name}(${inputs.map(({ type }) => type).join(',')})`;
  return `0x${hexOf(keccak_256(new TextEncoder().encode(canonical)))}`;
}

/** The first topic of each kind of event. */
export const systemTopics = Object.fromEntries(
  Object.entries(systemEvents).map(([kind, declaration]) => [kind, topicOf(declaration)]),
) as { readonly [Kind in LoggedEvent['kind']]: string };

/** What a contract's log says; where it stands in the chain is added by who serves it. All in lower-case hexadecimal digits with 0x. */
export interface SystemLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** 18 digits, as Ethereum's tools expect of a coin, from our 9. */
export const weiOf = (amount: Amount): bigint => amount * 1_000_000_000n;

/** Words are written without 0x, 32 bytes as 64 digits. */
const padded = (digits: string): string => digits.padStart(64, '0');
export const wordOf = (value: number | bigint): string => padded(value.toString(16));
const amount = (value: Amount): string => wordOf(weiOf(value));
const zeros = '0'.repeat(24);
const address = (value: AddressHex): string => zeros + value;
const truth = (value: boolean): string => wordOf(value ? 1 : 0);
const hash = (value: Uint8Array): string => hexOf(value).padEnd(64, '0');

/** A length, then the bytes, filled up to whole words. */
export function abiText(value: string): string {
  const bytes = Buffer.from(value, 'utf8');
  return wordOf(bytes.length) + bytes.toString('hex').padEnd(Math.ceil(bytes.length / 32) * 64, '0');
}

function log(kind: LoggedEvent['kind'], indexed: readonly string[], data: string): SystemLog {
  return {
    address: systemAddresses[systemEvents[kind].contract],
    topics: [systemTopics[kind], ...indexed.map((word) => `0x${word}`)],
    data: `0x${data}`,
  };
}

/** The log of an event. Packed by hand: a general coder takes tens of microseconds, and a block has thousands. */
export function logOf(event: LoggedEvent): SystemLog {
  const { kind } = event;
  switch (kind) {
    case 'transfer':
      return {
        address: systemAddresses.Payments,
        topics: [systemTopics.transfer, `0x${zeros}${event.from}`, `0x${zeros}${event.to}`],
        data: `0x${amount(event.amount)}`,
      };
    case 'blockOrdered': {
      const { parents } = event;
      return log(
        kind,
        [event.block, address(event.proposer), event.chainBlock],
        wordOf(event.round) +
          wordOf(event.blueScore) +
          truth(event.blue) +
          event.selectedParent +
          // Where the list lies: behind the six words here.
          wordOf(6 * 32) +
          wordOf(event.transactions) +
          wordOf(parents.length) +
          parents.join(''),
      );
    }
    case 'checkpointJustified':
      return log(
        kind,
        [wordOf(event.epoch), event.block],
        event.stateRoot + amount(event.signedStake) + amount(event.totalStake),
      );
    case 'checkpointFinalized':
      return log(kind, [wordOf(event.epoch), event.block], event.stateRoot);
    case 'staked':
      return log(
        kind,
        [address(event.validator), address(event.owner)],
        amount(event.amount) + amount(event.pool),
      );
    case 'unstaked':
      return log(
        kind,
        [address(event.validator), address(event.owner)],
        amount(event.amount) + amount(event.pool) + wordOf(event.releaseEpoch),
      );
    case 'withdrawn':
      return log(kind, [address(event.validator), address(event.owner)], amount(event.amount));
    case 'validatorChanged':
      return log(kind, [address(event.validator)], truth(event.active));
    case 'rewarded':
      return log(
        kind,
        [address(event.validator), wordOf(event.epoch)],
        amount(event.amount) + amount(event.commission),
      );
    case 'slashed':
      return log(
        kind,
        [address(event.validator), address(event.reporter), hash(event.evidence)],
        // The text lies behind the two words here.
        wordOf(2 * 32) + amount(event.amount) + abiText(event.reason),
      );
    case 'dutiesCounted':
      return log(kind, [wordOf(event.epoch), address(event.validator)], truth(event.voted));
    case 'feesSplit':
      return log(kind, [], amount(event.burned) + amount(event.stakers) + amount(event.treasury));
    case 'taskEscrowed':
      return log(
        kind,
        [hash(event.task), address(event.payer), address(event.agent)],
        amount(event.amount) + wordOf(event.untilRound),
      );
    case 'taskSettled':
      return log(
        kind,
        [hash(event.task), address(event.payer), address(event.agent)],
        amount(event.paid) + amount(event.returned) + hash(event.result),
      );
    case 'taskRefunded':
      return log(kind, [hash(event.task), address(event.payer), address(event.agent)], amount(event.amount));
    case 'didRegistered':
      return log(kind, [address(event.owner)], wordOf(2 * 32) + hash(event.document) + abiText(event.did));
  }
}
