// A query that stays current: read once over HTTP, then kept by live queries that write into the cache it reads from,
// so that a mutation's result and a live delivery meet in one place.
import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { liveOperations } from './live-operations.ts';

/** How often a query is read again when its live query cannot run. */
const FALLBACK_POLL_MS = 5_000;

/**
 * Like Apollo's `useQuery`, and live. `data` keeps the previous result while other variables load, so lists do not
 * collapse; `loading` is true only while there is nothing to show.
 */
export function useLive<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { readonly skip?: boolean; readonly fields?: readonly string[] } = {},
) {
  const client = useApolloClient();
  const skip = options.skip ?? false;
  const result = useQuery<Data, OperationVariables>(document, {
    variables,
    skip,
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  });
  const key = JSON.stringify(variables);
  const fields = options.fields?.join();
  const polling = useRef(result);
  polling.current = result;

  useEffect(() => {
    if (skip) return;
    const values = JSON.parse(key) as Record<string, unknown>;
    const running = liveOperations(document)
      .filter((operation) => !fields || fields.split(',').includes(operation.field))
      .map((operation) => {
        const own = Object.fromEntries(operation.variables.map((name) => [name, values[name]]));
        return client
          .subscribe<Record<string, unknown>>({
            query: operation.subscription,
            variables: own,
            fetchPolicy: 'no-cache',
          })
          .subscribe({
            next({ data }) {
              if (data) client.writeQuery({ query: operation.query, variables: own, data });
            },
            error: () => polling.current.startPolling(FALLBACK_POLL_MS),
          });
      });
    return () => {
      for (const subscription of running) subscription.unsubscribe();
      polling.current.stopPolling();
    };
  }, [client, document, key, skip, fields]);

  const data = (result.data ?? result.previousData) as Data | undefined;
  return {
    data,
    /** The shown data belongs to earlier variables. */
    stale: result.data === undefined && result.previousData !== undefined,
    loading: result.loading && !data,
    error: data ? undefined : result.error,
    refetch: result.refetch,
  };
}
