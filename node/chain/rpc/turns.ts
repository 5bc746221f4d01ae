// Lets a few callers at once do what takes memory while it lasts. The others wait their turn, and not for ever.
import { RpcError, rpcCodes } from './rpc-error.ts';

export class Turns {
  #free: number;
  readonly #waitMs: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number, waitMs: number) {
    this.#free = atOnce;
    this.#waitMs = waitMs;
  }

  /** @throws RpcError when no turn comes in time; then it was not begun */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) next();
      else this.#free += 1;
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(go);
        reject(new RpcError(rpcCodes.limit, 'The node is overloaded with such questions: try again later.'));
      }, this.#waitMs);
      this.#waiting.add(go);
    });
  }
}
