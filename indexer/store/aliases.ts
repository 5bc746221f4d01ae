// Which deployments stand in the supergraph, under which alias: rows that every gateway of the database follows.
import type { Queryable } from '#node/platform/postgres/transaction.ts';

/** An alias and what stands under it now. */
export interface AliasRecord {
  readonly alias: string;
  /** Of its fields in the supergraph; see `aliasPrefix`. */
  readonly prefix: string;
  /** Name of the deployment. */
  readonly name: string;
  /** The deployment under that name; null while it has none. */
  readonly deployment: string | null;
  /** Its schema.graphql. */
  readonly schema: string | null;
  /** Why a gateway could not take it up. */
  readonly problem: string | null;
}

/** Every alias, in their order. */
export async function listAliases(db: Queryable): Promise<AliasRecord[]> {
  const { rows } = await db.query<AliasRecord>(
    `select a.alias, a.prefix, a.name, d.id as deployment, d.schema, a.problem
     from indexer.aliases a join indexer.names n using (name)
     left join indexer.deployments d on d.id = coalesce(n.current, n.pending) order by a.alias`,
  );
  return rows;
}

/** Puts a name into the supergraph; repeats safely. Answers false when the alias or its prefix is somebody else's. */
export async function addAlias(
  db: Queryable,
  { alias, prefix, name }: Pick<AliasRecord, 'alias' | 'prefix' | 'name'>,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into indexer.aliases as a (alias, prefix, name) values ($1, $2, $3)
     on conflict (alias) do update set problem = null where a.name = excluded.name and a.prefix = excluded.prefix`,
    [alias, prefix, name],
  );
  return rowCount === 1;
}

/** Takes the aliases of a name, or one of them, out of the supergraph; answers with those. */
export async function removeAliases(db: Queryable, name: string, alias?: string): Promise<string[]> {
  const { rows } = await db.query<{ alias: string }>(
    'delete from indexer.aliases where name = $1 and ($2::text is null or alias = $2) returning alias',
    [name, alias ?? null],
  );
  return rows.map((row) => row.alias);
}

/** Says why the supergraph is still without some aliases; null when it no longer is. */
export async function noteAliasProblem(
  db: Queryable,
  aliases: readonly string[],
  problem: string | null,
): Promise<void> {
  await db.query(
    'update indexer.aliases set problem = $2 where alias = any($1) and problem is distinct from $2',
    [aliases, problem],
  );
}
