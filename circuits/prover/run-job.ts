// Runs one proof job in a worker process and gives its answer, or a typed error for everything that can go wrong with the process.
import { type ChildProcess, fork } from 'node:child_process';
import { AiosError } from '#node/platform/errors.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import { proofCancelled } from './job-row.ts';
import type { ProofAnswer, Stage } from './prove.ts';
import type { ProveCost, ProveMessage, ProveRequest } from './prove-worker.ts';

/** The worker's notice; its module is not imported, since importing it would run it. */
const memoryNotice = 'PROVER_OUT_OF_MEMORY';

export interface JobRun {
  readonly answer: ProofAnswer;
  readonly cost: ProveCost;
}

/**
 * @throws AiosError PROVER_OUT_OF_MEMORY, PROVER_TIMEOUT, PROOF_CANCELLED, PROVER_CRASHED, and what `prove` throws
 */
export function runProofJob(
  request: ProveRequest,
  options: {
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
    readonly onStage?: (stage: Stage, fraction: number) => void;
    /** A worker that waits for a job; one is started without it. */
    readonly worker?: ChildProcess | undefined;
  },
): Promise<JobRun> {
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) {
      options.worker?.kill('SIGKILL');
      reject(cancelled());
      return;
    }
    const child = options.worker ?? startWorker(request.memoryBytes);
    let said = '';
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      act();
    };
    const onAbort = () => settle(() => reject(cancelled()));
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new AiosError(
              'PROVER_TIMEOUT',
              `The proof of ${request.circuit} took longer than ${options.timeoutMs / 1000} s. Raise proving.timeoutSeconds, or prove a smaller circuit.`,
            ),
          ),
        ),
      options.timeoutMs,
    );
    options.signal.addEventListener('abort', onAbort);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
    child.on('message', (message: ProveMessage) => {
      if ('answer' in message) settle(() => resolve(message));
      else if ('error' in message)
        settle(() => reject(new AiosError(message.error.code, message.error.message)));
      else if (!settled) options.onStage?.(message.stage, message.fraction);
    });
    child.on('error', (error) => settle(() => reject(crashed(request.circuit, error.message))));
    child.on('close', (code, signal) =>
      settle(() =>
        reject(
          said.includes(memoryNotice)
            ? new AiosError(
                'PROVER_OUT_OF_MEMORY',
                `The proof of ${request.circuit} needs more than ${Math.floor(request.memoryBytes / 2 ** 20)} MB. Raise proving.memoryMb.`,
              )
            : crashed(request.circuit, said.trim() || `it ended with ${signal ?? `code ${code}`}`),
        ),
      ),
    );
    child.send(request);
  });
}

/** A worker process that waits for its one job. */
export function startWorker(memoryBytes: number): ChildProcess {
  return fork(bundledEntry('prove-worker.mjs'), [], {
    // Nothing of this process's environment or inspector reaches it.
    env: {},
    execArgv: [`--max-old-space-size=${Math.max(64, Math.floor(memoryBytes / 2 ** 20))}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
}

function cancelled(): AiosError {
  return new AiosError('PROOF_CANCELLED', proofCancelled);
}

function crashed(circuit: string, why: string): AiosError {
  return new AiosError('PROVER_CRASHED', `The worker process of the proof of ${circuit} broke: ${why}`);
}
