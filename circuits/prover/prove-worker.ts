// One proof job in a process of its own: snarkjs threads and keeps memory, and what goes wrong in it must not reach the prover. The process
// holds no database and no keys but proving keys; it answers over its channel and ends. It watches its own memory from a thread, because
// the main thread is busy for seconds at a time.
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { circuitOf, type ProofSystem } from '../catalogue.ts';
import { KeyStore, type KeyStoreOptions } from './key-store.ts';
import { CurveMemory } from './multiples.ts';
import { type ProofAnswer, prove, type Stage } from './prove.ts';
import type { CircuitInput } from './witness.ts';

export interface ProveRequest {
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly input: CircuitInput;
  readonly store: KeyStoreOptions;
  readonly memoryBytes: number;
}

export interface ProveCost {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

export type ProveMessage =
  | { readonly stage: Stage; readonly fraction: number }
  | { readonly answer: ProofAnswer; readonly cost: ProveCost }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Written to standard error before the process ends itself for its memory. */
export const memoryNotice = 'PROVER_OUT_OF_MEMORY';

const watcher = (limit: number) => `
  const { writeSync } = require('node:fs');
  setInterval(() => {
    if (process.memoryUsage.rss() > ${limit}) {
      writeSync(2, '${memoryNotice}');
      process.kill(process.pid, 'SIGKILL');
    }
  }, 50);
`;

// While it waits for its job: most of a small proof's time is opening the curve.
void CurveMemory.open();

process.once('message', (request: ProveRequest) => {
  void work(request);
});
process.once('disconnect', () => process.exit(1));

async function work(request: ProveRequest): Promise<void> {
  const watch = new Worker(watcher(request.memoryBytes), { eval: true });
  watch.unref();
  const say = (message: ProveMessage) =>
    new Promise<void>((resolve) => {
      process.send?.(message, undefined, undefined, () => resolve());
    });
  try {
    const store = new KeyStore(request.store);
    const answer = await prove(
      store,
      circuitOf(request.circuit),
      request.system,
      request.input,
      (stage, fraction) => {
        void say({ stage, fraction });
      },
    );
    const usage = process.resourceUsage();
    await say({
      answer,
      cost: {
        cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
        peakBytes: usage.maxRSS * 1024,
      },
    });
  } catch (error) {
    const code = error instanceof AiosError ? error.code : 'PROVER_FAILED';
    await say({ error: { code, message: messageOf(error) } });
    if (!(error instanceof AiosError))
      writeSync(2, `${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exit(0);
}
