// A proof as it is made: the job, its stages by the live stream, and, once it is recorded, the proof on chain.
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useSession } from '../app/session-context.tsx';
import { useLive } from '../client/use-live.ts';
import {
  ProofJobDocument,
  type ProofJobFieldsFragment,
  ProofProgressDocument,
  VerifiedProofsDocument,
} from '../generated/graphql.ts';

export const OPEN: ReadonlySet<string> = new Set(['QUEUED', 'RUNNING']);

export function useProof(id: string | null) {
  const client = useApolloClient();
  const { session } = useSession();
  const did = session?.did;
  const skip = id === null || !did;
  const result = useQuery(ProofJobDocument, {
    variables: { id: id ?? '' },
    skip,
    fetchPolicy: 'cache-and-network',
  });
  const [streamError, setStreamError] = useState<Error | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another viewer is another stream
  useEffect(() => {
    if (skip || id === null) return;
    setStreamError(null);
    // Each delivery is the job as it is now; it lands in the cache that the query above reads.
    const following = client
      .subscribe({ query: ProofProgressDocument, variables: { job: id }, fetchPolicy: 'no-cache' })
      .subscribe({
        next({ data, error }) {
          if (error) return setStreamError(error);
          const job = data?.proofProgress;
          if (job) client.writeQuery({ query: ProofJobDocument, variables: { id }, data: { proofJob: job } });
        },
        error: (error: unknown) =>
          setStreamError(error instanceof Error ? error : new Error('The stream ended.')),
      });
    return () => following.unsubscribe();
  }, [client, id, skip, did]);

  const job = result.data?.proofJob ?? undefined;
  return {
    job,
    missing: result.data !== undefined && !job,
    error: result.data ? undefined : result.error,
    streamError,
    refetch: result.refetch,
  };
}

/** The record of a completed proof on chain, live: its nullifier is recorded once. Null while there is none. */
export function useVerifiedProof(job: ProofJobFieldsFragment | undefined) {
  const nullifier = job?.publicSignals?.[0]?.value;
  const { data } = useLive(
    VerifiedProofsDocument,
    { nullifier: nullifier ?? '0' },
    { skip: nullifier === undefined },
  );
  const [found] = data?.verifiedProofs ?? [];
  // Another circuit may happen to use the same number.
  return found && found.key.circuit === job?.circuit ? found : null;
}
