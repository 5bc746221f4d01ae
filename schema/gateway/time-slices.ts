// Long work on a thread that serves: done in slices, with everything that waits let through between them.

/** Milliseconds of work at a stretch. */
const SLICE_MS = 8;

/** Answers a function to be awaited between small steps: it lets others run once a slice has been used up. */
export function timeSlices(): () => Promise<void> | undefined {
  let began = performance.now();
  return () => {
    if (performance.now() - began < SLICE_MS) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        began = performance.now();
        resolve();
      }),
    );
  };
}
