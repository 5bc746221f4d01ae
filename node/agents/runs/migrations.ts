// The tables of agents: what is deployed, what runs, and all that a run has done. Owned by this room; nobody else writes them.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';
import { protectTenantTable } from '#node/platform/postgres/tenant.ts';

export const agentsSchema = 'agents';

/**
 * JSON that guests made is `json` and not `jsonb`: jsonb refuses some of the characters that JSON allows, and a run's output must
 * be kept exactly. Tables that every run touches have no foreign keys: their checks lock the same few parent rows from all workers.
 */
export const agentsMigrations: Migrations = {
  '001-deployments': {
    async up(db) {
      await sql`create table agents.packages (
        cid text primary key,
        language text not null,
        entry text not null,
        manifest json not null,
        size integer not null,
        published_at timestamptz not null default now(),
        published_by text not null
      )`.execute(db);
      await sql`create table agents.package_files (
        cid text not null references agents.packages on delete cascade,
        path text not null,
        content bytea not null,
        primary key (cid, path)
      )`.execute(db);
      await sql`create table agents.versions (
        id bigint generated always as identity primary key,
        network text not null,
        -- Empty: the whole network.
        environment text not null default '',
        agent_id text not null,
        licence_id text not null,
        number integer not null,
        package_cid text not null references agents.packages,
        created_at timestamptz not null default now(),
        created_by text not null,
        unique (network, environment, licence_id, number)
      )`.execute(db);
      await sql`create index on agents.versions (agent_id, id)`.execute(db);
      await sql`create function agents.refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'a version of an agent never changes: deploy a new one'; end $$`.execute(db);
      await sql`create trigger versions_never_change before update on agents.versions
        for each row execute function agents.refuse_change()`.execute(db);
      await sql`create table agents.deployments (
        id bigint generated always as identity primary key,
        network text not null,
        environment text not null default '',
        agent_id text not null,
        licence_id text not null,
        version_id bigint not null references agents.versions,
        status text not null check (status in ('active', 'paused', 'stopped')),
        -- DID of who deployed it first; who may act is asked of the chain each time.
        owner text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (network, environment, licence_id)
      )`.execute(db);
      await sql`create index on agents.deployments (agent_id, id)`.execute(db);
      await sql`create table agents.schedules (
        deployment_id bigint primary key references agents.deployments on delete cascade,
        network text not null,
        environment text not null default '',
        -- Either a cron expression in a time zone, or an interval from an anchor.
        cron text,
        time_zone text not null default 'UTC',
        every_ms bigint check (every_ms > 0),
        anchor timestamptz not null default now(),
        missed text not null check (missed in ('skip', 'once', 'all')),
        input json not null default 'null',
        -- Null while it does not tick.
        next_at timestamptz,
        check ((cron is null) <> (every_ms is null))
      )`.execute(db);
      await sql`create index on agents.schedules (next_at) where next_at is not null`.execute(db);
      await sql`create table agents.triggers (
        id bigint generated always as identity primary key,
        deployment_id bigint not null references agents.deployments on delete cascade,
        network text not null,
        environment text not null default '',
        kind text not null check (kind in ('change', 'message')),
        -- Of a change: which indexed subgraph, which entity, which values; of a message: which topic.
        alias text,
        entity text,
        filter jsonb not null default '{}',
        topic text,
        -- Where the change feed was read up to, and of which deployment of the subgraph.
        feed text,
        cursor bigint not null default 0,
        check ((kind = 'change') = (alias is not null and entity is not null)),
        check ((kind = 'message') = (topic is not null))
      )`.execute(db);
      await sql`create index on agents.triggers (deployment_id)`.execute(db);
      for (const table of ['versions', 'deployments']) await protectTenantTable(db, agentsSchema, table);
    },
  },
  '002-runs': {
    async up(db) {
      await sql`create table agents.runs (
        id bigint generated always as identity primary key,
        deployment_id bigint not null,
        version_id bigint not null,
        network text not null,
        environment text not null default '',
        trigger_kind text not null,
        -- What a trigger fires once for, such as the time of a tick: two processes that see the same tick make one run.
        trigger_key text,
        viewer text,
        parent_run bigint,
        parent_step integer,
        depth integer not null default 0,
        replay_of bigint,
        input json not null,
        seed text not null,
        -- Milliseconds since 1970 where the guest's clock stands: the same in every attempt.
        guest_time bigint not null,
        -- What it may pay at most, smallest unit; null: as its version's manifest says.
        pay_limit numeric(78),
        status text not null default 'queued'
          check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'killed')),
        attempt integer not null default 0,
        max_attempts integer not null default 1,
        created_at timestamptz not null default now(),
        due_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz,
        output json,
        error json,
        logs json,
        gas bigint not null default 0,
        cost numeric(78) not null default 0,
        memory_bytes bigint not null default 0,
        cpu_ms double precision not null default 0,
        wall_ms double precision not null default 0,
        step_count integer not null default 0,
        digest text,
        engine text
      )`.execute(db);
      await sql`create unique index runs_by_trigger on agents.runs (deployment_id, trigger_key)
        where trigger_key is not null`.execute(db);
      await sql`create index on agents.runs (deployment_id, id)`.execute(db);
      await sql`create index on agents.runs (network, id)`.execute(db);
      await sql`create index on agents.runs (parent_run) where parent_run is not null`.execute(db);
      await sql`create index on agents.runs (finished_at) where finished_at is not null`.execute(db);
      // A row lives from queued to finished. visible_at is when the next worker may take it: due, or the end of a lease.
      await sql`create table agents.run_queue (
        run_id bigint primary key,
        deployment_id bigint not null,
        visible_at timestamptz not null,
        fence bigint not null default 0,
        owner uuid,
        attempt integer not null default 0,
        -- How often a lease ended without the worker having let go: a run that ends its workers must not do so for ever.
        takeovers integer not null default 0
      ) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)`.execute(
        db,
      );
      await sql`create index on agents.run_queue (visible_at) where owner is null`.execute(db);
      await sql`create index on agents.run_queue (visible_at) where owner is not null`.execute(db);
      await sql`create index on agents.run_queue (deployment_id)`.execute(db);
      await sql`create table agents.steps (
        run_id bigint not null,
        step integer not null,
        attempt integer not null,
        capability text not null,
        args json not null,
        -- SHA-256 of capability and arguments: a replay that asks something else has diverged.
        input_hash text not null,
        status text not null check (status in ('started', 'waiting', 'answered')),
        answer json,
        failed boolean not null default false,
        cost numeric(78) not null default 0,
        started_at timestamptz not null default now(),
        answered_at timestamptz,
        primary key (run_id, step)
      )`.execute(db);
    },
  },
  '003-capabilities': {
    async up(db) {
      // What was used of a budget within a period: a day, or a run.
      await sql`create table agents.budgets (
        deployment_id bigint not null,
        kind text not null,
        period text not null,
        reserved numeric(78) not null default 0 check (reserved >= 0),
        spent numeric(78) not null default 0 check (spent >= 0),
        updated_at timestamptz not null default now(),
        primary key (deployment_id, kind, period)
      )`.execute(db);
      await sql`create table agents.payments (
        -- run/step: an agent that asks again after a crash asks for the same payment.
        key text primary key,
        run_id bigint not null,
        step integer not null,
        fence bigint not null,
        deployment_id bigint not null,
        network text not null,
        environment text not null default '',
        token text not null,
        payee text not null,
        amount numeric(78) not null check (amount > 0),
        status text not null check (status in ('reserved', 'settled', 'released')),
        budgets jsonb not null,
        transaction_hash text,
        error text,
        reserved_at timestamptz not null default now(),
        settled_at timestamptz
      )`.execute(db);
      await sql`create index on agents.payments (deployment_id, reserved_at)`.execute(db);
      await sql`create table agents.storage (
        deployment_id bigint not null,
        namespace text not null,
        key text not null,
        value json not null,
        bytes integer not null,
        updated_by text not null,
        primary key (deployment_id, namespace, key)
      )`.execute(db);
      await sql`create table agents.messages (
        id bigint generated always as identity primary key,
        -- run/step of the sender.
        key text not null unique,
        deployment_id bigint not null,
        network text not null,
        environment text not null default '',
        topic text not null,
        body json not null,
        sent_at timestamptz not null default now()
      )`.execute(db);
      await sql`create index on agents.messages (network, topic, id)`.execute(db);
    },
  },
  '004-transfers': {
    async up(db) {
      // A payment's transaction as it was signed, before it was sent: asked for again, the same one is sent again.
      await sql`create table agents.transfers (
        key text primary key,
        sender text not null,
        nonce bigint not null,
        hash text not null,
        raw text not null,
        signed_at timestamptz not null default now(),
        unique (sender, nonce)
      )`.execute(db);
    },
  },
  '005-anchors': {
    async up(db) {
      await sql`create table agents.anchor_batches (
        id bigint generated always as identity primary key,
        root text not null unique,
        count integer not null,
        contract text not null,
        created_at timestamptz not null default now(),
        -- As the subgraph of proofs has it: null until it is indexed, and again once its block has left the chain.
        number numeric(78) unique,
        block numeric(78),
        transaction_hash text
      )`.execute(db);
      await sql`create index on agents.anchor_batches (id) where number is null`.execute(db);
      // Where the change feed was read up to, and of which deployment of that subgraph.
      await sql`create table agents.anchor_feed (
        only_row boolean primary key default true check (only_row),
        feed text,
        cursor bigint not null default 0
      )`.execute(db);
      await sql`insert into agents.anchor_feed default values`.execute(db);
      await sql`alter table agents.runs add column anchor_batch bigint, add column anchor_index integer,
        -- Siblings from the leaf to the root, 32 bytes each.
        add column anchor_path bytea`.execute(db);
      await sql`create index runs_to_anchor on agents.runs (finished_at, id) where digest is not null and anchor_batch is null
        and replay_of is null and coalesce(error->>'code', '') not in ('DEADLINE_EXCEEDED', 'CANCELLED', 'ENGINE_CRASHED')`.execute(
        db,
      );
    },
  },
  '006-cancelled': {
    async up(db) {
      // Somebody asked for the run's end while a worker had it.
      await sql`alter table agents.run_queue add column cancelled boolean not null default false`.execute(db);
    },
  },
  '007-waits': {
    async up(db) {
      // When a step that waits for a time is answered, and which topic one waits on that waits for a message.
      await sql`alter table agents.steps add column due_at timestamptz, add column topic text`.execute(db);
      await sql`create index on agents.steps (topic) where topic is not null and status = 'waiting'`.execute(
        db,
      );
      // Signals to runs, kept until the run waits for one.
      await sql`create table agents.signals (
        id bigint generated always as identity primary key,
        run_id bigint not null,
        name text not null,
        payload json not null,
        sent_by text not null,
        sent_at timestamptz not null default now(),
        -- Which step took it.
        taken_by integer
      )`.execute(db);
      await sql`create index on agents.signals (run_id, name) where taken_by is null`.execute(db);
    },
  },
  '008-proofs': {
    async up(db) {
      await sql`create index steps_for_proofs on agents.steps (run_id, step) where status = 'waiting' and capability = 'prove.request'`.execute(
        db,
      );
    },
  },
  '009-health-and-triggers': {
    async up(db) {
      await sql`create table agents.health (
        deployment_id bigint primary key references agents.deployments on delete cascade,
        network text not null,
        input json not null,
        every_ms bigint not null check (every_ms > 0),
        -- Null while it is not probed.
        next_at timestamptz,
        -- The probe that is under way, or was last.
        run_id bigint,
        status text not null default 'unknown' check (status in ('unknown', 'healthy', 'unhealthy')),
        checked_at timestamptz,
        checked_run bigint,
        error json
      )`.execute(db);
      await sql`create index on agents.health (next_at) where next_at is not null`.execute(db);
      await sql`alter table agents.triggers drop constraint triggers_kind_check,
        add check (kind in ('change', 'message', 'log', 'query')),
        -- Of a log: which chain, whose, which topics (null: any), and how deep its block must be.
        add column chain text, add column address text, add column topics jsonb, add column confirmations integer,
        -- Of a query: the document as the deployment asks it; and its last answer.
        add column document text, add column variables jsonb, add column answer json, add column answer_hash text,
        -- Of a log: hash of the last block that was read.
        add column block_hash text,
        add check ((kind = 'log') = (chain is not null)),
        add check ((kind = 'query') = (document is not null))`.execute(db);
    },
  },
  '010-log-starts': {
    async up(db) {
      // The first block whose logs count: reading again after a reorganisation must not reach what was before the trigger.
      await sql`alter table agents.triggers add column first_block bigint`.execute(db);
    },
  },
};
