// Row-level security: rows that belong to a network are written only in the scope of that network, whatever a query says.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Queryable } from '../events/event-bus.ts';

/** What a row with (network, environment) columns belongs to. An empty environment means the whole network. */
export interface Tenant {
  readonly network: string;
  readonly environment?: string;
}

/**
 * The role under which tenant rows are touched. Superusers and owners of tables pass every policy, and the embedded
 * database's only user is both: so each scoped transaction steps down to this one.
 */
const tenantRole = 'aios_tenant';

/**
 * Makes a table's rows belong to (network, environment): anybody may read them, only the scope of a network may write
 * its rows. The columns are `network` and `environment`, both text. For use in migrations.
 */
export async function protectTenantTable(db: Kysely<unknown>, schema: string, table: string): Promise<void> {
  const target = sql.id(schema, table);
  const role = sql.id(tenantRole);
  // Roles belong to the whole server: another database's migration may make it at the same moment.
  await sql`do $$ begin
    if not exists (select from pg_roles where rolname = ${sql.lit(tenantRole)}) then
      create role ${role} nologin;
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`.execute(db);
  await sql`do $$ begin
    if not pg_has_role(current_user, ${sql.lit(tenantRole)}, 'member') then
      execute format('grant %I to %I', ${sql.lit(tenantRole)}, current_user);
    end if;
  end $$`.execute(db);
  await sql`grant usage on schema ${sql.id(schema)} to ${role}`.execute(db);
  await sql`grant select, insert, update, delete on ${target} to ${role}`.execute(db);
  await sql`alter table ${target} enable row level security`.execute(db);
  await sql`alter table ${target} force row level security`.execute(db);
  await sql`create policy tenant_reads on ${target} for select using (true)`.execute(db);
  const own = sql`network = current_setting('aios.network', true)
    and environment = current_setting('aios.environment', true)`;
  await sql`create policy tenant_inserts on ${target} for insert with check (${own})`.execute(db);
  await sql`create policy tenant_updates on ${target} for update using (${own}) with check (${own})`.execute(
    db,
  );
  await sql`create policy tenant_deletes on ${target} for delete using (${own})`.execute(db);
}

/** Runs `write` so that it can touch rows of one network (and environment) only; then the transaction goes on as before. */
export async function asTenant<Database, Result>(
  transaction: Transaction<Database>,
  tenant: Tenant,
  write: (transaction: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  await sql`select set_config('aios.network', ${tenant.network}, true),
                   set_config('aios.environment', ${tenant.environment ?? ''}, true)`.execute(transaction);
  await sql`set local role ${sql.id(tenantRole)}`.execute(transaction);
  const result = await write(transaction);
  await sql`reset role`.execute(transaction);
  return result;
}

/** The same on a connection of one's own, inside its transaction. */
export async function asTenantOn<Result>(
  client: Queryable,
  tenant: Tenant,
  write: () => Promise<Result>,
): Promise<Result> {
  await client.query(
    `select set_config('aios.network', $1, true), set_config('aios.environment', $2, true)`,
    [tenant.network, tenant.environment ?? ''],
  );
  await client.query(`set local role ${tenantRole}`);
  const result = await write();
  await client.query('reset role');
  return result;
}
