// Runs that a run causes: itself again later (`schedule.at`), another agent now (`agent.call`), and waiting for a person (`approval.ask`).
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { enqueueRuns } from '../runs/enqueue.ts';
import { reserve } from './budgets.ts';
import { type Capability, checkedArgs, grantOf } from './capability.ts';

const wakeArgs = z.strictObject({ afterMs: z.int().min(1_000), input: z.json().default(null) });

export function scheduleCapability(): Capability {
  return {
    name: 'schedule.at',
    async act(step) {
      const { afterMs, input } = checkedArgs(step, wakeArgs);
      const grant = grantOf(step, 'schedule');
      const { run } = step;
      if (afterMs > grant.aheadMs)
        throw new AiosError(
          'TOO_FAR_AHEAD',
          `${afterMs} ms is over the manifest's ${grant.aheadMs}. Ask for less, or raise capabilities.schedule.aheadMs.`,
        );
      return step.commit(async (client) => {
        const { rows } = await client.query<{ pending: string }>(
          `select count(*) as pending from agents.run_queue q join agents.runs r on r.id = q.run_id
            where q.deployment_id = $1 and r.trigger_kind = 'wake' and r.status = 'queued'`,
          [run.deploymentId],
        );
        if (Number(rows[0]?.pending) >= grant.pending)
          throw new AiosError(
            'TOO_MANY_PENDING',
            `${grant.pending} runs wait already. Wait for one, or raise capabilities.schedule.pending.`,
          );
        const dueAt = new Date(Date.now() + afterMs);
        const [id] = await enqueueRuns(client, [
          {
            deploymentId: run.deploymentId,
            versionId: run.versionId,
            network: run.network,
            environment: run.environment,
            trigger: { kind: 'wake', key: `wake:${step.key}` },
            input,
            dueAt,
            guestTime: dueAt.getTime(),
            viewer: run.viewer ?? undefined,
          },
        ]);
        return { answer: { ok: { run: id ?? null } } };
      });
    },
  };
}

const callArgs = z.strictObject({
  deployment: z.string().regex(/^\d{1,18}$/, 'expected the id of a deployment'),
  input: z.json().default(null),
  /** What the called agent may pay at most, smallest unit; nothing when left out. */
  budget: z
    .string()
    .regex(/^\d{1,60}$/, 'expected a decimal integer as text')
    .default('0'),
});

export function agentCapability(): Capability {
  return {
    name: 'agent.call',
    async act(step) {
      const { deployment, input, budget } = checkedArgs(step, callArgs);
      const grant = grantOf(step, 'agent');
      const { run } = step;
      if (!grant.deployments.includes(deployment)) {
        throw new AiosError(
          'AGENT_NOT_ALLOWED',
          `Deployment ${deployment} is not among those of the manifest. Add it to capabilities.agent.deployments and deploy a new version.`,
        );
      }
      if (run.depth + 1 > grant.depth)
        throw new AiosError(
          'TOO_DEEP',
          `This run is ${run.depth} calls deep, and the manifest allows ${grant.depth}. Raise capabilities.agent.depth, or call less deeply.`,
        );
      const payLimit = BigInt(budget);
      return step.commit(async (client) => {
        const { rows } = await client.query<{
          version_id: string;
          network: string;
          environment: string;
          status: string;
        }>(
          'select version_id, network, environment, status from agents.deployments where id = $1 for share',
          [deployment],
        );
        const target = rows[0];
        if (!target || target.network !== run.network || target.status !== 'active')
          throw new AiosError(
            'AGENT_NOT_AVAILABLE',
            `Deployment ${deployment} is not active in network ${run.network}. Deploy or resume it, then call again.`,
          );
        if (payLimit > 0n) {
          const own = step.grants.pay?.perRun ?? 0n;
          const limit = run.payLimit !== null && run.payLimit < own ? run.payLimit : own;
          await reserve(
            client,
            [{ deploymentId: run.deploymentId, kind: 'run', period: run.id, limit }],
            payLimit,
          );
        }
        await enqueueRuns(client, [
          {
            deploymentId: deployment,
            versionId: target.version_id,
            network: target.network,
            environment: target.environment,
            trigger: { kind: 'agent', key: `agent:${step.key}` },
            input,
            parent: { run: run.id, step: step.step },
            depth: run.depth + 1,
            payLimit,
            viewer: run.viewer ?? undefined,
            guestTime: run.guestTime,
          },
        ]);
        // No answer yet: the run is put aside, and the called run's end answers the step.
        return {};
      });
    },
  };
}

const approvalArgs = z.strictObject({
  question: z.string().min(1).max(2_000),
  details: z.json().default(null),
});

export function approvalCapability(): Capability {
  return {
    name: 'approval.ask',
    async act(step) {
      checkedArgs(step, approvalArgs);
      return step.commit(async () => ({}));
    },
  };
}
