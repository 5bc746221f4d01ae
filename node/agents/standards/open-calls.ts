// Calls that wait for their run: counted, so that nobody takes all places, and found again when somebody wants one to end.
import { AiosError } from '#node/platform/errors.ts';

export interface OpenCallLimits {
  /** Of one viewer, at a time. */
  readonly perViewer: number;
  /** Of this process, at a time. */
  readonly total: number;
}

export const DEFAULT_CALL_LIMITS: OpenCallLimits = { perViewer: 16, total: 256 };

export interface OpenCall {
  /** Aborts when its caller wants it to end. */
  readonly cancelled: AbortSignal;
  close(): void;
}

export class OpenCalls {
  readonly #limits: OpenCallLimits;
  readonly #calls = new Map<string, AbortController>();
  readonly #byViewer = new Map<string, number>();
  #open = 0;

  constructor(limits: OpenCallLimits = DEFAULT_CALL_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open;
  }

  /** @throws AiosError TOO_MANY_CALLS */
  open(viewer: string, key: string): OpenCall {
    const own = this.#byViewer.get(viewer) ?? 0;
    const { perViewer, total } = this.#limits;
    if (own >= perViewer || this.#open >= total)
      throw new AiosError(
        'TOO_MANY_CALLS',
        own >= perViewer
          ? `You have ${own} calls open, and ${perViewer} are allowed at a time. Wait for one to end.`
          : `The platform has ${total} calls open, as many as it takes. Try again in a moment.`,
      );
    this.#open += 1;
    this.#byViewer.set(viewer, own + 1);
    const controller = new AbortController();
    this.#calls.set(key, controller);
    let closed = false;
    return {
      cancelled: controller.signal,
      close: () => {
        if (closed) return;
        closed = true;
        this.#open -= 1;
        const left = (this.#byViewer.get(viewer) ?? 1) - 1;
        if (left > 0) this.#byViewer.set(viewer, left);
        else this.#byViewer.delete(viewer);
        if (this.#calls.get(key) === controller) this.#calls.delete(key);
      },
    };
  }

  /** @returns whether there was such a call here */
  cancel(key: string): boolean {
    const call = this.#calls.get(key);
    call?.abort();
    return call !== undefined;
  }

  /** Cancels all calls whose keys begin so. */
  cancelAll(prefix: string): void {
    for (const [key, call] of this.#calls) if (key.startsWith(prefix)) call.abort();
  }
}
