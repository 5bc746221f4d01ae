// What one deployment's pipeline is doing, for status pages, health checks and metrics.
import type { BlockPointer } from '../model.ts';

export type RunnerState =
  | 'starting'
  | 'waiting-for-lease'
  | 'syncing'
  | 'synced'
  | 'retrying'
  | 'failed'
  | 'paused'
  | 'stopped';

export const STAGES = ['fetch', 'match', 'map', 'write'] as const;
export type StageName = (typeof STAGES)[number];

/** Counters since the process started; they only grow. */
export interface PipelineCounters {
  /** Milliseconds each stage was busy. Stages overlap, so they may sum to more than the time that passed. */
  readonly stageMs: Record<StageName, number>;
  blocks: number;
  events: number;
  /** Entity versions written. */
  versions: number;
  commits: number;
  reorgs: number;
  revertedBlocks: number;
  retries: number;
}

export interface PipelineStatus {
  readonly deployment: string;
  readonly chain: string;
  readonly state: RunnerState;
  readonly head: BlockPointer | null;
  readonly chainHead: BlockPointer | null;
  /** Blocks between the two; null before both are known. */
  readonly lag: number | null;
  /** The last error that is being retried, or the reason for having failed. */
  readonly message: string | null;
  readonly counters: PipelineCounters;
  /** Since the last time something was asked for, at most a few seconds back. */
  readonly blocksPerSecond: number;
  readonly eventsPerSecond: number;
}

const RATE_WINDOW_MS = 5_000;

export class Progress {
  state: RunnerState = 'starting';
  head: BlockPointer | null = null;
  chainHead: BlockPointer | null = null;
  message: string | null = null;
  readonly counters: PipelineCounters = {
    stageMs: { fetch: 0, match: 0, map: 0, write: 0 },
    blocks: 0,
    events: 0,
    versions: 0,
    commits: 0,
    reorgs: 0,
    revertedBlocks: 0,
    retries: 0,
  };
  readonly #deployment: string;
  readonly #chain: string;
  readonly #samples: { at: number; blocks: number; events: number }[] = [];
  readonly #onChange: () => void;

  constructor(deployment: string, chain: string, onChange: () => void = () => undefined) {
    this.#deployment = deployment;
    this.#chain = chain;
    this.#onChange = onChange;
  }

  enter(state: RunnerState, message: string | null = null): void {
    if (this.state === state && this.message === message) return;
    this.state = state;
    this.message = message;
    this.#onChange();
  }

  seeChainHead({ number, hash }: BlockPointer): void {
    if (this.chainHead?.hash === hash) return;
    this.chainHead = { number, hash };
    this.#onChange();
  }

  moveHead(head: BlockPointer | null): void {
    this.head = head;
    const { blocks, events } = this.counters;
    const now = performance.now();
    this.#samples.push({ at: now, blocks, events });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > RATE_WINDOW_MS)
      this.#samples.shift();
    this.#onChange();
  }

  async measure<T>(stage: StageName, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.counters.stageMs[stage] += performance.now() - started;
    }
  }

  status(): PipelineStatus {
    const [oldest] = this.#samples;
    const seconds = oldest ? (performance.now() - oldest.at) / 1_000 : 0;
    const rate = (now: number, then: number) => (seconds > 0 ? (now - then) / seconds : 0);
    return {
      deployment: this.#deployment,
      chain: this.#chain,
      state: this.state,
      head: this.head,
      chainHead: this.chainHead,
      lag: this.head && this.chainHead ? Math.max(0, this.chainHead.number - this.head.number) : null,
      message: this.message,
      counters: { ...this.counters, stageMs: { ...this.counters.stageMs } },
      blocksPerSecond: rate(this.counters.blocks, oldest?.blocks ?? 0),
      eventsPerSecond: rate(this.counters.events, oldest?.events ?? 0),
    };
  }
}
