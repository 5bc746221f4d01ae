// Puts a planner in another thread in the place of the one that the router's runtime makes for itself, in this thread.
import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner';
import { parse } from 'graphql';
import type { QueryPlannerThread } from './query-planner.ts';

const ANY_DOCUMENT = parse('{ _any }', { noLocation: true });

/** The planner that an executor of the router's runtime asks. The runtime does not tell, so it is caught being asked. */
export function plannerOf(execute: (request: never) => unknown): QueryPlanner {
  const original = QueryPlanner.prototype.planAsync;
  let asked: QueryPlanner | undefined;
  QueryPlanner.prototype.planAsync = function (this: QueryPlanner) {
    asked = this;
    // Never answered: nothing is executed.
    return new Promise<QueryPlan>(() => {});
  };
  try {
    // Planning begins before the executor returns: nobody else is asked in between.
    execute({ document: ANY_DOCUMENT, variables: {}, context: {} } as never);
  } finally {
    QueryPlanner.prototype.planAsync = original;
  }
  if (!asked) throw new Error('the router plans otherwise than it did: check its version');
  return asked;
}

/** Lets `elsewhere` answer for `planner`. */
export function planElsewhere(planner: QueryPlanner, elsewhere: QueryPlannerThread): void {
  Object.defineProperties(planner, {
    overrideLabels: { value: elsewhere.overrideLabels },
    overridePercentages: { value: elsewhere.overridePercentages },
    planAsync: {
      value: (
        query: string,
        operationName: string | null | undefined,
        activeLabels: Set<string>,
        percentage: number,
      ): Promise<QueryPlan> =>
        elsewhere.plan({ query, operationName: operationName ?? null, activeLabels, percentage }),
    },
  });
}
