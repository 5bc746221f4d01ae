// What is deployed where: packages by content, versions that never change, and deployments that say which version is active.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { appendToStreams, sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { asTenantOn, type Tenant } from '#node/platform/postgres/tenant.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { Json, Language } from '../runtime/runtime.ts';
import { cancelRuns } from './cancel-runs.ts';
import { enqueueRuns, type NewRun } from './enqueue.ts';
import { type AgentActivity, activityStream, runsCancelledTopic, runsDueTopic } from './run-events.ts';
import { checkRhythm, nextTick, type Rhythm } from './schedule.ts';
import type { DeploymentStatus, MissedTicks, TriggerKind } from './tables.ts';

/** A package that was read and checked. */
export interface StoredPackage {
  readonly cid: string;
  readonly language: Language;
  readonly entry: string;
  readonly manifest: Json;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface Version {
  readonly id: string;
  readonly network: string;
  readonly environment: string;
  readonly agentId: string;
  readonly licenceId: string;
  readonly number: number;
  readonly packageCid: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface Deployment {
  readonly id: string;
  readonly network: string;
  readonly environment: string;
  readonly agentId: string;
  readonly licenceId: string;
  readonly versionId: string;
  readonly status: DeploymentStatus;
  readonly owner: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewSchedule {
  readonly rhythm: Rhythm;
  readonly missed: MissedTicks;
  readonly input: Json;
}

export interface Schedule {
  readonly cron: string | null;
  readonly timeZone: string;
  readonly everyMs: number | null;
  readonly missed: MissedTicks;
  readonly input: Json;
  readonly nextAt: Date | null;
}

export interface NewTrigger {
  readonly kind: TriggerKind;
  readonly alias?: string;
  readonly entity?: string;
  /** Attributes that must have these values. */
  readonly filter?: Readonly<Record<string, Json>>;
  readonly topic?: string;
}

/** What starts runs of a deployment, as it is kept. */
export interface Trigger {
  readonly id: string;
  readonly kind: TriggerKind;
  readonly alias: string | null;
  readonly entity: string | null;
  readonly filter: Json;
  readonly topic: string | null;
}

/** Where a deployment stands and under which licence. */
export interface Place extends Tenant {
  readonly agentId: string;
  readonly licenceId: string;
}

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
        await tell(client, made.deployment, 'deployed');
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

  /** What a version is made of; null when there is none. */
  async packageOf(versionId: string): Promise<StoredPackage | null> {
    const { rows } = await this.#pool.query<{
      cid: string;
      language: Language;
      entry: string;
      manifest: Json;
    }>(
      `select p.cid, p.language, p.entry, p.manifest from agents.versions v join agents.packages p on p.cid = v.package_cid where v.id = $1`,
      [versionId],
    );
    const row = rows[0];
    if (!row) return null;
    const files = await this.#pool.query<{ path: string; content: Buffer }>(
      'select path, content from agents.package_files where cid = $1 order by path',
      [row.cid],
    );
    return { ...row, files: new Map(files.rows.map(({ path, content }) => [path, new Uint8Array(content)])) };
  }

