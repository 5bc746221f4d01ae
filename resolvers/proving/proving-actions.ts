// What proving does on chain: models registered, proofs recorded, proofs checked without being recorded.
import { concat, isHexString } from 'ethers';
import { circuitOf, type ProofSystem } from '#circuits/catalogue.ts';
import type { ProofJob } from '#circuits/prover/job-queue.ts';
import { assertDevelopmentKeysAllowed } from '#circuits/prover/setup-policy.ts';
import { developmentVerifiers } from '#contracts/generated/verifiers.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import type { ActionRunner, Plan } from '../actions/action-runner.ts';
import type { Action } from '../actions/mutations.ts';
import { eventId } from '../market/market-actions.ts';
import { integer } from '../networks/network-actions.ts';

/** A proof as a client brings it. */
export interface BroughtProof {
  readonly keyHash: string;
  readonly modelId?: string | null;
  /** 32-byte words, hex. */
  readonly words: readonly string[];
  readonly publicSignals: readonly string[];
}

export class ProvingActions {
  readonly #runner: ActionRunner;
  readonly #production: boolean;

  constructor(runner: ActionRunner, production: boolean) {
    this.#runner = runner;
    this.#production = production;
  }

  /** @throws AiosError DEVELOPMENT_KEYS_REFUSED, VERIFYING_KEY_MISSING, BAD_USER_INPUT */
  registerModel(input: {
    readonly circuit: string;
    readonly system: ProofSystem;
    readonly keyHash?: string | null;
    readonly commitment: bigint;
    readonly metadataCID: string;
  }): Action {
    const runner = this.#runner;
    const circuit = circuitOf(input.circuit);
    const keyHash = input.keyHash ? hash(input.keyHash) : this.#developmentKey(circuit.id, input.system);
    const plan: Plan = async () =>
      runner.step(
        'modelRegistry',
        'registerModel',
        [keyHash, input.commitment, input.metadataCID],
        `Register a model of ${circuit.id} under its commitment`,
      );
    return {
      plan,
      entityOf: (receipt) => `${runner.event(receipt, 'modelRegistry', 'ModelRegistered').args.modelId}`,
    };
  }

  /** @throws AiosError PROOF_NOT_READY, DEVELOPMENT_KEYS_REFUSED */
  submitProof(job: ProofJob, modelId: string | null | undefined): Action {
    const runner = this.#runner;
    const { words, publicSignals, keyHash } = job;
    if (job.status !== 'COMPLETED' || !words || !publicSignals || !keyHash) {
      throw new AiosError(
        'PROOF_NOT_READY',
        `Proof ${job.id} is ${job.status.toLowerCase()}${job.error ? ` (${job.error.code})` : ''}: only a completed one can be submitted.`,
      );
    }
    if (job.development) this.#allowDevelopment();
    const model = integer(modelId ?? job.modelId ?? '0', 'modelId');
    return {
      plan: async () =>
        runner.step(
          'proofRegistry',
          'submitProof',
          [keyHash, model, concat(words), publicSignals],
          `Record a proof of ${job.circuit}`,
        ),
      entityOf: (receipt) =>
        eventId(receipt.hash, runner.event(receipt, 'proofRegistry', 'ProofVerified').logIndex),
    };
  }

  /** Asks the chain. @returns null when it accepts the proof, otherwise why not */
  async refusalOf(proof: BroughtProof): Promise<AiosError | null> {
    const signals = proof.publicSignals.map((signal) => integer(signal, 'publicSignals'));
    if (proof.words.length > 64 || proof.words.some((word) => !isHexString(word, 32))) {
      throw new AiosError('BAD_USER_INPUT', 'words are at most 64 words of 32 bytes each, in hex with 0x.');
    }
    try {
      await this.#runner.read<boolean>('proofRegistry', 'verifyProof', [
        hash(proof.keyHash),
        integer(proof.modelId ?? '0', 'modelId'),
        concat([...proof.words]),
        signals,
      ]);
      return null;
    } catch (error) {
      if (error instanceof AiosError) return error;
      throw error;
    }
  }

  /** Only who made an agent says what it can do. @throws AiosError NOT_CREATOR, UNKNOWN_AGENT */
  async requireCreator(viewer: Viewer, agentId: string): Promise<void> {
    const { creator } = await this.#runner.read<{ readonly creator: string }>('agentRegistry', 'agentOf', [
      integer(agentId, 'agentId'),
    ]);
    if (this.#runner.addressesOf(viewer).includes(creator.toLowerCase())) return;
    throw new AiosError(
      'NOT_CREATOR',
      `Agent ${agentId} belongs to ${creator.toLowerCase()}, which is no address of yours: only its creator may show what it can do.`,
    );
  }

  #developmentKey(circuit: string, system: ProofSystem): string {
    this.#allowDevelopment();
    const found = developmentVerifiers.find((key) => key.circuit === circuit && key.system === system);
    if (found) return found.keyHash;
    throw new AiosError(
      'VERIFYING_KEY_MISSING',
      `No verifier of ${circuit} for ${system} stands on the chain. Known: ${developmentVerifiers.map((key) => `${key.circuit} ${key.system}`).join(', ')}.`,
    );
  }

  #allowDevelopment(): void {
    assertDevelopmentKeysAllowed({ production: this.#production, chainId: this.#runner.chainId });
  }
}

function hash(text: string): string {
  if (isHexString(text, 32)) return text;
  throw new AiosError('BAD_USER_INPUT', 'keyHash is 32 bytes in hex with 0x.');
}
