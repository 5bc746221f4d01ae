// The newest blocks, kept current: one reading of the window, then the live tail alone, which is a tenth of it.
import { useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { useLive } from '../../client/use-live.ts';
import { ChainWindowDocument } from '../../generated/graphql.ts';
import { continueWindow, type DagNode } from './dag-window.ts';

/** Blocks kept: about a minute of four proposers. */
const WINDOW = 260;
/** Blocks of the live tail: some rounds, so that a delivery that was skipped leaves no hole. */
const TAIL = 24;

export function useDagWindow() {
  const window = useQuery(ChainWindowDocument, {
    variables: { first: WINDOW },
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-only',
  });
  const tail = useLive(ChainWindowDocument, { first: TAIL });
  const [nodes, setNodes] = useState<readonly DagNode[] | undefined>(undefined);
  const { refetch } = window;
  const asking = useRef(false);
  const read = window.data?.dagBlocks;
  const live = tail.data?.dagBlocks;

  useEffect(() => {
    if (read) setNodes([...read].sort((a, b) => a.sequence - b.sequence));
  }, [read]);
  useEffect(() => {
    if (!live || !nodes) return;
    const newest = live[0];
    const last = nodes.at(-1);
    // The cache delivers what is known already.
    if (newest?.id === last?.id && newest?.sequence === last?.sequence) return;
    const next = continueWindow(nodes, live, WINDOW);
    if (next) {
      // An older delivery than the window, which was read later.
      if ((next.at(-1)?.sequence ?? 0) >= (last?.sequence ?? 0)) setNodes(next);
    } else if (!asking.current) {
      asking.current = true;
      void refetch().finally(() => {
        asking.current = false;
      });
    }
  }, [live, nodes, refetch]);

  return { nodes, error: nodes ? undefined : (window.error ?? tail.error), refetch };
}