  async manifests(
    cids: readonly string[],
  ): Promise<ReadonlyMap<string, { manifest: Json; language: Language; size: number }>> {
    const { rows } = await this.#pool.query<{
      cid: string;
      manifest: Json;
      language: Language;
      size: number;
    }>('select cid, manifest, language, size from agents.packages where cid = any($1)', [cids]);
    return new Map(rows.map(({ cid, ...rest }) => [cid, rest]));
  }

  /** Sets the schedule, or takes it away. @throws AiosError SCHEDULE_INVALID */
  async schedule(deployment: Deployment, schedule: NewSchedule | null): Promise<void> {
    if (schedule) checkRhythm(schedule.rhythm);
    await inTransaction(this.#pool, async (client) => {
      if (!schedule) {
        await client.query('delete from agents.schedules where deployment_id = $1', [deployment.id]);
      } else {
        const { rhythm } = schedule;
        const next = deployment.status === 'active' ? nextTick(rhythm, new Date()) : null;
        await client.query(
          `insert into agents.schedules (deployment_id, network, environment, cron, time_zone, every_ms, anchor, missed, input, next_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (deployment_id) do update set cron = excluded.cron, time_zone = excluded.time_zone, every_ms = excluded.every_ms,
             anchor = excluded.anchor, missed = excluded.missed, input = excluded.input, next_at = excluded.next_at`,
          [
            deployment.id,
            deployment.network,
            deployment.environment,
            'cron' in rhythm ? rhythm.cron : null,
            'cron' in rhythm ? rhythm.timeZone : 'UTC',
            'everyMs' in rhythm ? rhythm.everyMs : null,
            'everyMs' in rhythm ? rhythm.anchor : new Date(),
            schedule.missed,
            JSON.stringify(schedule.input),
            next,
          ],
        );
      }
      await tell(client, deployment, 'scheduled');
    });
  }

  async schedules(deploymentIds: readonly string[]): Promise<ReadonlyMap<string, Schedule>> {
    const { rows } = await this.#pool.query<ScheduleRow>(
      'select * from agents.schedules where deployment_id = any($1::bigint[])',
      [deploymentIds],
    );
    return new Map(
      rows.map((row) => [
        row.deployment_id,
        {
          cron: row.cron,
          timeZone: row.time_zone,
          everyMs: row.every_ms === null ? null : Number(row.every_ms),
          missed: row.missed,
          input: row.input,
          nextAt: row.next_at,
        },
      ]),
    );
  }

  /** What starts runs of a deployment besides its schedule. */
  async triggersOf(deploymentId: string): Promise<readonly Trigger[]> {
    const { rows } = await this.#pool.query<Trigger>(
      'select id, kind, alias, entity, filter, topic from agents.triggers where deployment_id = $1 order by id',
      [deploymentId],
    );
    return rows;
  }

  /** Replaces what starts runs of a deployment besides its schedule. Changes count from where their feed stands now. */
  async setTriggers(deployment: Deployment, triggers: readonly NewTrigger[]): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      await client.query('delete from agents.triggers where deployment_id = $1', [deployment.id]);
      for (const { kind, alias, entity, filter, topic } of triggers) {
        await client.query(
          `insert into agents.triggers (deployment_id, network, environment, kind, alias, entity, filter, topic) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            deployment.id,
            deployment.network,
            deployment.environment,
            kind,
            alias ?? null,
            entity ?? null,
            JSON.stringify(filter ?? {}),
            topic ?? null,
          ],
        );
      }
    });
  }

  /** Nothing new begins; what runs goes on. */
  async pause(deployment: Deployment): Promise<Deployment> {
    return this.#setStatus(deployment, 'paused', async (client) => {
      await client.query('update agents.schedules set next_at = null where deployment_id = $1', [
        deployment.id,
      ]);
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
      await tell(client, deployment, status === 'active' ? 'resumed' : status);
      return toDeployment(row);
    });
  }
}

export function notActive(id: string, status: string): AiosError {
  const fix = status === 'paused' ? 'resume it' : 'deploy the agent again';
  return new AiosError('DEPLOYMENT_NOT_ACTIVE', `Deployment ${id} is ${status}: ${fix}, then run it.`);
}

async function tell(
  client: pg.PoolClient,
  { id, network }: Deployment,
  kind: AgentActivity['kind'],
): Promise<void> {
  await appendToStreams(client, [{ stream: activityStream(network), payload: { deployment: id, kind } }]);
}

async function putPackage(client: pg.PoolClient, content: StoredPackage, viewer: string): Promise<void> {
  const size = [...content.files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const { rowCount } = await client.query(
    `insert into agents.packages (cid, language, entry, manifest, size, published_by) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [content.cid, content.language, content.entry, JSON.stringify(content.manifest), size, viewer],
  );
  if (rowCount === 0) return;
  await client.query(
    'insert into agents.package_files (cid, path, content) select $1, path, content from unnest($2::text[], $3::bytea[]) as file (path, content)',
    [content.cid, [...content.files.keys()], [...content.files.values()].map((bytes) => Buffer.from(bytes))],
  );
}

interface VersionRow {
  id: string;
  network: string;
  environment: string;
  agent_id: string;
  licence_id: string;
  number: number;
  package_cid: string;
  created_at: Date;
  created_by: string;
}

interface DeploymentRow {
  id: string;
  network: string;
  environment: string;
  agent_id: string;
  licence_id: string;
  version_id: string;
  status: DeploymentStatus;
  owner: string;
  created_at: Date;
  updated_at: Date;
}

interface ScheduleRow {
  deployment_id: string;
  cron: string | null;
  time_zone: string;
  every_ms: string | null;
  anchor: Date;
  missed: MissedTicks;
  input: Json;
  next_at: Date | null;
}

const toVersion = (row: VersionRow): Version => ({
  id: row.id,
  network: row.network,
  environment: row.environment,
  agentId: row.agent_id,
  licenceId: row.licence_id,
  number: row.number,
  packageCid: row.package_cid,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

const toDeployment = (row: DeploymentRow): Deployment => ({
  id: row.id,
  network: row.network,
  environment: row.environment,
  agentId: row.agent_id,
  licenceId: row.licence_id,
  versionId: row.version_id,
  status: row.status,
  owner: row.owner,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
