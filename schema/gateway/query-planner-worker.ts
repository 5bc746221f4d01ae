// The thread behind `startQueryPlanner`: reads a supergraph, then answers documents with plans.
import { parentPort, workerData } from 'node:worker_threads';
import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner';
import { messageOf } from '#node/platform/errors.ts';

export interface PlannerQuestion {
  readonly id: number;
  readonly query: string;
  readonly operationName: string | null;
  readonly activeLabels: ReadonlySet<string>;
  readonly percentage: number;
}

export type PlannerAnswer =
  | {
      readonly kind: 'ready';
      readonly overrideLabels: readonly string[];
      readonly overridePercentages: readonly number[];
    }
  | { readonly kind: 'unable'; readonly message: string }
  | { readonly kind: 'plan'; readonly id: number; readonly plan: QueryPlan }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

const port = parentPort;
if (!port) throw new Error('the query planner is started by startQueryPlanner');
const tell = (answer: PlannerAnswer) => port.postMessage(answer);

function start(): QueryPlanner | undefined {
  try {
    return new QueryPlanner(workerData as string);
  } catch (error) {
    tell({ kind: 'unable', message: messageOf(error) });
    return undefined;
  }
}

const planner = start();
if (planner) {
  port.on('message', ({ id, query, operationName, activeLabels, percentage }: PlannerQuestion) => {
    planner.planAsync(query, operationName, new Set(activeLabels), percentage).then(
      (plan) => tell({ kind: 'plan', id, plan }),
      (error: unknown) => tell({ kind: 'failed', id, message: messageOf(error) }),
    );
  });
  const { overrideLabels, overridePercentages } = planner;
  tell({ kind: 'ready', overrideLabels, overridePercentages });
}
