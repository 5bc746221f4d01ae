// How the live-query engine learns that something it has read may have changed.

/** One committed change. Of a deployment: which entity types a block touched. Of a service: which topics. */
export interface Commit {
  /** Deployment id; empty for a commit of a service, which names topics only. */
  readonly deployment: string;
  /** The deployment's head after the commit (lower than before after a revert); -1 for services. */
  readonly block: number;
  /** Entity types touched; `*` when not known. */
  readonly entities: readonly string[];
  /** Topics changed; `*` when signals may have been missed. */
  readonly topics?: readonly string[];
}

/** A listener is called after the commit is visible to readers. The returned function unsubscribes. */
export interface CommitFeed {
  subscribe(listener: (commit: Commit) => void): () => void;
}

/** A feed for tests and for processes without a database: what is published reaches all listeners at once. */
export class MemoryCommitFeed implements CommitFeed {
  readonly #listeners = new Set<(commit: Commit) => void>();

  subscribe(listener: (commit: Commit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(commit: Commit): void {
    for (const listener of this.#listeners) listener(commit);
  }
}
