// Messages within a network: stored with the step that sent them, and starting a run of every agent there that listens to the topic.
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { enqueueRuns } from '../runs/enqueue.ts';
import { messageSentTopic } from '../runs/run-events.ts';
import type { Json } from '../runtime/runtime.ts';
import { type Capability, checkedArgs, grantOf, jsonBytes } from './capability.ts';

const args = z.strictObject({ topic: z.string().min(1).max(64), body: z.json() });
const maxBytes = 256 << 10;
/** Agents that answer each other's messages end here. */
const maxDepth = 16;

export function messageCapability(): Capability {
  return {
    name: 'message.send',
    async act(step) {
      const { topic, body } = checkedArgs(step, args);
      const { run } = step;
      if (!grantOf(step, 'message').topics.includes(topic)) {
        throw new AiosError(
          'TOPIC_NOT_ALLOWED',
          `${JSON.stringify(topic)} is not among the topics of the manifest. Add it to capabilities.message.topics and deploy a new version.`,
        );
      }
      if (jsonBytes(body) > maxBytes)
        throw new AiosError(
          'MESSAGE_TOO_LARGE',
          `A message has at most ${maxBytes} bytes. Send where to read it.`,
        );
      if (run.depth >= maxDepth)
        throw new AiosError(
          'TOO_DEEP',
          `This run comes of ${run.depth} messages and calls in a row; at most ${maxDepth} may follow each other.`,
        );
      return step.commit(async (client) => {
        const { rows } = await client.query<{ id: string }>(
          'insert into agents.messages (key, deployment_id, network, environment, topic, body) values ($1, $2, $3, $4, $5, $6) returning id',
          [step.key, run.deploymentId, run.network, run.environment, topic, JSON.stringify(body)],
        );
        const id = rows[0]?.id ?? '';
        const listeners = await client.query<{
          deployment_id: string;
          version_id: string;
          environment: string;
        }>(
          `select distinct t.deployment_id, d.version_id, d.environment from agents.triggers t join agents.deployments d on d.id = t.deployment_id
            where t.kind = 'message' and t.network = $1 and t.topic = $2 and d.status = 'active'`,
          [run.network, topic],
        );
        const input: Json = { trigger: 'message', id, topic, from: run.deploymentId, body };
        await enqueueRuns(
          client,
          listeners.rows.map((listener) => ({
            deploymentId: listener.deployment_id,
            versionId: listener.version_id,
            network: run.network,
            environment: listener.environment,
            trigger: { kind: 'message' as const, key: `message:${step.key}` },
            input,
            depth: run.depth + 1,
          })),
        );
        await sendSignal(client, messageSentTopic, null);
        return { answer: { ok: { id, listeners: listeners.rows.length } } };
      });
    },
  };
}
