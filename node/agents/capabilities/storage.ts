// Storage of an agent's own: values by key in its namespace, written together with the step that wrote them, within a quota of bytes.
import type pg from 'pg';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { Queryable } from '#node/platform/events/event-bus.ts';
import type { StepContext } from '../runs/broker.ts';
import type { Json } from '../runtime/runtime.ts';
import { type Capability, checkedArgs, grantOf, jsonBytes, readAnswer } from './capability.ts';

const key = z.string().min(1).max(512);
const setArgs = z.strictObject({ key, value: z.json() });
const keyArgs = z.strictObject({ key });
const listArgs = z.strictObject({
  prefix: z.string().max(512).default(''),
  after: z.string().max(512).optional(),
  limit: z.int().min(1).max(1_000).default(100),
});

export function storageCapabilities(pool: pg.Pool): readonly Capability[] {
  const at = (step: StepContext) => [step.run.deploymentId, grantOf(step, 'storage').namespace] as const;
  return [
    {
      name: 'storage.get',
      async act(step) {
        const args = checkedArgs(step, keyArgs);
        const { rows } = await pool.query<{ value: Json }>({
          name: 'agents-storage-get',
          text: 'select value from agents.storage where deployment_id = $1 and namespace = $2 and key = $3',
          values: [...at(step), args.key],
        });
        return readAnswer(step, rows[0]?.value ?? null);
      },
    },
    {
      name: 'storage.list',
      async act(step) {
        const { prefix, after, limit } = checkedArgs(step, listArgs);
        const { rows } = await pool.query<{ key: string; bytes: number }>(
          `select key, bytes from agents.storage where deployment_id = $1 and namespace = $2 and starts_with(key, $3) and key > $4
            order by key limit $5`,
          [...at(step), prefix, after ?? '', limit],
        );
        return readAnswer(
          step,
          rows.map(({ key, bytes }) => ({ key, bytes })),
        );
      },
    },
    {
      name: 'storage.set',
      async act(step) {
        const args = checkedArgs(step, setArgs);
        const bytes = Buffer.byteLength(args.key) + jsonBytes(args.value);
        const quota = grantOf(step, 'storage').bytes;
        return step.commit(async (client) => {
          await lock(client, step);
          const { rows } = await client.query<{ used: string }>(
            `select coalesce(sum(bytes) filter (where key <> $3), 0) as used from agents.storage where deployment_id = $1 and namespace = $2`,
            [...at(step), args.key],
          );
          const used = Number(rows[0]?.used ?? 0);
          if (used + bytes > quota) {
            throw new AiosError(
              'STORAGE_FULL',
              `The namespace holds ${used} bytes besides this key; ${bytes} more would be over the quota of ${quota}. Delete keys, or raise capabilities.storage.bytes.`,
            );
          }
          await client.query(
            `insert into agents.storage (deployment_id, namespace, key, value, bytes, updated_by) values ($1, $2, $3, $4, $5, $6)
             on conflict (deployment_id, namespace, key) do update set value = excluded.value, bytes = excluded.bytes, updated_by = excluded.updated_by`,
            [...at(step), args.key, JSON.stringify(args.value), bytes, step.key],
          );
          return { answer: { ok: null } };
        });
      },
    },
    {
      name: 'storage.delete',
      async act(step) {
        const args = checkedArgs(step, keyArgs);
        return step.commit(async (client) => {
          await lock(client, step);
          const { rowCount } = await client.query(
            'delete from agents.storage where deployment_id = $1 and namespace = $2 and key = $3',
            [...at(step), args.key],
          );
          return { answer: { ok: (rowCount ?? 0) > 0 } };
        });
      },
    },
  ];
}

/** Runs of one agent write one after another: two that each fit must not be over the quota together. */
async function lock(client: Queryable, step: StepContext): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 8))', [
    `${step.run.deploymentId}/${grantOf(step, 'storage').namespace}`,
  ]);
}
