// Tables of the prover: its queue of jobs.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';
import { protectTenantTable } from '#node/platform/postgres/tenant.ts';

export const provingSchema = 'proving';

export const provingMigrations: Migrations = {
  '001-jobs': {
    async up(db) {
      await sql`create table proving.jobs (
        id uuid primary key default gen_random_uuid(),
        circuit text not null,
        system text not null,
        -- Private: emptied as soon as the job has ended.
        input jsonb,
        status text not null default 'QUEUED'
          check (status in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
        stage text,
        fraction real not null default 0,
        -- Who holds the job, until when, and how often it has changed hands: a holder whose fence is not the row's writes nothing.
        fence bigint not null default 0,
        leased_until timestamptz,
        attempts integer not null default 0,
        cancel_requested boolean not null default false,
        -- The viewer who asked (an account's id), and what the proof is for.
        requested_by text not null,
        agent_id text,
        run_id text,
        model_id text,
        proof jsonb,
        words text[],
        public_signals text[],
        key_hash text,
        development boolean,
        cpu_seconds double precision,
        peak_bytes bigint,
        error_code text,
        error_message text,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        -- Grows with every change, so that a listener can tell what it has seen.
        version bigint not null default 1
      )`.execute(db);
      await sql`create index jobs_waiting on proving.jobs (created_at) where status in ('QUEUED', 'RUNNING')`.execute(
        db,
      );
      await sql`create index jobs_by_agent on proving.jobs (agent_id, created_at desc) where agent_id is not null`.execute(
        db,
      );
      await sql`create index jobs_by_requester on proving.jobs (requested_by, created_at desc)`.execute(db);
    },
  },
  '002-networks': {
    async up(db) {
      await sql`alter table proving.jobs
        -- Where the run it is for belongs to; empty for what an account asked for by itself.
        add column network text not null default '',
        add column environment text not null default '',
        -- run/step/attempt of the step that waits for it.
        add column step_key text unique`.execute(db);
      await sql`create index jobs_by_run on proving.jobs (run_id, created_at desc) where run_id is not null`.execute(
        db,
      );
      await protectTenantTable(db, provingSchema, 'jobs');
    },
  },
};
