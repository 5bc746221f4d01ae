// Brings evidence of contradictions to the chain: a transaction of this node's own account, paid by it and rewarded by the chain.
import { messageOf } from '#node/platform/errors.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { Ledger } from '../state/ledger.ts';
import { encodeEvidence } from '../types/evidence.ts';
import type { Address } from '../types/operation.ts';
import type { UnsignedTransaction } from '../types/transaction.ts';
import type { ChainNode, NodeLog } from './chain-node.ts';
import type { Clock } from './clock.ts';
import type { Offence } from './equivocation-watch.ts';

/** An account's key: `Ed25519Signer`, or the simulator's. */
export interface TransactionSigner {
  readonly address: Address;
  /** The encoded transaction. */
  sign(transaction: Omit<UnsignedTransaction, 'publicKey'>): Uint8Array;
}

export interface ReporterOptions {
  readonly node: ChainNode;
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly signer: TransactionSigner;
  readonly clock: Clock;
  readonly log: NodeLog;
  /** Tells others of the transaction: this node may not be drawn to propose for long. */
  readonly announce: (encoded: Uint8Array) => void;
}

/** Rounds after which it is told again when the stake is still there: the transaction may have been lost, or was out of turn. */
const patienceRounds = 6;
const mostTries = 20;

export class Reporter {
  readonly #options: ReporterOptions;
  #close: () => void = () => {};
  #closed = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#close = this.#options.node.onOffence((offence) => void this.#report(offence, 0));
  }

  close(): void {
    this.#closed = true;
    this.#close();
  }

  async #report(offence: Offence, tries: number): Promise<void> {
    const { node, log, clock } = this.#options;
    if (this.#closed || node.halted || this.#isSettled(offence)) return;
    const { validator, evidence } = offence;
    if (tries === 0) log.warn({ validator, kind: evidence.kind }, 'a validator contradicts itself');
    try {
      await this.#send(offence);
    } catch (error) {
      log.warn({ validator }, `evidence was not sent: ${messageOf(error)}`);
    }
    const { roundMs } = node.genesis.parameters;
    if (tries < mostTries)
      clock.at(clock.now() + patienceRounds * roundMs, () => void this.#report(offence, tries + 1));
  }

  /** Others may have been faster. */
  #isSettled({ validator }: Offence): boolean {
    const found = this.#options.ledger.validators().find(({ address }) => address === validator);
    return !found || found.jailed;
  }

  async #send({ evidence }: Offence): Promise<void> {
    const { node, signer, mempool, announce, log } = this.#options;
    const { chainId, minimumFee } = node.genesis.parameters;
    const encoded = signer.sign({
      chainId,
      nonce: mempool.pendingNonce(signer.address),
      // Well above the least: evidence should not wait.
      fee: minimumFee * 10n,
      operations: [{ kind: 'evidence', evidence: encodeEvidence(evidence) }],
    });
    const admission = await node.submit(encoded);
    if (admission.admitted) announce(encoded);
    else log.warn({ code: admission.code }, `evidence was not admitted: ${admission.why}`);
  }
}
