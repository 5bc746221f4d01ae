// Waiting without holding a place: for a time, a signal from outside, a message, or whichever of several things that were begun ends first.
import type pg from 'pg';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { StepContext } from '../runs/broker.ts';
import { dropSteps } from '../runs/cancel-runs.ts';
import { firstMessage } from '../runs/message-waits.ts';
import { takeSignal } from '../runs/run-signals.ts';
import type { HostAnswer, Json } from '../runtime/runtime.ts';
import { type Capability, checkedArgs, grantOf } from './capability.ts';

const longestWaitMs = 366 * 86_400_000;
/** Things that `wait.any` tells of at a time; the others are told of next. */
const mostArrivals = 1_000;

const name = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"');
const delayArgs = z.strictObject({ ms: z.int().min(0).max(longestWaitMs) });
const signalArgs = z.strictObject({ name });
const messageArgs = z.strictObject({ topic: name, where: z.record(z.string(), z.json()).default({}) });
const stepsArgs = z.strictObject({ steps: z.array(z.int().min(0)).min(1).max(2_000) });

export function waitCapabilities(): readonly Capability[] {
  return [delay, signal, message, any, drop];
}

/** A time: the step is answered by whoever looks at it once it has come. */
const delay: Capability = {
  name: 'wait.delay',
  async act(step) {
    const { ms } = checkedArgs(step, delayArgs);
    return step.commit(async (client) => {
      const { rows } = await client.query<{ due_at: Date; due: boolean }>(
        'select due_at, due_at <= clock_timestamp() as due from agents.steps where run_id = $1 and step = $2 and due_at is not null',
        [step.run.id, step.step],
      );
      const known = rows[0];
      if (known?.due) return { answer: { ok: null } };
      return { dueAt: known?.due_at ?? new Date(Date.now() + ms) };
    });
  },
};

/** What `signalRun` sends to this run under this name; signals that came earlier are kept. */
const signal: Capability = {
  name: 'wait.signal',
  async act(step) {
    const { name: wanted } = checkedArgs(step, signalArgs);
    return step.commit(async (client) => {
      const payload = await takeSignal(client, step.run.id, wanted, step.step);
      return payload ? { answer: { ok: payload } } : {};
    });
  },
};

/** The first message on the topic, in the run's network, since the run was made. */
const message: Capability = {
  name: 'wait.message',
  async act(step) {
    const { topic, where } = checkedArgs(step, messageArgs);
    if (!grantOf(step, 'wait').topics.includes(topic))
      throw new AiosError(
        'TOPIC_NOT_ALLOWED',
        `${JSON.stringify(topic)} is not among the topics that may be waited for. Add it to capabilities.wait.topics and deploy a new version.`,
      );
    return step.commit(async (client) => {
      const found = await firstMessage(client, step.run.id, topic, where);
      return found ? { answer: { ok: found } } : { topic };
    });
  },
};

/** Of steps that were begun: those that are answered by now, in the order in which they were; waits for the first. */
const any: Capability = {
  name: 'wait.any',
  async act(step) {
    const { steps } = checkedArgs(step, stepsArgs);
    return step.commit(async (client) => {
      const arrived = await arrivals(client, step.run.id, steps);
      return arrived.length > 0 ? { answer: { ok: arrived as Json } } : {};
    });
  },
};

async function arrivals(
  client: pg.PoolClient,
  runId: string,
  steps: readonly number[],
): Promise<readonly { readonly step: number; readonly answer: HostAnswer }[]> {
  await client.query(
    `update agents.steps set status = 'answered', answer = '{"ok":null}', answered_at = due_at
      where run_id = $1 and status = 'waiting' and capability = 'wait.delay' and due_at <= clock_timestamp()`,
    [runId],
  );
  const { rows } = await client.query<{ step: number; answer: HostAnswer }>(
    `select step, answer from agents.steps where run_id = $1 and step = any($2::int[]) and status = 'answered'
      order by answered_at, step limit $3`,
    [runId, steps, mostArrivals],
  );
  return rows;
}

/** Lets go of steps that were begun: nobody answers them any more, and agents that were called are ended. */
const drop: Capability = {
  name: 'wait.drop',
  async act(step: StepContext) {
    const { steps } = checkedArgs(step, stepsArgs);
    return step.commit(async (client) => ({
      answer: { ok: { dropped: await dropSteps(client, step.run.id, steps) } },
    }));
  },
};
