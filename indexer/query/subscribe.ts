// Live queries over one deployment: the answer now, and again after every commit that touches what it read.
import type { ExecutionResult } from 'graphql';
import { type BlockPointer, type OperationContext, ReadSet } from '#node/platform/operation.ts';

/** What readers need to know of a commit. Absent `entities`: anything may have changed. */
export interface Commit {
  readonly deployment: string;
  /** The new head; null once all was reverted. */
  readonly block: BlockPointer | null;
  readonly entities?: readonly string[];
}

/** Where commits are heard of; `onCommit` returns the way to stop. Undefined means that some may have been missed. */
export interface CommitFeed {
  onCommit(listener: (commit: Commit | undefined) => void): () => void;
}

/**
 * Answers now and after relevant commits. Commits that arrive while an answer is under way are answered together, by one
 * newer answer; an answer equal to the last is not repeated. Ends with the context's signal.
 */
export async function* liveAnswers(
  commits: CommitFeed,
  deployment: string,
  context: OperationContext,
  answer: (context: OperationContext) => Promise<ExecutionResult>,
): AsyncGenerator<ExecutionResult> {
  const { signal } = context;
  let reads = new ReadSet();
  let dirty = true;
  let wake: (() => void) | undefined;
  const stopListening = commits.onCommit((commit) => {
    if (commit !== undefined && !touches(commit, deployment, reads)) return;
    dirty = true;
    wake?.();
  });
  const onAbort = () => wake?.();
  signal.addEventListener('abort', onAbort);
  let last: string | undefined;
  try {
    while (!signal.aborted) {
      if (!dirty) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
        continue;
      }
      dirty = false;
      context.readPoint.renew();
      // Until the answer has told what it reads, every commit counts.
      const next = new ReadSet();
      next.addEntity(deployment, '*');
      reads = next;
      const fresh = new ReadSet();
      const result = await answer({ ...context, reads: fresh });
      reads = fresh;
      for (const type of fresh.entities.get(deployment) ?? []) context.reads.addEntity(deployment, type);
      if (isReorged(result)) {
        dirty = true;
        continue;
      }
      const text = JSON.stringify(result);
      if (text === last) continue;
      last = text;
      yield result;
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', onAbort);
  }
}

function touches(commit: Commit, deployment: string, reads: ReadSet): boolean {
  if (commit.deployment !== deployment) return false;
  const types = reads.entities.get(deployment);
  if (types === undefined) return false;
  return types.has('*') || commit.entities === undefined || commit.entities.some((type) => types.has(type));
}

/** A block that vanished while it was read is no answer: there is a newer one. */
function isReorged(result: ExecutionResult): boolean {
  return result.errors?.some((error) => error.extensions?.code === 'BLOCK_REORGED') ?? false;
}
