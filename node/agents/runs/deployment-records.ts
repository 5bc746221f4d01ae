// Packages, versions and deployments as they are looked at, and as the tables have them.
import type { Tenant } from '#node/platform/postgres/tenant.ts';
import type { Json, Language } from '../runtime/runtime.ts';
import type { DeploymentStatus } from './tables.ts';

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

/** Where a deployment stands and under which licence. */
export interface Place extends Tenant {
  readonly agentId: string;
  readonly licenceId: string;
}

export interface VersionRow {
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

export interface DeploymentRow {
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

export const toVersion = (row: VersionRow): Version => ({
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

export const toDeployment = (row: DeploymentRow): Deployment => ({
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
