// What the process's main thread and the indexer's I/O thread say to each other. Plain data: it crosses a thread.
import type { LogOptions } from '#node/platform/log.ts';
import type { IpfsSettings } from '../files/file-fetcher.ts';
import type { ChainSettings } from '../sources/open-source.ts';
import type { DeployRequest, DeployResult } from './deploy.ts';
import type { PipelineStatus } from './progress.ts';

/** What the thread is started with. */
export interface IndexerSettings {
  readonly databaseUrl: string;
  readonly chains: Readonly<Record<string, ChainSettings>>;
  readonly owner: string;
  readonly cacheFolder: string;
  readonly log: LogOptions;
  /** How files of IPFS are found. */
  readonly ipfs?: Partial<IpfsSettings>;
}

/** Each control with what it answers. */
export interface Controls {
  deploy: { readonly request: DeployRequest; readonly answer: DeployResult };
  remove: { readonly request: { readonly name: string }; readonly answer: readonly string[] };
  pause: {
    readonly request: { readonly deployment: string; readonly paused: boolean };
    readonly answer: null;
  };
  status: { readonly request: null; readonly answer: readonly PipelineStatus[] };
  stop: { readonly request: null; readonly answer: null };
}

export type ControlName = keyof Controls;

export interface ControlMessage<Name extends ControlName = ControlName> {
  readonly id: number;
  readonly control: Name;
  readonly request: Controls[Name]['request'];
}

export interface ControlError {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unable'; readonly error: ControlError }
  | { readonly kind: 'status'; readonly status: PipelineStatus }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Controls[ControlName]['answer'] }
  | { readonly kind: 'error'; readonly id: number; readonly error: ControlError };
