// The versions that a worker runs, kept in memory: a version never changes, so what was read once stays right.
import { AiosError } from '#node/platform/errors.ts';
import type { Grants } from '../capabilities/grants.ts';
import type { AgentCode, Json, RunLimits } from '../runtime/runtime.ts';

export interface LoadedVersion {
  readonly id: string;
  readonly code: AgentCode;
  readonly limits: RunLimits;
  readonly grants: Grants;
  /** Mistakes of an output, by the manifest's schema; absent: it says nothing. */
  readonly mistakesOf?: (output: Json) => readonly string[];
}

const defaultEntries = 256;

export class VersionCache {
  readonly #load: (versionId: string) => Promise<LoadedVersion | undefined>;
  readonly #entries: number;
  /** In the order of last use. */
  readonly #versions = new Map<string, Promise<LoadedVersion | undefined>>();

  constructor(load: (versionId: string) => Promise<LoadedVersion | undefined>, entries = defaultEntries) {
    this.#load = load;
    this.#entries = entries;
  }

  /** @throws AiosError VERSION_UNKNOWN */
  async version(id: string): Promise<LoadedVersion> {
    let loading = this.#versions.get(id);
    if (loading) this.#versions.delete(id);
    else {
      loading = this.#load(id);
      // A load that failed is tried again by the next run.
      loading.catch(() => this.#versions.delete(id));
    }
    this.#versions.set(id, loading);
    for (const oldest of this.#versions.keys()) {
      if (this.#versions.size <= this.#entries) break;
      this.#versions.delete(oldest);
    }
    const version = await loading;
    if (!version) {
      this.#versions.delete(id);
      throw new AiosError('VERSION_UNKNOWN', `There is no version ${id}. Deploy the agent again.`);
    }
    return version;
  }
}
