// What the I/O thread and the mapping thread say to each other.
import type { MessagePort } from 'node:worker_threads';
import type { BlockPointer, CreatedDataSource, EntityData, EntityId, Hex } from '#indexer/model.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import type { MappingProgram, RunnerOptions } from './block-runner.ts';
import type { PackedOutcome } from './packed-outcomes.ts';

/** Handed to the thread when it starts. */
export interface WorkerStart {
  readonly program: MappingProgram;
  readonly options: Partial<RunnerOptions>;
  readonly requests: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** Orders to the mapping thread. Those with an id are answered. */
export type Order =
  | { readonly kind: 'run'; readonly id: number; readonly blocks: readonly MappingBlock[] }
  | { readonly kind: 'proceed' }
  | {
      readonly kind: 'reset';
      readonly id: number;
      readonly dynamic: readonly CreatedDataSource[];
      /** The store holds nothing. */
      readonly empty: boolean;
    }
  | { readonly kind: 'committed'; readonly block: number }
  | {
      readonly kind: 'prefetch';
      readonly type: string;
      readonly ids: readonly EntityId[];
      readonly data: readonly (EntityData | null)[];
    };

/** An error as it crosses threads. */
export interface SentError {
  readonly code: string;
  readonly message: string;
}

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: SentError }
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly outcomes: readonly PackedOutcome[];
      readonly error?: SentError;
    };

/** Questions to the I/O thread; each is answered before the mapping thread goes on. */
export type Question =
  | { readonly kind: 'entities'; readonly type: string; readonly ids: readonly EntityId[] }
  | { readonly kind: 'regions'; readonly type: string; readonly ids: readonly EntityId[] }
  | { readonly kind: 'related'; readonly type: string; readonly field: string; readonly id: EntityId }
  | { readonly kind: 'call'; readonly block: BlockPointer; readonly to: Hex; readonly data: Hex }
  | { readonly kind: 'balance'; readonly block: BlockPointer; readonly address: Hex }
  | { readonly kind: 'code'; readonly block: BlockPointer; readonly address: Hex };
