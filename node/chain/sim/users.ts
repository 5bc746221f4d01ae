// Who uses the simulated chain: accounts that pay each other, stake with validators and take it back, and now and then send what cannot work.

import { type Evidence, encodeEvidence } from '../types/evidence.ts';
import { hexOf } from '../types/identifiers.ts';
import type { Operation } from '../types/operation.ts';
import type { SignedVote } from '../types/vote.ts';
import { FakeAccount } from './fake-account.ts';
import type { Running, SimulatedNode } from './simulated-node.ts';
import type { VirtualClock } from './virtual-clock.ts';

const count = 12;
const meanPauseMs = 150;
const AIOS = 1_000_000_000n;

export class Users {
  readonly #random: () => number;
  readonly #users: readonly FakeAccount[];

  constructor(random: () => number, seed: number) {
    this.#random = random;
    this.#users = Array.from({ length: count }, (_, nth) => new FakeAccount(`user ${seed}/${nth}`));
  }

  get accounts() {
    return this.#users.map(({ address }) => ({ address: hexOf(address), balance: String(50_000n * AIOS) }));
  }

  start(clock: VirtualClock, nodes: readonly SimulatedNode[], end: number): void {
    const next = () => {
      this.#send(nodes);
      const time = clock.now + 1 + this.#random() * 2 * meanPauseMs;
      if (time < end) clock.at(time, next);
    };
    clock.at(clock.now + 1_000, next);
  }

  /** Transactions of theirs that the chain has executed, as far as a node knows. */
  executed(running: Running | undefined): number {
    if (!running) return 0;
    return this.#users.reduce((sum, { address }) => sum + Number(running.ledger.account(address).nonce), 0);
  }

  #send(nodes: readonly SimulatedNode[]): void {
    const node = nodes[this.#whole(nodes.length)] as SimulatedNode;
    const { running } = node;
    if (!running) return;
    const user = this.#users[this.#whole(count)] as FakeAccount;
    const encoded = user.sign({
      chainId: 7,
      nonce: running.mempool.pendingNonce(user.address) + (this.#random() < 0.05 ? 1n : 0n),
      fee: 1_000n + BigInt(this.#whole(1_000)),
      operations:
        this.#random() < 0.03
          ? [this.#slander(nodes)]
          : Array.from({ length: 1 + this.#whole(3) }, () => this.#operation(nodes)),
    });
    running.node
      .submit(encoded)
      .then((admission) => {
        if (admission.admitted) running.peering.announceTransaction(encoded);
      })
      .catch((error: Error) => {
        node.failure = error;
      });
  }

  #operation(nodes: readonly SimulatedNode[]): Operation {
    const other = (this.#users[this.#whole(count)] as FakeAccount).address;
    const validator = Uint8Array.from(
      Buffer.from((nodes[this.#whole(nodes.length)] as SimulatedNode).address, 'hex'),
    );
    const amount = 1n + BigInt(this.#whole(2_000)) * AIOS;
    const task = new Uint8Array(32).fill(this.#whole(6));
    switch (this.#whole(9)) {
      case 0:
        return { kind: 'delegate', validator, amount };
      case 1:
        return { kind: 'undelegate', validator, amount };
      case 2:
        return { kind: 'taskEscrow', task, agent: other, amount, untilRound: BigInt(this.#whole(60)) };
      case 3:
        return { kind: 'taskSettle', task, amount, result: new Uint8Array(32) };
      case 4:
        return { kind: 'taskRefund', task };
      default:
        return { kind: 'transfer', to: other, amount };
    }
  }

  /** Evidence against somebody who has done nothing, or has not done this: it is not signed by who is said to have. */
  #slander(nodes: readonly SimulatedNode[]): Operation {
    const validator = (nodes[this.#whole(nodes.length)] as SimulatedNode).address;
    const vote = (block: string): SignedVote => ({
      ...{ validator, stateRoot: block, signature: new Uint8Array(96) },
      ...{ source: { epoch: 1, block }, target: { epoch: 2 + this.#whole(3), block } },
    });
    const [first, second] = [vote('1'.repeat(64)), { ...vote('2'.repeat(64)) }];
    const evidence: Evidence = {
      kind: 'votes',
      first,
      second: { ...second, target: { ...second.target, epoch: first.target.epoch } },
    };
    return { kind: 'evidence', evidence: encodeEvidence(evidence) };
  }

  #whole(most: number): number {
    return Math.floor(this.#random() * most);
  }
}
