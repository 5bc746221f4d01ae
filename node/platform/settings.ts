// Facts that processes over one database share and that nobody configures: generated secrets, and where chains are reached.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Queryable } from './events/event-bus.ts';
import type { Migrations } from './postgres/migrate.ts';

export const settingsMigrations: Migrations = {
  '003-settings': {
    async up(db) {
      await sql`create table platform.secrets (name text primary key, value text not null, created_at timestamptz not null default now())`.execute(
        db,
      );
      await sql`create table platform.chains (
        name text primary key,
        chain_id bigint not null,
        rpc_urls text[] not null,
        finality_depth integer not null,
        poll_ms integer not null,
        devnet boolean not null,
        contracts jsonb not null default '{}',
        updated_at timestamptz not null default now()
      )`.execute(db);
    },
  },
};

/** A secret by name, made on first use; every process over the database gets the same. */
export async function sharedSecret(db: Queryable, name: string): Promise<string> {
  await db.query('insert into platform.secrets (name, value) values ($1, $2) on conflict do nothing', [
    name,
    randomBytes(32).toString('base64url'),
  ]);
  const { rows } = await db.query('select value from platform.secrets where name = $1', [name]);
  return (rows[0] as { value: string }).value;
}

/** How `tag` stands in the column of depths. */
const TAG = -1;

/** A chain as every process reaches it. */
export interface ChainRecord {
  readonly name: string;
  readonly chainId: number;
  readonly rpcUrls: readonly string[];
  /** Blocks below the head that can no longer change, or `tag`: the node says. */
  readonly finalityDepth: number | 'tag';
  readonly pollMs: number;
  /** True for the embedded devnet, on which accounts of the test mnemonic may sign for users. */
  readonly devnet: boolean;
  /** Contract name → address, where ours stand. */
  readonly contracts: Readonly<Record<string, string>>;
}

export async function saveChain(db: Queryable, chain: ChainRecord): Promise<void> {
  await db.query(
    `insert into platform.chains (name, chain_id, rpc_urls, finality_depth, poll_ms, devnet, contracts) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (name) do update set chain_id = excluded.chain_id, rpc_urls = excluded.rpc_urls, finality_depth = excluded.finality_depth,
       poll_ms = excluded.poll_ms, devnet = excluded.devnet, contracts = excluded.contracts, updated_at = now()`,
    [
      chain.name,
      chain.chainId,
      chain.rpcUrls,
      chain.finalityDepth === 'tag' ? TAG : chain.finalityDepth,
      chain.pollMs,
      chain.devnet,
      JSON.stringify(chain.contracts),
    ],
  );
}

export async function loadChains(db: Queryable): Promise<ChainRecord[]> {
  const { rows } = await db.query('select * from platform.chains order by name');
  return (
    rows as {
      name: string;
      chain_id: string;
      rpc_urls: string[];
      finality_depth: number;
      poll_ms: number;
      devnet: boolean;
      contracts: Record<string, string>;
    }[]
  ).map((row) => ({
    name: row.name,
    chainId: Number(row.chain_id),
    rpcUrls: row.rpc_urls,
    finalityDepth: row.finality_depth === TAG ? 'tag' : row.finality_depth,
    pollMs: row.poll_ms,
    devnet: row.devnet,
    contracts: row.contracts,
  }));
}
