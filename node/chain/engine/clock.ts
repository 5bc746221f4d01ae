// The time, and being woken at one. The simulator has its own, in which nothing takes longer than it says.

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back at a time, at once when it is past; the function it returns takes it back. */
  at(time: number, act: () => void): () => void;
}

/** Longer than this a timer of the platform fires at once. */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, act) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = time - Date.now();
      timer = left > longest ? setTimeout(wait, longest) : setTimeout(act, Math.max(0, left));
    };
    wait();
    return () => clearTimeout(timer);
  },
};
