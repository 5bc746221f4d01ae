// The agent host: a process without keys, database or environment, in whose worker threads guests run. Its main thread runs no guest; it
// starts workers, and ends those that are past their deadline, cancelled, or the largest when the process comes near its memory.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { StopCode } from '../guest-stop.ts';
import { bootQuickJs, type QuickJsSnapshot } from '../quickjs/quickjs-snapshot.ts';
import { WASM_ENGINE } from '../wasm/wasm-guest.ts';
import type { WorkerSettings } from './agent-worker.ts';
import { FIRST_LANE_DESCRIPTOR, type FromHost, type ToHost } from './host-messages.ts';
import { LANE, LaneState } from './lane-state.ts';

/** How often the main thread looks at its workers. */
const WATCH_MS = 40;
/** A guest that heeds its limits has this long to end by itself. */
const GRACE_MS = 120;
/** A thread that is told to end and does not within this time takes the process with it. */
const HOPELESS_MS = 600;
/** Stack of a worker: deep recursion in a guest must meet the guest's own limit long before this. */
const STACK_MB = 32;
/** JavaScript heap of a worker, which holds no guest values but what crosses the border. */
const WORKER_HEAP_MB = 128;

/** Of the process's memory this part is kept free: what guests on two cores can fill between two looks. */
const HEADROOM = 1 / 8;

/** Arguments: bytes of memory that the process may have, and where the QuickJS module is. */
const [rssText = '0', quickJsPath] = process.argv.slice(2);
/** Bytes above which the largest runs are ended. */
const highWater = Number(rssText) * (1 - HEADROOM);
if (typeof process.send !== 'function' || !(highWater > 0)) {
  process.stderr.write('the agent host is started by the platform, not by hand\n');
  process.exit(2);
}
const tell = (message: FromHost): void => {
  process.send?.(message);
};

class Lane {
  readonly index: number;
  readonly state = new LaneState();
  #worker: Worker | undefined;

  constructor(index: number, quickjs: QuickJsSnapshot) {
    this.index = index;
    this.#start(quickjs);
  }

  #start(quickjs: QuickJsSnapshot): void {
    this.state.reset();
    const settings: WorkerSettings = {
      descriptor: FIRST_LANE_DESCRIPTOR + this.index,
      state: this.state.buffer,
      quickjs,
    };
    const worker = new Worker(join(import.meta.dirname, 'agent-worker.mjs'), {
      workerData: settings,
      env: {},
      stdin: false,
      name: `lane ${this.index}`,
      resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: WORKER_HEAP_MB },
    });
    this.#worker = worker;
    worker.on('error', (error) => {
      // Not a guest's doing, or a guest found a way that is not known: nothing in this process is trusted any more.
      process.stderr.write(`a worker broke: ${messageOf(error)}\n`);
      process.exit(70);
    });
  }

  /** Ends the thread while a guest runs in it, and starts another. Does nothing when the guest is just leaving. */
  async end(code: StopCode, message: string, quickjs: QuickJsSnapshot): Promise<void> {
    if (!this.state.move(LANE.guest, LANE.ended)) return;
    const { gas, memoryBytes } = this.state.used;
    const worker = this.#worker;
    worker?.removeAllListeners('error');
    worker?.on('error', () => undefined);
    // V8 has had loops that never heed it. Then everything here ends, for a guest that cannot be ended must not stay.
    const hopeless = setTimeout(() => {
      process.stderr.write(`a guest (${code}) could not be ended\n`);
      process.exit(71);
    }, HOPELESS_MS);
    await worker?.terminate();
    clearTimeout(hopeless);
    tell({ kind: 'ended', lane: this.index, code, message, gas, memoryBytes });
    this.#start(quickjs);
  }
}

function serve(quickjs: QuickJsSnapshot): void {
  const lanes = new Map<number, Lane>();
  const cancelledAt = new Map<number, number>();
  process.on('message', (message: ToHost) => {
    if (message.kind === 'start-lane') {
      if (!lanes.has(message.lane)) lanes.set(message.lane, new Lane(message.lane, quickjs));
      return;
    }
    lanes.get(message.lane)?.state.cancel(message.run);
    cancelledAt.set(message.lane, Date.now());
  });
  const watch = () => {
    const now = Date.now();
    for (const lane of lanes.values()) {
      if (lane.state.state !== LANE.guest) continue;
      if (now > lane.state.deadline + GRACE_MS) {
        void lane.end('DEADLINE_EXCEEDED', 'the run took longer than its deadline and was ended', quickjs);
      } else if (lane.state.cancelled && now > (cancelledAt.get(lane.index) ?? now) + GRACE_MS)
        void lane.end('CANCELLED', 'the run was cancelled', quickjs);
    }
    const guests = [...lanes.values()].map(({ state }) => state);
    const leaving = guests.filter(({ state }) => state === LANE.ended);
    // What those that are just being ended give back is as good as free.
    let excess =
      leaving.reduce((rss, { used }) => rss - used.memoryBytes, process.memoryUsage.rss()) - highWater;
    const largest = [...lanes.values()]
      .filter(({ state }) => state.state === LANE.guest)
      .sort((a, b) => b.state.used.memoryBytes - a.state.used.memoryBytes);
    for (const lane of largest) {
      if (excess <= 0) break;
      excess -= lane.state.used.memoryBytes;
      void lane.end('OUT_OF_MEMORY', 'the agent host has no more memory', quickjs);
    }
  };
  setInterval(watch, WATCH_MS);
  tell({ kind: 'ready', engines: { javascript: quickjs.engine, wasm: WASM_ENGINE } });
}

// Whoever started this process is the only one it works for.
process.on('disconnect', () => process.exit(0));
try {
  serve(bootQuickJs(quickJsPath));
} catch (error) {
  tell({
    kind: 'unable',
    code: error instanceof AiosError ? error.code : 'ENGINE_INVALID',
    message: messageOf(error),
  });
  process.exitCode = 1;
}
