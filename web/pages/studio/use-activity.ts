// Keeps what the studio shows of a deployment current: each event of its network that is about it has the shown lists read again.
import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { AgentActivityDocument } from '../../generated/graphql.ts';

/** Queries of what changes with every run, and of what changes with a deployment, by name. */
const OF_RUNS = ['DeploymentRuns', 'WaitingRuns'];
const OF_DEPLOYMENT = ['Deployment', 'DeploymentVersions'];

/** Runs may end many a second; lists are read again at most this often. */
const READ_EVERY_MS = 1_000;

const ABOUT_RUNS: ReadonlySet<string> = new Set(['finished', 'waiting']);

export function useActivity(network: string | undefined, deployment: string | undefined): void {
  const client = useApolloClient();
  useEffect(() => {
    if (network === undefined || deployment === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let all = false;
    const read = () => {
      timer = undefined;
      const wanted = all ? [...OF_RUNS, ...OF_DEPLOYMENT] : OF_RUNS;
      all = false;
      const shown = new Set([...client.getObservableQueries('active')].map(({ queryName }) => queryName));
      const include = wanted.filter((name) => shown.has(name));
      if (include.length > 0) void client.refetchQueries({ include }).catch(() => undefined);
    };
    const following = client
      .subscribe({ query: AgentActivityDocument, variables: { network }, fetchPolicy: 'no-cache' })
      .subscribe({
        next({ data }) {
          if (data?.agentActivity.deployment?.id !== deployment) return;
          if (!ABOUT_RUNS.has(data.agentActivity.kind)) all = true;
          timer ??= setTimeout(read, READ_EVERY_MS);
        },
        // Lists stand without the stream; they are read again when they are opened.
        error: () => undefined,
      });
    return () => {
      following.unsubscribe();
      clearTimeout(timer);
    };
  }, [client, network, deployment]);
}
