// Which deployment stands under an alias of the supergraph. Services learn it from the indexer's registry through this seam.

export interface DeploymentAliases {
  /** The deployment id (`Qm…`) under `alias`, or null when nothing stands there yet. */
  current(alias: string): Promise<string | null>;
  /** Calls back when any alias may have changed; returns the way to stop. */
  onChange(listener: () => void): () => void;
}
