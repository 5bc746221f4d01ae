// Runs the whole chain in one thread: nodes, disks, network and users, all of it a function of one number. Whatever happens can be had again.
import { hash as digest } from 'node:crypto';
import { FakeBlsSigner } from '../crypto/testing/fake-bls.ts';
import { seeded } from '../dag/testing/random-dag.ts';
import type { NodeLog } from '../engine/chain-node.ts';
import { epochOfRound, type Genesis, readGenesis, roundAt } from '../types/genesis.ts';
import { hexOf } from '../types/identifiers.ts';
import { byzantine } from './conducts.ts';
import { FakeAccount } from './fake-account.ts';
import { drawFaults, FAULT_KINDS, type Fault, type FaultKind } from './faults.ts';
import { Invariants, Violation } from './invariants.ts';
import { blsWith, type Mutant, plant } from './mutants.ts';
import { SimulatedNode } from './simulated-node.ts';
import { Users } from './users.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualNetwork } from './virtual-network.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly nodes?: number;
  /** What may go wrong; all by default. */
  readonly kinds?: readonly FaultKind[];
  /** Instead of those that the seed draws. */
  readonly faults?: readonly Fault[];
  /** With faults, then without. */
  readonly seconds?: number;
  readonly calmSeconds?: number;
  /** A bug planted to see whether it is noticed. */
  readonly mutant?: Mutant;
  readonly log?: (node: string, level: string, facts: Record<string, unknown>, message: string) => void;
}

export interface SimulationResult {
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** SHA-256 over everything that was said, and when. */
  readonly trace: string;
  readonly steps: number;
  readonly blocks: number;
  readonly finalizedEpoch: number;
  readonly executedTransactions: number;
  readonly slashed: number;
  readonly violation: Violation | undefined;
  /** Virtual milliseconds after the beginning when it was noticed. */
  readonly violatedAt: number | undefined;
}

/** Some Tuesday: the simulator's time has nothing to do with ours. */
const genesisTime = 1_800_000_000_000;
/** Epochs that finality may lag behind when all has been well for long. */
const mostBehind = 4;

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, nodes: count = 4, seconds = 30, calmSeconds = 24, kinds = FAULT_KINDS, mutant } = options;
  const random = seeded(seed);
  const faults = options.faults ?? drawFaults(random, kinds, count, seconds);
  const clock = new VirtualClock(genesisTime - 500);
  const internet = new VirtualNetwork(clock, random);
  const signers = Array.from({ length: count }, (_, nth) => new FakeBlsSigner(`validator ${seed}/${nth}`));
  const users = new Users(random, seed);
  const owners = signers.map((_, nth) => new FakeAccount(`owner ${seed}/${nth}`));
  const validators = signers.map((signer, nth) => ({
    address: hexOf((owners[nth] as FakeAccount).address),
    stake: String(100_000n * 10n ** 9n),
    votingKey: hexOf(signer.publicKey),
    proofOfPossession: hexOf(signer.proofOfPossession),
  }));
  const genesis: Genesis = readGenesis({
    parameters: { chainId: 7, genesisTime },
    reserve: String(10n ** 17n),
    treasury: '0',
    accounts: [
      ...users.accounts,
      ...validators.map(({ address }) => ({ address, balance: String(1_000n * 10n ** 9n) })),
    ],
    validators,
  });
  const nodes = signers.map((signer, nth) => {
    const name = `node-${nth}`;
    const { address } = validators[nth] as (typeof validators)[number];
    const fault = faults.find((each) => each.kind === 'byzantine' && each.node === nth);
    const log: NodeLog = logOf(name, options.log);
    return new SimulatedNode({
      ...{ name, address, signer, genesis, clock, internet, random, log },
      owner: owners[nth] as FakeAccount,
      bls: blsWith(mutant),
      ...(fault?.kind === 'byzantine' && { conduct: (node) => byzantine(fault.conduct, node) }),
      ...(mutant && { sabotage: (running) => plant(mutant, running, nth) }),
    });
  });
  const invariants = new Invariants(genesis, nodes);
  const trace: string[] = [];
  let traced = '';
  internet.tap = (from, topic, message) => {
    trace.push(`${clock.now} ${from} ${topic} ${digest('sha256', message, 'hex')}`);
    if (trace.length >= 4_096) traced = digest('sha256', traced + trace.splice(0).join('\n'), 'hex');
    invariants.said(nodes.find(({ name }) => name === from) as SimulatedNode, topic, message);
  };
  schedule(faults, nodes, clock, internet);
  users.start(clock, nodes, genesisTime + (seconds + calmSeconds) * 1_000);
  let steps = 0;
  let violation: Violation | undefined;
  let violatedAt: number | undefined;
  const afterEach = () => {
    steps += 1;
    invariants.check();
  };
  try {
    await clock.runUntil(genesisTime + seconds * 1_000, afterEach);
    heal(nodes, internet, clock);
    await clock.runUntil(genesisTime + (seconds + calmSeconds) * 1_000, afterEach);
    const epoch = epochOfRound(genesis.parameters, roundAt(genesis.parameters, clock.now));
    const guilty = nodes.filter((_, nth) =>
      faults.some(
        (fault) => fault.kind === 'byzantine' && fault.node === nth && fault.conduct !== 'withhold',
      ),
    );
    invariants.checkProgress(epoch, mostBehind, guilty);
  } catch (error) {
    violation =
      error instanceof Violation
        ? error
        : new Violation('no-failure', (error as Error).stack ?? String(error));
    violatedAt = clock.now - genesisTime;
  }
  const running = nodes.flatMap((node) => node.running ?? []);
  for (const node of nodes) node.crash();
  return {
    ...{ seed, faults, steps, violation, violatedAt },
    trace: digest('sha256', traced + trace.join('\n'), 'hex'),
    blocks: Math.max(0, ...running.map(({ node }) => node.index.size)),
    finalizedEpoch: Math.min(...running.map(({ node }) => node.finalized.epoch)),
    executedTransactions: users.executed(running[0]),
    slashed: running[0]?.ledger.validators().filter(({ jailed }) => jailed).length ?? 0,
  };
}

