// A run as it goes on: its events by the stream, each once and in order (resumed by cursor after a lost connection), and the run itself,
// read again as often as events say that it changed.
import type { ApolloClient } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useSession } from '../app/session-context.tsx';
import { RunDocument, RunEventsDocument, type RunEventsSubscription } from '../generated/graphql.ts';

export type RunEvent = RunEventsSubscription['runEvents'];

/** How often a run is read at most while its events come in. */
const READ_EVERY_MS = 300;
/** Events of one delivery are shown together. */
const SHOW_EVERY_MS = 50;

const READ_AGAIN_MS = 700;
const ASK_ANCHORED_MS = 3_000;
const ASK_AT_MOST_MS = 10 * 60_000;

/** Reads a run into the cache. Not shared with a request that is under way: that one may be answered as things were before. */
async function readRun(client: ApolloClient, id: string): Promise<void> {
  const context = { queryDeduplication: false };
  await client
    .query({ query: RunDocument, variables: { id }, fetchPolicy: 'network-only', context })
    .catch(() => undefined);
}

export const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'KILLED']);

export function useRun(id: string | null) {
  const client = useApolloClient();
  const { session } = useSession();
  const did = session?.did;
  const skip = id === null || !did;
  const result = useQuery(RunDocument, {
    variables: { id: id ?? '' },
    skip,
    fetchPolicy: 'cache-and-network',
  });
  const [trace, setTrace] = useState<{ readonly run: string | null; readonly events: readonly RunEvent[] }>({
    run: null,
    events: [],
  });
  const [streamError, setStreamError] = useState<Error | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another viewer is another stream
  useEffect(() => {
    if (skip || id === null) return;
    setTrace({ run: id, events: [] });
    setStreamError(null);
    let waiting: RunEvent[] = [];
    let shower: ReturnType<typeof setTimeout> | undefined;
    let reader: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      shower = undefined;
      const arrived = waiting;
      waiting = [];
      setTrace(({ run, events }) => ({ run, events: run === id ? [...events, ...arrived] : events }));
    };
    const read = () => {
      reader = undefined;
      void readRun(client, id);
    };
    const following = client
      .subscribe({ query: RunEventsDocument, variables: { run: id }, fetchPolicy: 'no-cache' })
      .subscribe({
        next({ data, error }) {
          if (error) return setStreamError(error);
          if (!data) return;
          waiting.push(data.runEvents);
          shower ??= setTimeout(show, SHOW_EVERY_MS);
          if (data.runEvents.kind === 'finished') {
            clearTimeout(reader);
            read();
          } else reader ??= setTimeout(read, READ_EVERY_MS);
        },
        error: (error: unknown) =>
          setStreamError(error instanceof Error ? error : new Error('The stream ended.')),
      });
    return () => {
      following.unsubscribe();
      clearTimeout(shower);
      clearTimeout(reader);
    };
  }, [client, id, skip, did]);

  const run = result.data?.run ?? undefined;
  const ended = run !== undefined && ENDED.has(run.status);
  const over = trace.run === id && trace.events.some(({ kind }) => kind === 'finished');
  const unanchored = ended && run.digest !== null && run.replayOf === null && run.anchored === null;
  // An answer that was under way when the run ended may arrive last; and a run's place on chain is known only once its batch is indexed.
  const every = over && !ended ? READ_AGAIN_MS : unanchored ? ASK_ANCHORED_MS : null;
  useEffect(() => {
    if (every === null || id === null) return;
    const opened = Date.now();
    const timer = setInterval(() => {
      if (Date.now() - opened > ASK_AT_MOST_MS) clearInterval(timer);
      else if (!document.hidden) void readRun(client, id);
    }, every);
    return () => clearInterval(timer);
  }, [client, id, every]);
  return {
    run,
    events: trace.run === id ? trace.events : [],
    ended,
    loading: result.loading && !result.data,
    error: result.data ? undefined : result.error,
    streamError,
    refetch: result.refetch,
  };
}
