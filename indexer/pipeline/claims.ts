// Which deployments this process indexes: spread over the live indexer processes, taken over from those that died. The lease
// decides in the end; what is here only says who asks for it.

/** An assigned deployment with who holds its lease now. */
export interface Claimable {
  readonly deployment: string;
  /** Owner of a lease that has not expired; null when anybody may take it. */
  readonly heldBy: string | null;
}

export interface ClaimView {
  readonly owner: string;
  /** Live indexer processes, this one included. */
  readonly nodes: number;
  /** In order of their assignment. */
  readonly deployments: readonly Claimable[];
  /** Deployments this process runs. */
  readonly running: ReadonlySet<string>;
  /** Since when (milliseconds, any clock) each free deployment has been seen without an owner. */
  readonly freeSince: ReadonlyMap<string, number>;
  /** Until when deployments above the fair share are kept, because nobody else took them. */
  readonly keptUntil: ReadonlyMap<string, number>;
  readonly now: number;
}

export interface Claims {
  readonly start: readonly string[];
  readonly stop: readonly string[];
  /** Of `start`: above the fair share, because nobody else took them. */
  readonly beyondShare: readonly string[];
}

/** After this time a free deployment is taken by whoever sees it, fair share or not: the others may be unable to. */
export const ANYBODY_AFTER_MS = 3_000;

/**
 * Free deployments are taken up to the fair share (deployments over processes, rounded up), ours from before a restart
 * first; what another process has taken is stopped; what is above the fair share is given back when there are others.
 */
export function decideClaims(view: ClaimView): Claims {
  const { owner, nodes, deployments, running, freeSince, keptUntil, now } = view;
  const share = Math.ceil(deployments.length / Math.max(1, nodes));
  const assigned = new Set(deployments.map(({ deployment }) => deployment));
  const stop = [...running].filter((id) => !assigned.has(id));
  const start: string[] = [];
  const beyondShare: string[] = [];
  const kept: string[] = [];
  for (const { deployment, heldBy } of deployments) {
    if (!running.has(deployment)) continue;
    if (heldBy !== null && heldBy !== owner) stop.push(deployment);
    else kept.push(deployment);
  }
  const excess = kept.length - share;
  if (nodes > 1 && excess > 0) {
    const givable = kept.filter((id) => (keptUntil.get(id) ?? 0) <= now);
    stop.push(...givable.slice(-excess));
  }
  let held = kept.length;
  const free = deployments.filter(
    ({ deployment, heldBy }) => !running.has(deployment) && (heldBy === null || heldBy === owner),
  );
  free.sort((a, b) => Number(b.heldBy === owner) - Number(a.heldBy === owner));
  for (const { deployment, heldBy } of free) {
    const waited = now - (freeSince.get(deployment) ?? now);
    if (heldBy !== owner && held >= share) {
      if (waited < ANYBODY_AFTER_MS) continue;
      beyondShare.push(deployment);
    }
    start.push(deployment);
    held++;
  }
  return { start, stop, beyondShare };
}
