// Proving's part of the supergraph: proofs asked for, followed, recorded on chain and checked; and what of them belongs to agents and runs.
import DataLoader from 'dataloader';
import { circuitOf } from '#circuits/catalogue.ts';
import type { JobQueue, JobStatus, ProofJob } from '#circuits/prover/job-queue.ts';
import type { CircuitInput } from '#circuits/prover/witness.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { extensionOf, referenceTo } from '#schema/references.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { defineActionMutations } from '../actions/mutations.ts';
import { asData, orError } from '../user-errors.ts';
import { viewerOf } from '../viewer.ts';
import { defineCircuits, defineProofSystem } from './circuit-types.ts';
import type { ProvingActions } from './proving-actions.ts';

/** Alias of the deployment that indexes models and proofs. */
export const proofsAlias = 'proofs';

export interface ProvingServices {
  readonly queue: JobQueue;
  readonly runner: ActionRunner;
  readonly actions: ProvingActions;
}

interface ProvingContext extends OperationContext {
  readonly proofOfRun: DataLoader<string, ProofJob | null>;
}

interface JobPayload {
  readonly job?: ProofJob | null;
  readonly error?: AiosError | null;
}

/** The subgraph `proving` over its queue and the chain. */
export function createProvingSchema({ queue, runner, actions }: ProvingServices): Subgraph {
  const builder = createBuilder<ProvingContext>();
  builder.queryType({});
  builder.mutationType({});
  builder.subscriptionType({});
  const { act, payload, from, waitFor } = defineActionMutations(builder, { runner, alias: proofsAlias });
  const ProvenModel = referenceTo(builder, 'ProvenModel');
  const VerifiedProof = referenceTo(builder, 'VerifiedProof');

  // ------------------------------------------------------------------ jobs

  const System = defineProofSystem(builder);
  defineCircuits(builder, System);
  const Status = builder.enumType('ProofJobStatus', {
    description: 'How far a proof is.',
    values: {
      QUEUED: { value: 'QUEUED' as JobStatus, description: 'Waiting for a prover.' },
      RUNNING: { value: 'RUNNING' as JobStatus, description: 'In the hands of a prover.' },
      COMPLETED: { value: 'COMPLETED' as JobStatus, description: 'Made, and verified under its own key.' },
      FAILED: { value: 'FAILED' as JobStatus, description: 'Not to be had; the error says why.' },
      CANCELLED: { value: 'CANCELLED' as JobStatus, description: 'Ended by its requester.' },
    },
  });
  const Signal = builder.objectRef<{ name: string; value: string }>('PublicSignal');
  builder.objectType(Signal, {
    description: 'A number that a proof shows.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'What the circuit calls it.' }),
      value: t.exposeString('value', { description: 'Decimal; below the order of BN254.' }),
    }),
  });
  const Job = builder.objectRef<ProofJob>('ProofJob');
  builder.objectType(Job, {
    description: 'A proof that was asked for. Its private inputs are forgotten when it ends.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'A UUID.' }),
      circuit: t.exposeString('circuit', { description: 'Which circuit.' }),
      statement: t.string({
        description: 'What a proof of this circuit says.',
        resolve: ({ circuit }) => circuitOf(circuit).statement,
      }),
      system: t.expose('system', { type: System, description: 'In which proof system.' }),
      status: t.expose('status', { type: Status, description: 'How far it is.' }),
      stage: t.exposeString('stage', {
        nullable: true,
        description: 'compile and setup (on first use of a circuit), witness, prove, verify, done.',
      }),
      progress: t.exposeFloat('fraction', { description: 'Of the stage, 0 to 1.' }),
      attempts: t.exposeInt('attempts', { description: 'How many provers have taken it.' }),
      proof: t.field({
        type: 'JSON',
        nullable: true,
        description: 'As snarkjs writes it.',
        resolve: ({ proof }) => proof,
      }),
      words: t.stringList({
        nullable: true,
        description: 'As the verifying contract takes it: 32-byte words, hex.',
        resolve: ({ words }) => (words ? [...words] : null),
      }),
      publicSignals: t.field({
        type: [Signal],
        nullable: true,
        description: 'What it shows, in order. The first is the nullifier, the last what it is bound to.',
        resolve: ({ circuit, publicSignals }) =>
          publicSignals?.map((value, index) => ({
            name: circuitOf(circuit).publicSignals[index] ?? `signal${index}`,
            value,
          })),
      }),
      keyHash: t.exposeString('keyHash', {
        nullable: true,
        description: 'The verifying key it holds under.',
      }),
      development: t.exposeBoolean('development', {
        nullable: true,
        description:
          "True when the key's secret is published, as on the devnet: such a proof convinces nobody.",
      }),
      cpuSeconds: t.exposeFloat('cpuSeconds', { nullable: true, description: 'What it cost.' }),
      peakMemoryBytes: t.exposeFloat('peakBytes', { nullable: true, description: 'Most memory it took.' }),
      error: t.field({
        type: AiosError,
        nullable: true,
        description: 'Why it failed.',
        resolve: ({ error }) => asData(error ? new AiosError(error.code, error.message) : null),
      }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'First taken up.' }),
      endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    }),
  });

  const own = async (context: OperationContext, id: string): Promise<ProofJob | null> => {
    const job = await queue.find(id);
    return job && job.requestedBy === context.viewer?.did ? job : null;
  };
  const mine = async (context: OperationContext, id: string): Promise<ProofJob> => {
    viewerOf(context);
    const job = await own(context, id);
    if (!job) throw new AiosError('PROOF_UNKNOWN', `You have asked for no proof ${id}.`);
    return job;
  };
  builder.queryField('proofJob', (t) =>
    t.field({
      type: Job,
      nullable: true,
      authenticated: true,
      description: 'A proof that you asked for.',
      args: { id: t.arg.id({ required: true, description: 'Which.' }) },
      resolve: (_root, { id }, context) => own(context, String(id)),
    }),
  );
  builder.queryField('proofJobs', (t) =>
    t.field({
      type: [Job],
      authenticated: true,
      description: 'Proofs that you asked for, newest first.',
      args: {
        first: t.arg.int({ description: '20 when left out, at most 100.' }),
        before: t.arg({ type: 'DateTime', description: 'Only those asked for before this moment.' }),
      },
      resolve: (_root, { first, before }, context) =>
        queue.ofRequester(
          viewerOf(context).did,
          Math.min(100, Math.max(0, first ?? 20)),
          before ? new Date(before) : null,
        ),
    }),
  );
  builder.subscriptionField('proofProgress', (t) =>
    t.field({
      type: Job,
      authenticated: true,
      description: 'A proof of yours as it is made: its state now, then each change; ends with the proof.',
      args: { job: t.arg.id({ required: true, description: 'Which.' }) },
      subscribe: async (_root, { job }, context) => {
        const { id } = await mine(context, String(job));
        return queue.follow(id, context.signal);
      },
      resolve: (job) => job as ProofJob,
    }),
  );

  const jobPayload = (name: string) => {
    const ref = builder.objectRef<JobPayload>(name);
    builder.objectType(ref, {
      description: 'What became of the request.',
      fields: (t) => ({
        job: t.field({ type: Job, nullable: true, description: 'The proof.', resolve: ({ job }) => job }),
        error: t.field({
          type: AiosError,
          nullable: true,
          description: 'Set when it was refused.',
          resolve: ({ error }) => asData(error),
        }),
      }),
    });
    return ref;
  };
  const RequestProofInput = builder.inputType('RequestProofInput', {
    description: 'What to prove.',
    fields: (t) => ({
      circuit: t.string({
        required: true,
        description: 'credential, credit-policy, spend-guard, mlp-1k or mlp-10k.',
      }),
      system: t.field({ type: System, defaultValue: 'groth16', description: 'In which proof system.' }),
      input: t.field({
        type: 'JSON',
        required: true,
        description:
          'The inputs by name: integers as decimal strings, 0x hex or numbers; lists as the circuit declares them.',
      }),
      agentId: t.id({ description: 'An agent of yours that the proof is to be shown with.' }),
      modelId: t.id({ description: 'The registered model it is about.' }),
    }),
  });
  const CancelProofInput = builder.inputType('CancelProofInput', {
    description: 'What to cancel.',
    fields: (t) => ({ job: t.id({ required: true, description: 'A proof of yours.' }) }),
  });
  const requiresScopes = [['write']];
  builder.mutationFields((t) => ({
    requestProof: t.field({
      type: jobPayload('RequestProofPayload'),
      requiresScopes,
      description: 'Puts a proof into the queue of the provers. Follow it with proofProgress.',
      args: { input: t.arg({ type: RequestProofInput, required: true }) },
      resolve: (_root, { input }, context): Promise<JobPayload> =>
        orError(async (): Promise<JobPayload> => {
          const viewer = viewerOf(context);
          if (input.agentId) await actions.requireCreator(viewer, String(input.agentId));
          if (typeof input.input !== 'object' || input.input === null || Array.isArray(input.input)) {
            throw new AiosError('WITNESS_INPUT_INVALID', 'input is an object: the inputs by name.');
          }
          const job = await queue.request({
            circuit: input.circuit,
            system: input.system ?? 'groth16',
            input: input.input as CircuitInput,
            requestedBy: viewer.did,
            agentId: input.agentId ? String(input.agentId) : null,
            modelId: input.modelId ? String(input.modelId) : null,
          });
          return { job };
        }),
    }),
    cancelProof: t.field({
      type: jobPayload('CancelProofPayload'),
      requiresScopes,
      description: 'Ends a proof that waits or is being made. One that has ended stays as it is.',
      args: { input: t.arg({ type: CancelProofInput, required: true }) },
      resolve: (_root, { input }, context): Promise<JobPayload> =>
        orError(async (): Promise<JobPayload> => {
          const { id, requestedBy } = await mine(context, String(input.job));
          return { job: await queue.cancel(id, requestedBy) };
        }),
    }),
  }));

  // ------------------------------------------------------------------ on chain

  const RegisterModelInput = builder.inputType('RegisterModelInput', {
    description: 'A model, scorecard or spending policy, by its commitment.',
    fields: (t) => ({
      circuit: t.string({ required: true, description: 'Its circuit.' }),
      system: t.field({ type: System, defaultValue: 'groth16', description: 'Proof system of its proofs.' }),
      keyHash: t.string({ description: "Verifying key; the devnet's for circuit and system when left out." }),
      commitment: t.field({
        type: 'BigInt',
        required: true,
        description: 'What the circuit publishes for it (model, policy).',
      }),
      metadataCID: t.string({ required: true, description: 'CID of its description.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const SubmitProofInput = builder.inputType('SubmitProofInput', {
    description: 'A completed proof for the chain.',
    fields: (t) => ({
      job: t.id({ required: true, description: 'A proof of yours.' }),
      modelId: t.id({ description: "The registered model it is about; the request's when left out." }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const VerifyProofInput = builder.inputType('VerifyProofInput', {
    description: "Somebody's proof.",
    fields: (t) => ({
      keyHash: t.string({ required: true, description: 'The verifying key.' }),
      modelId: t.id({ description: 'The registered model it is to be about.' }),
      words: t.stringList({ required: true, description: '32-byte words, hex.' }),
      publicSignals: t.stringList({ required: true, description: 'Decimal, in order.' }),
    }),
  });
  const Verdict = builder.objectRef<{ valid: boolean; error: AiosError | null }>('VerifyProofPayload');
  builder.objectType(Verdict, {
    description: 'What the chain says of a proof.',
    fields: (t) => ({
      valid: t.exposeBoolean('valid', { description: 'Whether its verifying contract accepts it.' }),
      error: t.field({
        type: AiosError,
        nullable: true,
        description: 'Why not.',
        resolve: ({ error }) => asData(error),
      }),
    }),
  });
  builder.mutationFields((t) => ({
    registerModel: t.field({
      type: payload('RegisterModelPayload', 'model', ProvenModel),
      requiresScopes,
      description: 'Registers a commitment on chain, so that proofs can be about it.',
      args: { input: t.arg({ type: RegisterModelInput, required: true }) },
      resolve: (_root, { input }, context) =>
        act(context, input, () =>
          actions.registerModel({
            circuit: input.circuit,
            system: input.system ?? 'groth16',
            keyHash: input.keyHash,
            commitment: input.commitment,
            metadataCID: input.metadataCID,
          }),
        ),
    }),
    submitProof: t.field({
      type: payload('SubmitProofPayload', 'verifiedProof', VerifiedProof),
      requiresScopes,
      description: 'Has a proof verified and recorded on chain, once: its nullifier is then used.',
      args: { input: t.arg({ type: SubmitProofInput, required: true }) },
      resolve: (_root, { input }, context) =>
        act(context, input, async () =>
          actions.submitProof(
            await mine(context, String(input.job)),
            input.modelId ? String(input.modelId) : null,
          ),
        ),
    }),
    verifyProof: t.field({
      type: Verdict,
      description:
        'Asks the verifying contract about a proof. Records nothing, and does not look at nullifiers.',
      args: { input: t.arg({ type: VerifyProofInput, required: true }) },
      resolve: async (_root, { input }) => {
        const outcome = await orError(async () => ({
          error: await actions.refusalOf({
            keyHash: input.keyHash,
            modelId: input.modelId ? String(input.modelId) : null,
            words: input.words,
            publicSignals: input.publicSignals,
          }),
        }));
        return { valid: outcome.error === null, error: outcome.error };
      },
    }),
  }));

  // ------------------------------------------------------------------ agents

  const Agent = extensionOf(builder, 'Agent');
  Agent.implement({
    description: 'What an agent has proved.',
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      capabilityProofs: t.field({
        type: [Job],
        description: 'Completed proofs that its creator shows with it, newest first.',
        args: { first: t.arg.int({ defaultValue: 20, description: 'At most 100.' }) },
        resolve: ({ id }, { first }) => queue.ofAgent(id, Math.min(100, Math.max(0, first ?? 20))),
      }),
    }),
  });

  const Run = extensionOf(builder, 'Run');
  Run.implement({
    description: 'What a run had proved.',
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      proof: t.field({
        type: Job,
        nullable: true,
        description: 'The proof that it asked for by prove.request; the newest, when it asked for several.',
        resolve: ({ id }, _args, context) => context.proofOfRun.load(id),
      }),
    }),
  });

  return toSubgraph<ProvingContext>(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'proving', {
    context: (operation) => ({
      ...operation,
      proofOfRun: new DataLoader(async (ids) => {
        const found = await queue.ofRuns(ids);
        return ids.map((id) => found.get(id) ?? null);
      }),
    }),
  });
}
