// The tables of agents as Kysely knows them: those that are read and written a row at a time. The hot ones have statements of their own.
import type { ColumnType, Generated } from 'kysely';
import type { Json } from '../runtime/runtime.ts';

export type DeploymentStatus = 'active' | 'paused' | 'stopped';
export type RunStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'killed';
export type MissedTicks = 'skip' | 'once' | 'all';
export type TriggerKind = 'change' | 'message';

/** bigint columns come as text. */
type Id = ColumnType<string, string | bigint, never>;
type JsonColumn<Value> = ColumnType<Value, string, string>;
type Timestamp = ColumnType<Date, Date | undefined, Date>;

export interface AgentsTables {
  'agents.packages': {
    cid: string;
    language: string;
    entry: string;
    manifest: JsonColumn<Json>;
    size: number;
    published_at: Timestamp;
    published_by: string;
  };
  'agents.package_files': { cid: string; path: string; content: Buffer };
  'agents.versions': {
    id: Generated<string>;
    network: string;
    environment: string;
    agent_id: string;
    licence_id: string;
    number: number;
    package_cid: string;
    created_at: Timestamp;
    created_by: string;
  };
  'agents.deployments': {
    id: Generated<string>;
    network: string;
    environment: string;
    agent_id: string;
    licence_id: string;
    version_id: ColumnType<string, string, string>;
    status: DeploymentStatus;
    owner: string;
    created_at: Timestamp;
    updated_at: Timestamp;
  };
  'agents.schedules': {
    deployment_id: Id;
    network: string;
    environment: string;
    cron: string | null;
    time_zone: string;
    every_ms: ColumnType<string | null, number | null, number | null>;
    anchor: Timestamp;
    missed: MissedTicks;
    input: JsonColumn<Json>;
    next_at: ColumnType<Date | null, Date | null, Date | null>;
  };
  'agents.triggers': {
    id: Generated<string>;
    deployment_id: Id;
    network: string;
    environment: string;
    kind: TriggerKind;
    alias: string | null;
    entity: string | null;
    filter: JsonColumn<Readonly<Record<string, Json>>>;
    topic: string | null;
    feed: string | null;
    cursor: ColumnType<string, string | bigint | undefined, string | bigint>;
  };
}
