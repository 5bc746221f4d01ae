// An indexer in the race: how it is started, how one knows that it has arrived, what it then holds.
import type { BenchChain } from './chain.ts';

export interface Race {
  readonly chain: BenchChain;
  /** The subgraph's project folder, built. */
  readonly project: string;
  readonly dex: boolean;
  /** A database of the rival's own. */
  readonly databaseUrl: string;
  /** A folder of the rival's own. */
  readonly folder: string;
  /** Where a .cpuprofile of each thread goes, when one is wanted. */
  readonly profile: string | undefined;
}

export interface Running {
  readonly pid: number;
  /** Resolves once everything up to the chain's head is in the database. @throws Error when that can no longer happen */
  arrived(): Promise<void>;
  /** Rows as `Load.expected` has them. */
  rows(): Promise<string[]>;
  /** What the rival itself says about where the time went. */
  notes(): string[];
  stop(): Promise<void>;
}

export interface Rival {
  readonly name: string;
  start(race: Race): Promise<Running>;
}
