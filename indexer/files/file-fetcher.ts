// Gets files for all deployments of a process: from the blocks in PostgreSQL first, then from the gateways in turn. Bounded in how many at
// once, so that a subgraph of a million files leaves air for the others.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { BlockStore } from './block-store.ts';
import { type Cid, cidKey, formatCid, isCheckable } from './cid.ts';
import { type ContentPath, showContentPath } from './content-path.ts';
import { IpfsGateway } from './ipfs-gateway.ts';
import { type FileBlock, readFile } from './unixfs.ts';

export interface IpfsSettings {
  /** Gateways to ask, in turn. None: only files that were added here are found. */
  readonly gateways: readonly string[];
  readonly timeoutMs: number;
  readonly maxFileBytes: number;
  /** Files fetched at the same time, over all deployments. */
  readonly concurrency: number;
  /** First and longest pause before a file that was not found is looked for again. */
  readonly retryMs: { readonly first: number; readonly most: number };
}

/** Sizes, time-outs and pauses are graph-node's defaults. */
export const DEFAULT_IPFS: IpfsSettings = {
  gateways: [],
  timeoutMs: 60_000,
  maxFileBytes: 25 << 20,
  concurrency: 8,
  retryMs: { first: 5_000, most: 600_000 },
};

export type FoundFile =
  | { readonly content: Uint8Array; readonly reason: null }
  | { readonly content: null; readonly reason: string };

export class FileFetcher {
  readonly #store: BlockStore;
  readonly #gateways: readonly IpfsGateway[];
  readonly #settings: IpfsSettings;
  readonly #waiting: (() => void)[] = [];
  /** One fetch of a file serves all who want it meanwhile. */
  readonly #running = new Map<string, Promise<FoundFile>>();
  readonly #stop = new AbortController();
  #busy = 0;

  constructor(store: BlockStore, settings: IpfsSettings) {
    this.#store = store;
    this.#settings = settings;
    this.#gateways = settings.gateways.map(
      (url) => new IpfsGateway({ url, timeoutMs: settings.timeoutMs, maxBytes: settings.maxFileBytes }),
    );
  }

  get settings(): IpfsSettings {
    return this.#settings;
  }

  /** Looks once, everywhere. Never rejects: why a file was not found is part of the answer. */
  fetch(path: ContentPath): Promise<FoundFile> {
    const key = showContentPath(path);
    let running = this.#running.get(key);
    if (!running) {
      running = this.#inTurn(() => this.#fetch(path)).finally(() => this.#running.delete(key));
      this.#running.set(key, running);
    }
    return running;
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#stop.abort();
  }

  async #inTurn(look: () => Promise<FoundFile>): Promise<FoundFile> {
    if (this.#busy >= this.#settings.concurrency)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    try {
      return await look();
    } catch (error) {
      return { content: null, reason: messageOf(error) };
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #fetch(path: ContentPath): Promise<FoundFile> {
    if (!isCheckable(path.cid))
      throw new AiosError(
        'FILE_UNCHECKABLE',
        `${formatCid(path.cid)} is made with the hash function 0x${path.cid.hashCode.toString(16)}, which cannot be checked here`,
      );
    const local = await readFile(path, (cid) => this.#store.get(cid), this.#settings.maxFileBytes);
    if (local !== null) return { content: local, reason: null };
    const reasons: string[] = [];
    for (const gateway of this.#gateways) {
      if (this.#stop.signal.aborted) break;
      try {
        const content = await this.#fromGateway(gateway, path);
        if (content !== null) return { content, reason: null };
        reasons.push(`${gateway.url} does not have it`);
      } catch (error) {
        reasons.push(messageOf(error));
      }
    }
    return {
      content: null,
      reason: reasons.join('; ') || 'it is not here, and no gateway is configured (ipfs.gateways)',
    };
  }

  async #fromGateway(gateway: IpfsGateway, path: ContentPath): Promise<Uint8Array | null> {
    const { signal } = this.#stop;
    const sent = await gateway.file(path, signal);
    if (sent === null) return null;
    const blocks = new Map(sent.map((block) => [cidKey(block.cid), block]));
    const used = new Map<string, FileBlock>();
    const content = await readFile(
      path,
      async (cid: Cid) => {
        const key = cidKey(cid);
        const stored = blocks.has(key) ? null : await this.#store.get(cid);
        if (stored) return stored;
        const block = blocks.get(key) ?? (await gateway.block(cid, signal));
        if (block === null) return null;
        used.set(key, block);
        return block.bytes;
      },
      this.#settings.maxFileBytes,
    );
    // Of what was sent, only what the file is made of is kept: leaves first, as half a file is none.
    if (content !== null) await this.#store.put([...used.values()].reverse());
    return content;
  }
}
