// What stands between a guest's call and the world, as a run's execution sees it: node/agents/capabilities implements it.
import type pg from 'pg';
import type { Grants } from '../capabilities/grants.ts';
import type { HostAnswer, Json } from '../runtime/runtime.ts';
import type { ClaimedRun } from './run-queue.ts';

/** One call of one run, with the ways to store its answer. */
export interface StepContext {
  readonly run: ClaimedRun;
  readonly grants: Grants;
  readonly step: number;
  /** run/step: the same however often it is tried. */
  readonly key: string;
  readonly capability: string;
  readonly args: Json;
  /** True when an earlier worker began to act and nobody knows whether it did. */
  readonly inDoubt: boolean;
  /** The run is over. */
  readonly signal: AbortSignal;
  /** Stores that acting begins; resolves once that is durable and the lease still holds. @throws AiosError LEASE_LOST */
  begin(): Promise<void>;
  /** The same together with what the act needs first, such as a reservation. @throws AiosError LEASE_LOST, and what `work` throws */
  prepare(work: (client: pg.PoolClient) => Promise<void>): Promise<void>;
  /** Stores the answer. Who has read only need not wait: whatever the run stores later is stored after it. */
  answered(answer: HostAnswer, cost?: bigint): Promise<void>;
  /** Stores an effect and its answer together; no answer: the run waits for one. @throws AiosError LEASE_LOST */
  commit(work: (client: pg.PoolClient) => Promise<Committed>): Promise<HostAnswer | undefined>;
}

/** What became of a step. */
export interface Committed {
  readonly answer?: HostAnswer;
  readonly cost?: bigint;
  /** Without an answer: when the run looks again at the latest. */
  readonly dueAt?: Date;
  /** Without an answer: messages on this topic are waited for. */
  readonly topic?: string;
}

export interface Broker {
  /** The answer, stored; or undefined when the run is put aside until it comes. Refusals are answers. */
  call(step: StepContext): Promise<HostAnswer | undefined>;
}
