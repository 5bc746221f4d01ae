// The query planner of one supergraph, in a thread of its own: reading a supergraph of two megabytes takes it 250 ms at a stretch.
import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { AiosError } from '#node/platform/errors.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import type { PlannerAnswer, PlannerQuestion } from './query-planner-worker.ts';

export interface QueryPlannerThread {
  /** Labels and percentages of `@override` that plans depend on. */
  readonly overrideLabels: readonly string[];
  readonly overridePercentages: readonly number[];
  plan(question: Omit<PlannerQuestion, 'id'>): Promise<QueryPlan>;
  /** Plans nothing more. Repeats safely. */
  close(): void;
}

interface Waiting {
  readonly resolve: (plan: QueryPlan) => void;
  readonly reject: (error: Error) => void;
}

const gone = () =>
  new AiosError('SUPERGRAPH_CHANGED', 'the schema has changed while this waited to be planned: ask again');

/** @throws AiosError `SUPERGRAPH_INVALID` when the planner cannot read the supergraph */
export async function startQueryPlanner(supergraphSdl: string): Promise<QueryPlannerThread> {
  const worker = new Worker(bundledEntry('query-planner.mjs'), {
    workerData: supergraphSdl,
    name: 'query-planner',
  });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let closed = false;
  const close = () => {
    closed = true;
    void worker.terminate();
  };
  const ready = new Promise<Extract<PlannerAnswer, { kind: 'ready' }>>((resolve, reject) => {
    worker.on('message', (answer: PlannerAnswer) => {
      if (answer.kind === 'ready') resolve(answer);
      else if (answer.kind === 'unable') {
        reject(
          new AiosError('SUPERGRAPH_INVALID', `the supergraph cannot be planned for: ${answer.message}`),
        );
      } else {
        const asked = waiting.get(answer.id);
        waiting.delete(answer.id);
        if (answer.kind === 'plan') asked?.resolve(answer.plan);
        else asked?.reject(new Error(answer.message));
      }
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      closed = true;
      reject(new AiosError('SUPERGRAPH_INVALID', 'the query planner ended while it was started'));
      for (const { reject: give } of waiting.values()) give(gone());
      waiting.clear();
    });
  });
  const { overrideLabels, overridePercentages } = await ready.catch((error: unknown) => {
    close();
    throw error;
  });
  // A process that has nothing else to do does not wait for the next question.
  worker.unref();
  return {
    overrideLabels,
    overridePercentages,
    plan(question) {
      if (closed) return Promise.reject(gone());
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ...question } satisfies PlannerQuestion);
      });
    },
    close,
  };
}
