// What one process of the product is to do: which roles, where its HTTP server listens, and what it must hold alone.
import type { Config, Role } from '#node/platform/config/schema.ts';
import { roles as allRoles } from '#node/platform/config/schema.ts';
import { AiosError } from '#node/platform/errors.ts';

export interface ProcessPlan {
  readonly roles: ReadonlySet<Role>;
  /** True when this process plays every role: the default, with everything embedded. */
  readonly whole: boolean;
  readonly port: number;
  /** Parts of the data folder that this process must hold alone. */
  readonly locks: readonly string[];
}

/** @throws AiosError ROLES_NEED_DATABASE, SERVICES_URL_MISSING */
export function planProcess(config: Config): ProcessPlan {
  const roles = new Set(config.roles);
  const whole = allRoles.every((role) => roles.has(role));
  if (!whole && !config.databaseUrl) {
    throw new AiosError(
      'ROLES_NEED_DATABASE',
      `A process with only the role${roles.size > 1 ? 's' : ''} ${[...roles].join(', ')} needs a database that the others share: set DATABASE_URL, the same for all of them.`,
    );
  }
  if (roles.has('gateway') && !roles.has('services') && !config.servicesUrl) {
    throw new AiosError(
      'SERVICES_URL_MISSING',
      'A gateway without the role services must know where they are: set --services-url (AIOS_SERVICES_URL), or give it the role services too.',
    );
  }
  const locks: string[] = [];
  if (!config.databaseUrl) locks.push('postgres');
  if (roles.has('devnet')) locks.push('devnet');
  if (roles.has('indexer')) locks.push('indexer');
  // Without a gateway the server carries health, metrics and perhaps the services; no client asks it, so any port will do.
  const port = roles.has('gateway') ? config.port : roles.has('services') ? config.servicesPort : 0;
  return { roles, whole, port, locks };
}