function schedule(
  faults: readonly Fault[],
  nodes: readonly SimulatedNode[],
  clock: VirtualClock,
  internet: VirtualNetwork,
): void {
  const at = (ms: number, act: () => void) => clock.at(genesisTime + ms, act);
  const late = new Map(
    faults.flatMap((fault) => (fault.kind === 'late' ? [[fault.node, fault.to] as const] : [])),
  );
  for (const [nth, node] of nodes.entries()) at(late.get(nth) ?? -400, () => begin(node));
  const calm = { ...internet.faults };
  for (const fault of faults)
    switch (fault.kind) {
      case 'partition':
        at(fault.from, () =>
          internet.partition(fault.groups.map((group) => group.map((nth) => `node-${nth}`))),
        );
        at(fault.to, () => internet.partition([]));
        break;
      case 'loss':
      case 'duplication':
        at(fault.from, () => Object.assign(internet.faults, { [fault.kind]: fault.share }));
        at(fault.to, () => Object.assign(internet.faults, { [fault.kind]: 0 }));
        break;
      case 'delay':
        at(fault.from, () => Object.assign(internet.faults, { delay: [5, fault.most] }));
        at(fault.to, () => Object.assign(internet.faults, { delay: calm.delay }));
        break;
      case 'crash': {
        const node = nodes[fault.node] as SimulatedNode;
        at(fault.from, () => node.crash());
        at(fault.to, () => {
          if (!node.running) node.skewMs -= fault.behind;
          begin(node);
        });
        break;
      }
      case 'skew':
        (nodes[fault.node] as SimulatedNode).skewMs = fault.ms;
        break;
      case 'late':
      case 'byzantine':
        break;
    }
}

function begin(node: SimulatedNode): void {
  if (node.running) return;
  node.start().catch((error: Error) => {
    node.failure = error;
  });
}

function heal(nodes: readonly SimulatedNode[], internet: VirtualNetwork, clock: VirtualClock): void {
  internet.partition([]);
  Object.assign(internet.faults, { loss: 0, duplication: 0, delay: [5, 40] });
  for (const node of nodes) {
    node.skewMs = 0;
    clock.at(clock.now, () => begin(node));
  }
}

function logOf(node: string, log: SimulationOptions['log']): NodeLog {
  const at = (level: string) => (facts: Record<string, unknown>, message: string) =>
    log?.(node, level, facts, message);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
