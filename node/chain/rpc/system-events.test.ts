// What we pack by hand against ethers' own coder, for random events of every kind.
import { Interface } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlashReason } from '../state/system-event.ts';
import { bytesOf } from '../types/identifiers.ts';
import {
  type LoggedEvent,
  logOf,
  type SystemContract,
  systemAbis,
  systemAddresses,
  systemEvents,
  systemTopics,
  weiOf,
} from './system-events.ts';

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(hexText);
const hexText = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const block = hex(32);
const address = hex(20);
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const amount = fc.bigInt(0n, 2n ** 64n - 1n);
const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const reason = fc.constantFrom<SlashReason>(
  'DOUBLE_VOTE',
  'SURROUND_VOTE',
  'DOUBLE_BLOCK',
  'WRONG_ROOT',
  'DOWNTIME',
);
const staking = { validator: address, owner: address, amount, pool: amount };
const task = { task: bytes32, payer: address, agent: address };
const kind = <Kind extends string>(name: Kind) => fc.constant(name);

/** One for each kind: the compiler asks for those that are missing. */
const events: { [Kind in LoggedEvent['kind']]: fc.Arbitrary<Extract<LoggedEvent, { kind: Kind }>> } = {
  transfer: fc.record({ kind: kind('transfer'), from: address, to: address, amount }),
  feesSplit: fc.record({ kind: kind('feesSplit'), burned: amount, stakers: amount, treasury: amount }),
  staked: fc.record({ kind: kind('staked'), ...staking }),
  unstaked: fc.record({ kind: kind('unstaked'), ...staking, releaseEpoch: whole }),
  withdrawn: fc.record({ kind: kind('withdrawn'), validator: address, owner: address, amount }),
  validatorChanged: fc.record({ kind: kind('validatorChanged'), validator: address, active: fc.boolean() }),
  rewarded: fc.record({
    kind: kind('rewarded'),
    validator: address,
    epoch: whole,
    amount,
    commission: amount,
  }),
  slashed: fc.record({
    kind: kind('slashed'),
    validator: address,
    reason,
    amount,
    reporter: address,
    evidence: bytes32,
  }),
  dutiesCounted: fc.record({
    kind: kind('dutiesCounted'),
    epoch: whole,
    validator: address,
    voted: fc.boolean(),
  }),
  checkpointJustified: fc.record({
    kind: kind('checkpointJustified'),
    epoch: whole,
    block,
    stateRoot: block,
    signedStake: amount,
    totalStake: amount,
  }),
  checkpointFinalized: fc.record({
    kind: kind('checkpointFinalized'),
    epoch: whole,
    block,
    stateRoot: block,
  }),
  didRegistered: fc.record({
    kind: kind('didRegistered'),
    owner: address,
    did: fc.string({ unit: 'binary', maxLength: 70 }),
    document: bytes32,
  }),
  taskEscrowed: fc.record({ kind: kind('taskEscrowed'), ...task, amount, untilRound: amount }),
  taskSettled: fc.record({
    kind: kind('taskSettled'),
    ...task,
    paid: amount,
    returned: amount,
    result: bytes32,
  }),
  taskRefunded: fc.record({ kind: kind('taskRefunded'), ...task, amount }),
  blockOrdered: fc.record({
    kind: kind('blockOrdered'),
    block,
    proposer: address,
    chainBlock: block,
    round: whole,
    blueScore: whole,
    blue: fc.boolean(),
    selectedParent: block,
    parents: fc.array(block, { maxLength: 8 }),
    transactions: fc.nat(32_768),
  }),
};

const amounts = new Set([
  ...['amount', 'pool', 'burned', 'stakers', 'treasury', 'commission', 'paid', 'returned'],
  ...['signedStake', 'totalStake'],
]);

/** A field as ethers' coder takes it. */
function coded(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return amounts.has(name) ? value * 10n ** 9n : value;
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string' && /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(value)) return bytesOf(value);
  return Array.isArray(value) ? value.map((each) => coded(name, each)) : value;
}

describe('system events', () => {
  for (const [name, { contract, signature }] of Object.entries(systemEvents))
    it(`${name} is logged as ethers would`, () => {
      const abi = new Interface([signature]);
      const event = abi.fragments[0];
      fc.assert(
        fc.property(events[name as LoggedEvent['kind']] as fc.Arbitrary<LoggedEvent>, (value) => {
          const fields = value as unknown as Record<string, unknown>;
          const values = event?.inputs.map((input) => {
            const field = fields[input.name];
            // A random text of 64 hexadecimal digits is none of a hash.
            if (input.type === 'string') return field;
            return input.type === 'address' ? `0x${String(field)}` : coded(input.name, field);
          });
          const { data, topics } = abi.encodeEventLog(String(Reflect.get(event ?? {}, 'name')), values ?? []);
          expect(logOf(value)).toEqual({ address: systemAddresses[contract], topics, data });
        }),
        { numRuns: 60 },
      );
    });

  it('have the JSON ABIs that ethers makes of their signatures, one address each', () => {
    const abis = systemAbis();
    for (const contract of Object.keys(systemAddresses) as SystemContract[]) {
      const signatures = Object.values(systemEvents).filter((event) => event.contract === contract);
      const oracle = JSON.parse(new Interface(signatures.map(({ signature }) => signature)).formatJson());
      const ours = abis[contract].map(({ inputs, anonymous: _, ...event }) => ({
        ...event,
        inputs: inputs.map(({ internalType, ...input }) => {
          expect(internalType).toBe(input.type);
          return input;
        }),
      }));
      const bare = (oracle as { anonymous?: boolean; inputs: { indexed?: boolean }[] }[]).map(
        ({ anonymous: _, ...event }) => ({
          ...event,
          inputs: event.inputs.map((input) => ({ ...input, indexed: input.indexed ?? false })),
        }),
      );
      expect(ours).toEqual(bare);
    }
    expect(Object.values(abis).flat().length).toBe(Object.keys(systemEvents).length);
    expect(new Set(Object.values(systemTopics)).size).toBe(Object.keys(systemEvents).length);
  });

  it('have amounts of 18 digits', () => {
    expect(weiOf(1_000_000_000n)).toBe(10n ** 18n);
  });
});
