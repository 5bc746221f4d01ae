// What the platform process and the agent host's main thread say to each other over their control channel.
import type { StopCode } from '../guest-stop.ts';

export type ToHost =
  | { readonly kind: 'start-lane'; readonly lane: number }
  | { readonly kind: 'cancel'; readonly lane: number; readonly run: number };

export type FromHost =
  | { readonly kind: 'ready'; readonly engines: { readonly javascript: string; readonly wasm: string } }
  | { readonly kind: 'unable'; readonly code: string; readonly message: string }
  /** The lane's thread was ended with the run in it; the lane says `ready` on its pipe when it has a new one. */
  | {
      readonly kind: 'ended';
      readonly lane: number;
      readonly code: StopCode;
      readonly message: string;
      readonly gas: number;
      readonly memoryBytes: number;
    };

/** Descriptors of the lanes' pipes in the host: standard ones, the control channel, then these. */
export const FIRST_LANE_DESCRIPTOR = 4;
