import { afterEach, describe, expect, it, vi } from 'vitest';
import { LookAgain, type LookAgainOptions } from './look-again.ts';

afterEach(() => vi.useRealTimers());

/** Looks that are counted, fail when told to, and a signal to give by hand. */
function counted(options: Partial<LookAgainOptions> = {}) {
  const state = { looks: 0, failing: false, errors: 0, wake: () => {}, removed: false };
  const looking = new LookAgain({
    look: async () => {
      state.looks += 1;
      if (state.failing) throw new Error('away');
    },
    onSignal: (wake) => {
      state.wake = wake;
      return () => {
        state.removed = true;
      };
    },
    idleMs: 1_000,
    onError: () => {
      state.errors += 1;
    },
    ...options,
  });
  return { state, looking };
}

describe('LookAgain', () => {
  it('looks at the start, at a signal and without one, and goes on after a look that failed', async () => {
    vi.useFakeTimers();
    const { state, looking } = counted();
    looking.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.looks).toBe(1);
    state.failing = true;
    state.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(state).toMatchObject({ looks: 2, errors: 1 });
    state.failing = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state).toMatchObject({ looks: 3, errors: 1 });
    await looking.close();
  });

  it('gathers signals for one look', async () => {
    vi.useFakeTimers();
    const { state, looking } = counted({ gatherMs: 100 });
    looking.start();
    for (let signal = 0; signal < 5; signal++) state.wake();
    await vi.advanceTimersByTimeAsync(99);
    expect(state.looks).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.looks).toBe(1);
    state.wake();
    await vi.advanceTimersByTimeAsync(100);
    expect(state.looks).toBe(2);
    await looking.close();
  });

  it('ends after the look that is under way, and does not look again', async () => {
    let finish = () => {};
    let ended = false;
    const { state, looking } = counted({
      look: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    });
    looking.start();
    const closing = looking.close().then(() => {
      ended = true;
    });
    await Promise.resolve();
    expect([looking.closed, ended, state.removed]).toEqual([true, false, true]);
    finish();
    await closing;
    state.wake();
    expect(state.looks).toBe(0);
  });

  it('tells who asks now what went wrong', async () => {
    const { state, looking } = counted();
    state.failing = true;
    await expect(looking.now()).rejects.toThrow('away');
    expect(state.errors).toBe(0);
  });
});
