// What is deployed where: packages by content, versions that never change, and deployments that say which version is active.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { asTenantOn } from '#node/platform/postgres/tenant.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { cancelRuns } from './cancel-runs.ts';
import {
  type Deployment,
  type DeploymentRow,
  type Place,
  type StoredPackage,
  toDeployment,
  toVersion,
  type Version,
  type VersionRow,
} from './deployment-records.ts';
import {
  type NewSchedule,
  type NewTrigger,
  type Schedule,
  type ScheduleRow,
  schedulesOf,
  setSchedule,
  setTriggers,
  type Trigger,
  triggersOf,
} from './deployment-starts.ts';
import { enqueueRuns, type NewRun } from './enqueue.ts';
import { type Health, healthOf, type Probe, setProbe } from './health-probes.ts';
import { manifestsOf, packageOf, putPackage } from './package-store.ts';
import { runsCancelledTopic, runsDueTopic, tellNetwork } from './run-events.ts';
import { nextTick, type Rhythm } from './schedule.ts';
import type { DeploymentStatus } from './tables.ts';

export type { Deployment, Place, StoredPackage, Version } from './deployment-records.ts';
export type { NewSchedule, NewTrigger, Schedule, Trigger } from './deployment-starts.ts';

export class DeploymentStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Stores a package and makes it the active version at its place: all of it or nothing. The same package again is the same version. */
  async deploy(
    place: Place,
    content: StoredPackage,
    viewer: string,
    probe: Probe | null = null,
  ): Promise<{ deployment: Deployment; version: Version }> {
    const environment = place.environment ?? '';
    return inTransaction(this.#pool, async (client) => {
      await putPackage(client, content, viewer);
      return asTenantOn(client, place, async () => {
        // One writer a place: version numbers have no gaps.
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 7))', [
          `${place.network}/${environment}/${place.licenceId}`,
        ]);
        const at = [place.network, environment, place.licenceId];
        const newest = await client.query<VersionRow>(
          'select * from agents.versions where network = $1 and environment = $2 and licence_id = $3 order by number desc limit 1',
          at,
        );
        let version = newest.rows[0];
        if (version?.package_cid !== content.cid) {
          const made = await client.query<VersionRow>(
            `insert into agents.versions (network, environment, licence_id, agent_id, number, package_cid, created_by)
             values ($1, $2, $3, $4, $5, $6, $7) returning *`,
            [...at, place.agentId, (version?.number ?? 0) + 1, content.cid, viewer],
          );
          version = made.rows[0];
        }
        if (!version) throw new Error('a version that was just inserted is not there');
        const { rows } = await client.query<DeploymentRow>(
          `insert into agents.deployments (network, environment, licence_id, agent_id, version_id, status, owner)
           values ($1, $2, $3, $4, $5, 'active', $6)
           on conflict (network, environment, licence_id) do update
              set version_id = excluded.version_id, status = 'active', updated_at = now() returning *`,
          [...at, place.agentId, version.id, viewer],
        );
        const deployment = toDeployment(rows[0] as DeploymentRow);
        return { deployment, version: toVersion(version) };
      }).then(async (made) => {
        await setProbe(client, made.deployment, probe);
        await tellNetwork(client, made.deployment, 'deployed');
        return made;
      });
    });
  }

  async deployment(id: string): Promise<Deployment | null> {
    return (await this.deployments([id])).get(id) ?? null;
  }

  async deployments(ids: readonly string[]): Promise<ReadonlyMap<string, Deployment>> {
    const { rows } = await this.#pool.query<DeploymentRow>(
      'select * from agents.deployments where id = any($1::bigint[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toDeployment(row)]));
  }

  async versions(ids: readonly string[]): Promise<ReadonlyMap<string, Version>> {
    const { rows } = await this.#pool.query<VersionRow>(
      'select * from agents.versions where id = any($1::bigint[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toVersion(row)]));
  }

  /** Newest first, below `before`. */
  async listVersions(
    where: {
      readonly agentId?: string;
      readonly place?: Pick<Deployment, 'network' | 'environment' | 'licenceId'>;
    },
    page: { readonly first: number; readonly before?: string },
  ): Promise<readonly Version[]> {
    const { rows } = await this.#pool.query<VersionRow>(
      `select * from agents.versions
        where ($1::text is null or agent_id = $1) and ($2::text is null or (network = $2 and environment = $3 and licence_id = $4))
          and ($5::bigint is null or id < $5) order by id desc limit $6`,
      [
        where.agentId ?? null,
        where.place?.network ?? null,
        where.place?.environment ?? null,
        where.place?.licenceId ?? null,
        page.before ?? null,
        page.first,
      ],
    );
    return rows.map(toVersion);
  }

  /** Newest first, below `before`. */
  async listDeployments(
    where: { readonly agentId?: string; readonly network?: string; readonly status?: DeploymentStatus },
    page: { readonly first: number; readonly before?: string },
  ): Promise<readonly Deployment[]> {
    const { rows } = await this.#pool.query<DeploymentRow>(
      `select * from agents.deployments where ($1::text is null or agent_id = $1) and ($2::text is null or network = $2)
          and ($3::bigint is null or id < $3) and ($5::text is null or status = $5) order by id desc limit $4`,
      [where.agentId ?? null, where.network ?? null, page.before ?? null, page.first, where.status ?? null],
    );
    return rows.map(toDeployment);
  }

  async packageOf(versionId: string): Promise<StoredPackage | null> {
    return packageOf(this.#pool, versionId);
  }

  async manifests(cids: readonly string[]): ReturnType<typeof manifestsOf> {
    return manifestsOf(this.#pool, cids);
  }

  /** Sets the schedule, or takes it away. @throws AiosError SCHEDULE_INVALID */
  async schedule(deployment: Deployment, schedule: NewSchedule | null): Promise<void> {
    await setSchedule(this.#pool, deployment, schedule);
  }

  async schedules(deploymentIds: readonly string[]): Promise<ReadonlyMap<string, Schedule>> {
    return schedulesOf(this.#pool, deploymentIds);
  }

  async triggersOf(deploymentId: string): Promise<readonly Trigger[]> {
    return triggersOf(this.#pool, deploymentId);
  }

  /** Replaces what starts runs of a deployment besides its schedule. */
  async setTriggers(deployment: Deployment, triggers: readonly NewTrigger[]): Promise<void> {
    await setTriggers(this.#pool, deployment, triggers);
  }

  async health(deploymentIds: readonly string[]): Promise<ReadonlyMap<string, Health>> {
    return healthOf(this.#pool, deploymentIds);
  }

  /** Nothing new begins; what runs goes on. */
  async pause(deployment: Deployment): Promise<Deployment> {
    return this.#setStatus(deployment, 'paused', async (client) => {
      await client.query('update agents.schedules set next_at = null where deployment_id = $1', [
        deployment.id,
      ]);
      await client.query('update agents.health set next_at = null where deployment_id = $1', [deployment.id]);
      await client.query(
        `update agents.run_queue set visible_at = 'infinity' where deployment_id = $1 and owner is null`,
        [deployment.id],
      );
    });
  }

  /** Ticks that were missed meanwhile are not caught up: somebody wanted them not to happen. */
  async resume(deployment: Deployment): Promise<Deployment> {
    return this.#setStatus(deployment, 'active', async (client) => {
      const { rows } = await client.query<ScheduleRow>(
        'select * from agents.schedules where deployment_id = $1 for update',
        [deployment.id],
      );
      for (const row of rows) {
        const rhythm: Rhythm =
          row.cron === null
            ? { everyMs: Number(row.every_ms), anchor: row.anchor }
            : { cron: row.cron, timeZone: row.time_zone };
        await client.query('update agents.schedules set next_at = $2 where deployment_id = $1', [
          deployment.id,
          nextTick(rhythm, new Date()),
        ]);
      }
      await client.query('update agents.health set next_at = now() where deployment_id = $1', [
        deployment.id,
      ]);
      await client.query(
        `update agents.run_queue q set visible_at = greatest(r.due_at, now()) from agents.runs r
          where q.deployment_id = $1 and q.visible_at = 'infinity' and r.id = q.run_id and r.status in ('queued', 'waiting')`,
        [deployment.id],
      );
      await sendSignal(client, runsDueTopic, null);
    });
  }

  /** Ends everything: the schedule is gone, what waits is killed, and workers are told to end what runs. */
  async stop(deployment: Deployment): Promise<Deployment> {
    return this.#setStatus(deployment, 'stopped', async (client) => {
      await client.query('delete from agents.schedules where deployment_id = $1', [deployment.id]);
      await client.query('delete from agents.triggers where deployment_id = $1', [deployment.id]);
      await client.query('delete from agents.health where deployment_id = $1', [deployment.id]);
      const { rows } = await client.query<{ run_id: string }>(
        'select run_id from agents.run_queue where deployment_id = $1 and owner is null order by run_id',
        [deployment.id],
      );
      await cancelRuns(
        client,
        rows.map(({ run_id }) => run_id),
        'The agent was stopped.',
      );
      await sendSignal(client, runsCancelledTopic, { deployment: deployment.id });
    });
  }

  /** Starts a run now. @throws AiosError DEPLOYMENT_NOT_ACTIVE */
  async startRun(
    deployment: Deployment,
    run: Pick<NewRun, 'input' | 'viewer' | 'payLimit' | 'maxAttempts' | 'dueAt'> & {
      readonly trigger?: NewRun['trigger'];
    },
  ): Promise<string> {
    return inTransaction(this.#pool, async (client) => {
      // Locked, so that no run slips in while the deployment is being paused or stopped.
      const { rows } = await client.query<{ status: DeploymentStatus; version_id: string }>(
        'select status, version_id from agents.deployments where id = $1 for share',
        [deployment.id],
      );
      const now = rows[0];
      if (now?.status !== 'active') throw notActive(deployment.id, now?.status ?? 'gone');
      const [id] = await enqueueRuns(client, [
        {
          trigger: { kind: 'manual' },
          ...run,
          deploymentId: deployment.id,
          versionId: now.version_id,
          network: deployment.network,
          environment: deployment.environment,
        },
      ]);
      if (id === undefined) {
        throw new AiosError(
          'RUN_EXISTS',
          'A run with this key was started before. Use another key to start one more.',
        );
      }
      return id;
    });
  }

  async #setStatus(
    deployment: Deployment,
    status: DeploymentStatus,
    then: (client: pg.PoolClient) => Promise<void>,
  ): Promise<Deployment> {
    return inTransaction(this.#pool, async (client) => {
      const row = await asTenantOn(client, deployment, async () => {
        const { rows } = await client.query<DeploymentRow>(
          'update agents.deployments set status = $2, updated_at = now() where id = $1 returning *',
          [deployment.id, status],
        );
        return rows[0];
      });
      if (!row) throw notActive(deployment.id, 'gone');
      await then(client);
      await tellNetwork(client, deployment, status === 'active' ? 'resumed' : status);
      return toDeployment(row);
    });
  }
}

export function notActive(id: string, status: string): AiosError {
  const fix = status === 'paused' ? 'resume it' : 'deploy the agent again';
  return new AiosError('DEPLOYMENT_NOT_ACTIVE', `Deployment ${id} is ${status}: ${fix}, then run it.`);
}
