// Runs in GraphQL: what was asked, what came of it, and each step on the way.
import type { AnchorPlace, Run, Step } from '#node/agents/runs/run-store.ts';
import type { Reference } from '#schema/references.ts';
import type { AgentService } from './agent-service.ts';
import { idOf } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';
import type { AnchorBatch } from './anchoring/anchor-batches.ts';

/** Gives `Run` its fields. */
export function defineRunTypes(builder: AgentsBuilder, types: AgentTypes, service: AgentService): void {
  const { AgentDeployment, AgentVersion, Run: RunType, RunBatch, RunError, RunStatus } = types;
  const LogLineRef = builder.objectRef<Run['logs'][number]>('RunLogLine');
  builder.objectType(LogLineRef, {
    description: 'What an agent said while it ran.',
    fields: (t) => ({
      level: t.exposeString('level', { description: 'debug, info, warn or error.' }),
      text: t.exposeString('text', { description: 'What it said.' }),
      gas: t.float({ description: 'Gas spent by then.', resolve: ({ gas }) => gas }),
    }),
  });
  builder.objectType(RunError, {
    description: 'Why a run did not complete.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Stable and machine-readable, such as OUT_OF_GAS.' }),
      message: t.exposeString('message', { description: 'What was wrong.' }),
      stack: t.string({ nullable: true, description: "The guest's own.", resolve: ({ stack }) => stack }),
    }),
  });
  const StepRef = builder.objectRef<Step>('RunStep');
  builder.objectType(StepRef, {
    description: 'A call of an agent to the world, as the journal has it.',
    fields: (t) => ({
      step: t.exposeInt('step', { description: 'From 0, in the order of the calls.' }),
      capability: t.exposeString('capability', { description: 'What was asked for, such as pay.send.' }),
      status: t.exposeString('status', { description: 'started, waiting or answered.' }),
      args: t.expose('args', { type: 'JSON', nullable: true, description: 'With which arguments.' }),
      answer: t.expose('answer', {
        type: 'JSON',
        nullable: true,
        description: '{ok} or {error: {code, message}}.',
      }),
      cost: t.expose('cost', { type: 'BigInt', description: 'AiOS, smallest unit.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was asked.' }),
      answeredAt: t.expose('answeredAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was answered.',
      }),
    }),
  });

  interface Anchoring {
    readonly batch: AnchorBatch;
    readonly indexed: NonNullable<AnchorBatch['indexed']>;
    readonly place: AnchorPlace;
  }
  const Anchored = builder.objectRef<Anchoring>('RunAnchoring');
  builder.objectType(Anchored, {
    description:
      "Where a run's digest is on chain: RunAnchor.verify(batch.number, digest, index, proof) says so to anybody.",
    fields: (t) => ({
      transaction: t.string({
        description: 'The transaction that anchored its batch.',
        resolve: ({ indexed }) => indexed.transaction,
      }),
      block: t.field({
        type: 'BigInt',
        description: 'The block of that transaction.',
        resolve: ({ indexed }) => indexed.block,
      }),
      root: t.string({ description: "The batch's Merkle root.", resolve: ({ batch }) => batch.root }),
      index: t.int({ description: "The digest's place in the batch.", resolve: ({ place }) => place.index }),
      proof: t.stringList({
        description: 'Siblings from the leaf to the root, 32 bytes each, hex.',
        resolve: ({ place }) => [...place.path],
      }),
      contract: t.string({
        description: 'The RunAnchor that keeps it.',
        resolve: ({ batch }) => batch.contract,
      }),
      batch: t.field({
        type: RunBatch,
        nullable: true,
        description: 'The batch as it is indexed.',
        resolve: ({ indexed }) => ({ id: indexed.number }),
      }),
    }),
  });

  builder.objectType(RunType, {
    description: 'One execution of an agent. Shown to those who may look at its deployment.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Decimal.' }),
      deployment: t.field({
        type: AgentDeployment,
        nullable: true,
        description: 'What was run.',
        resolve: ({ deploymentId }, _args, context) => context.deploymentOf.load(deploymentId),
      }),
      version: t.field({
        type: AgentVersion,
        nullable: true,
        description: 'Which version of it.',
        resolve: ({ versionId }, _args, context) => context.versionOf.load(versionId),
      }),
      status: t.expose('status', { type: RunStatus, description: 'How far it is.' }),
      trigger: t.exposeString('trigger', {
        description: 'manual, schedule, change, message, log, query, agent, wake, health or replay.',
      }),
      viewer: t.expose('viewer', { type: 'DID', nullable: true, description: 'Who asked for it.' }),
      input: t.expose('input', { type: 'JSON', nullable: true, description: 'What it was given.' }),
      output: t.expose('output', {
        type: 'JSON',
        nullable: true,
        description: 'What it answered; null until it completed.',
      }),
      error: t.expose('error', {
        type: RunError,
        nullable: true,
        description: 'Why it did not complete.',
      }),
      logs: t.field({
        type: [LogLineRef],
        description: 'What it said; complete once it has ended.',
        resolve: ({ logs }) => [...logs],
      }),
      steps: t.field({
        type: [StepRef],
        description: 'Its calls, in order.',
        resolve: async ({ id, replayOf }, _args, context) => [
          ...(await context.stepsOf.load(replayOf ?? id)),
        ],
      }),
      attempt: t.exposeInt('attempt', { description: 'From 0.' }),
      depth: t.exposeInt('depth', { description: 'How many agents called each other to come here.' }),
      parent: t.field({
        type: RunType,
        nullable: true,
        description: 'The run that called it.',
        resolve: ({ parentRun }, _args, context) =>
          parentRun === null ? null : context.runOf.load(parentRun),
      }),
      seed: t.exposeString('seed', { description: 'Where its random numbers come from, hex.' }),
      guestTime: t.expose('guestTime', { type: 'DateTime', description: "Where the agent's clock stood." }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
      startedAt: t.expose('startedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When a worker began it.',
      }),
      finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
      gas: t.expose('gas', { type: 'BigInt', description: 'In units of its engine.' }),
      cost: t.expose('cost', { type: 'BigInt', description: 'What it paid: AiOS, smallest unit.' }),
      memoryBytes: t.expose('memoryBytes', { type: 'BigInt', description: 'Most that it used.' }),
      wallMs: t.exposeFloat('wallMs', { description: 'Time of its last attempt.' }),
      digest: t.exposeString('digest', {
        nullable: true,
        description: 'SHA-256 of code, engine, input, seed, clock, answers, result and gas.',
      }),
      engine: t.exposeString('engine', {
        nullable: true,
        description: 'What ran it: name, version and hash.',
      }),
      replayOf: t.field({
        type: RunType,
        nullable: true,
        description: 'The run that this one repeats.',
        resolve: ({ replayOf }, _args, context) => (replayOf === null ? null : context.runOf.load(replayOf)),
      }),
      digestMatches: t.boolean({
        nullable: true,
        description: 'Of a replay that has ended: whether it came to the same digest.',
        resolve: async ({ replayOf, digest }, _args, context) => {
          if (replayOf === null || digest === null) return null;
          return (await context.runOf.load(replayOf))?.digest === digest;
        },
      }),
      anchored: t.field({
        type: Anchored,
        nullable: true,
        description:
          'Where its digest is on chain, once that is indexed. Null for replays, and for runs that a clock, a person or a fault ended.',
        resolve: async ({ anchor }, _args, context) => {
          if (anchor === null) return null;
          const batch = await context.anchorBatchOf.load(anchor.batch);
          return batch?.indexed ? { batch, indexed: batch.indexed, place: anchor } : null;
        },
      }),
    }),
  });
  builder.asEntity(RunType, {
    key: builder.selection<Reference>('id'),
    resolveReference: async ({ id }, context) => {
      const run = await context.runOf.load(idOf(id, 'id'));
      if (!run) return null;
      const deployment = await context.deploymentOf.load(run.deploymentId);
      return deployment && (await service.access.mayLook(context.viewer, deployment)) ? run : null;
    },
  });
}
