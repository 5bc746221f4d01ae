// How far somebody is on the path, kept in the browser for each signed-in viewer, so that a reload goes on where it was left.
import { useCallback, useState } from 'react';

export interface Progress {
  readonly network?: string;
  readonly licence?: string;
  readonly agent?: string;
  readonly deployment?: string;
  readonly run?: string;
  readonly replay?: string;
  readonly proof?: string;
  readonly verified?: string;
}

/** In the order of the path: what is done again undoes what rests on it. */
const ORDER = ['network', 'licence', 'agent', 'deployment', 'run', 'replay', 'proof', 'verified'] as const;

const keyOf = (did: string) => `aios.path.${did}`;

function read(did: string | undefined): Progress {
  if (!did) return {};
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(did)) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const known = value as Record<string, unknown>;
    return Object.fromEntries(
      ORDER.flatMap((step) => (typeof known[step] === 'string' ? [[step, known[step]]] : [])),
    );
  } catch {
    return {};
  }
}

/** The progress after steps were done: later ones that rested on another answer are forgotten. */
export function advance(progress: Progress, done: Progress): Progress {
  const last = Math.max(...Object.keys(done).map((step) => ORDER.indexOf(step as (typeof ORDER)[number])));
  const kept = ORDER.slice(0, last + 1).flatMap((step) => {
    const value = done[step] ?? progress[step];
    return value === undefined ? [] : [[step, value]];
  });
  return Object.fromEntries(kept);
}

/** The progress before `step`, which is then to be done again. */
export function backTo(progress: Progress, step: keyof Progress): Progress {
  const kept = ORDER.slice(0, ORDER.indexOf(step));
  return Object.fromEntries(
    kept.flatMap((one) => (progress[one] === undefined ? [] : [[one, progress[one]]])),
  );
}

export function useProgress(did: string | undefined) {
  const [state, setState] = useState(() => ({ did, progress: read(did) }));
  if (state.did !== did) setState({ did, progress: read(did) });
  const progress = state.did === did ? state.progress : {};
  const set = useCallback(
    (change: (progress: Progress) => Progress) =>
      setState((before) => {
        const next = change(before.progress);
        try {
          if (before.did) localStorage.setItem(keyOf(before.did), JSON.stringify(next));
        } catch {
          // Without storage the path lasts as long as the page.
        }
        return { ...before, progress: next };
      }),
    [],
  );
  return {
    progress,
    done: useCallback((steps: Progress) => set((before) => advance(before, steps)), [set]),
    again: useCallback((step: keyof Progress) => set((before) => backTo(before, step)), [set]),
  };
}
