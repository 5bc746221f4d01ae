// One run in one worker: the guest runs, its calls are answered from the journal as far as that goes and by the broker after it.
import { createHash } from 'node:crypto';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { OUTCOME_UNKNOWN } from '../capabilities/capability.ts';
import type { AgentRuntime, HostAnswer, HostCall, Json, RunOutcome, RunRequest } from '../runtime/runtime.ts';
import type { Broker, StepContext } from './broker.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { RunEnd, StepRecord } from './run-end.ts';
import { storable } from './run-events.ts';
import type { ClaimedRun, JournaledStep } from './run-queue.ts';
import type { LoadedVersion } from './version-cache.ts';

/** Log lines of one run that are told while it runs; all of them are kept with the run. */
const maxToldLogs = 1_000;
const backOffMs = { first: 1_000, most: 300_000 } as const;
const backOff = (attempt: number) => Math.min(backOffMs.most, backOffMs.first * 2 ** attempt);
/** Attempts beyond an agent's own that a payment of unknown outcome is followed up. */
const openPaymentAttempts = 12;
/** A run whose workers end this often is what ends them. */
export const maxTakeovers = 5;

export interface ExecutionOptions {
  readonly runtime: AgentRuntime;
  readonly writer: JournalWriter;
  readonly broker: Broker;
  readonly digest: (request: RunRequest, outcome: RunOutcome) => string;
  /** Loads what the run needs. */
  readonly prepare: (run: ClaimedRun) => Promise<Prepared>;
}

export interface Prepared {
  readonly version: LoadedVersion;
  /** Log lines that an earlier worker has told already. */
  readonly toldLogs: number;
}

/** Fingerprint of what a guest asked: the same question at the same place, or the replay has diverged. */
export function inputHash(capability: string, args: Json): string {
  return createHash('sha256')
    .update(JSON.stringify([capability, args]))
    .digest('base64url');
}

export class RunExecution {
  readonly run: ClaimedRun;
  readonly #options: ExecutionOptions;
  readonly #abort = new AbortController();
  readonly #journal: ReadonlyMap<number, JournaledStep>;
  /** Codes of the answers so far, by step; undefined where the answer was no error. */
  readonly #answers: { readonly code: string | undefined }[] = [];
  /** Why it was ended from our side. */
  #ended: 'cancelled' | 'lost' | 'waiting' | 'released' | undefined;
  #fault: Error | undefined;
  #loggedLines = 0;

  constructor(run: ClaimedRun, options: ExecutionOptions) {
    this.run = run;
    this.#options = options;
    this.#journal = new Map(run.journal.map((step) => [step.step, step]));
  }

  /** Ends the run: because somebody asked, because its lease is lost, or so that another worker goes on. */
  stop(reason: 'cancelled' | 'lost' | 'released'): void {
    this.#ended ??= reason;
    this.#abort.abort();
  }

  /** Runs to an end and stores it. @throws AiosError LEASE_LOST when it is another worker's by now */
  async execute(): Promise<RunEnd> {
    const { run } = this;
    const { runtime, writer } = this.#options;
    let prepared: Prepared;
    try {
      prepared = await this.#options.prepare(run);
    } catch (error) {
      if (!(error instanceof AiosError)) throw error;
      return this.#store(failure(error.code, error.message));
    }
    const { version, toldLogs } = prepared;
    if (this.#ended !== undefined && this.#ended !== 'cancelled') return this.#store(this.#endOf(undefined));
    void writer.started(run);
    if (run.takeovers >= maxTakeovers) {
      return this.#store(
        failure('ENGINE_CRASHED', `${run.takeovers} workers ended while they ran it; it is not tried again.`),
      );
    }
    const request: RunRequest = {
      code: version.code,
      input: run.input,
      seed: run.seed,
      startedAt: run.guestTime,
      limits: version.limits,
    };
    let outcome: RunOutcome;
    try {
      outcome = await runtime.run(request, {
        call: (call, signal) => this.#answer(call, version, signal),
        log: (line) => {
          const nth = this.#loggedLines++;
          if (nth >= toldLogs && nth < maxToldLogs)
            void writer.event(run, {
              kind: 'log',
              level: line.level,
              text: storable(line.text),
              gas: line.gas,
            });
        },
        signal: this.#abort.signal,
      });
    } catch (error) {
      // A runtime that throws is broken, not the guest; another attempt may find a better one.
      this.#fault ??= new AiosError('ENGINE_CRASHED', messageOf(error), { cause: error });
      return this.#store(this.#endOf(undefined));
    }
    return this.#store(this.#endOf(outcome, request, version));
  }

  async #store(end: RunEnd): Promise<RunEnd> {
    await this.#options.writer.end(this.run, end);
    return end;
  }

  #endOf(outcome: RunOutcome | undefined, request?: RunRequest, version?: LoadedVersion): RunEnd {
    // Writing it down is refused, which is how the worker learns.
    if (this.#ended === 'lost') return { kind: 'released' };
    if (this.#ended === 'waiting' || this.#ended === 'released') return { kind: this.#ended };
    if (this.#fault) {
      const { code } = this.#fault as { code?: string };
      return this.#retryOr(failure(code ?? 'ENGINE_CRASHED', messageOf(this.#fault)));
    }
    if (!outcome || !request) return this.#retryOr(failure('ENGINE_CRASHED', 'The engine gave no outcome.'));
    const end: RunEnd = {
      kind: 'finished',
      status: outcome.status,
      output: outcome.output,
      error: outcome.error && { ...outcome.error },
      logs: outcome.logs,
      gas: outcome.gas,
      memoryBytes: outcome.memoryBytes,
      cpuMs: outcome.cpuMs,
      wallMs: outcome.wallMs,
      engine: outcome.engine,
      digest: this.#options.digest(request, outcome),
    };
    const mistakes = outcome.status === 'completed' ? outputMistakes(version, outcome.output ?? null) : [];
    if (mistakes.length > 0) {
      const message = `The output is not what the manifest's schema says: ${mistakes.join('; ')}. Correct the code or the schema and deploy a new version.`;
      // The digest stays that of what the code did: whoever replays it finds the same.
      const { output: _output, ...rest } = end;
      return this.#retryOr({ ...rest, status: 'failed', error: { code: 'OUTPUT_INVALID', message } });
    }
    return outcome.status === 'completed' || this.#ended === 'cancelled' ? end : this.#retryOr(end);
  }

  /**
   * A failure is worth another attempt when that could end differently: the engine crashed, time ran out, or the last things
   * that the guest was told were errors. With the same answers the same code fails the same way.
   */
  #retryOr(end: RunEnd & { readonly kind: 'finished' }): RunEnd {
    const { run } = this;
    const code = end.error?.code ?? 'AGENT_THREW';
    const firstTrailing = this.#firstTrailingError();
    // Nobody knows whether it was sent: asking again with the same key is the only way to find out, whatever the agent says of attempts.
    if (code === 'PAYMENT_OPEN' && run.attempt < run.maxAttempts + openPaymentAttempts)
      return { kind: 'retry', code, delayMs: backOff(run.attempt), dropFrom: null };
    const other = code === 'ENGINE_CRASHED' || code === 'DEADLINE_EXCEEDED' || firstTrailing !== null;
    const hopeless = code === 'CODE_INVALID' || code === 'JOURNAL_DIVERGED' || run.replayOf !== null;
    if (!other || hopeless || run.attempt + 1 >= run.maxAttempts) return end;
    return { kind: 'retry', code, delayMs: backOff(run.attempt), dropFrom: firstTrailing };
  }

  #firstTrailingError(): number | null {
    let first: number | null = null;
    for (let step = this.#answers.length - 1; step >= 0; step--) {
      const code = this.#answers[step]?.code;
      if (code === undefined || code === OUTCOME_UNKNOWN) break;
      first = step;
    }
    return first;
  }

  async #answer(call: HostCall, version: LoadedVersion, signal: AbortSignal): Promise<HostAnswer> {
    try {
      const answer = await this.#answerFrom(call, version, signal);
      if (answer) this.#answers[call.index] = { code: 'error' in answer ? answer.error.code : undefined };
      return answer ?? suspended;
    } catch (error) {
      // The lease is lost, or a fault of ours: the guest must not go on with an answer that was not stored.
      this.#fault ??= error as Error;
      if ((error as { code?: string }).code === 'LEASE_LOST') this.#ended = 'lost';
      this.#abort.abort();
      return suspended;
    }
  }

  /** The answer, or undefined when the run is put aside until there is one. */
  async #answerFrom(
    call: HostCall,
    version: LoadedVersion,
    signal: AbortSignal,
  ): Promise<HostAnswer | undefined> {
    const { run } = this;
    const hash = inputHash(call.capability, call.args);
    const known = this.#journal.get(call.index);
    if (known && known.inputHash !== hash) {
      throw new AiosError(
        'JOURNAL_DIVERGED',
        `Step ${call.index} of run ${run.id} was ${known.capability} before; now the same code asks for ${call.capability} or other arguments. The engine is not deterministic here: report this with the run's id.`,
      );
    }
    if (known && call.detached) return begun;
    if (known?.answer) return known.answer;
    if (run.replayOf !== null) {
      throw new AiosError(
        'JOURNAL_DIVERGED',
        `The replay asks for step ${call.index}, which run ${run.replayOf} did not.`,
      );
    }
    // Who waits for a time, or for the first of several things, looks again.
    if (known?.status === 'waiting' && !call.capability.startsWith('wait.')) return this.#suspend();
    const context = this.#context(call, hash, version, signal, known?.status === 'started');
    const answer = await this.#options.broker.call(context);
    return call.detached ? begun : (answer ?? this.#suspend());
  }

  #suspend(): undefined {
    this.#ended ??= 'waiting';
    this.#abort.abort();
    return undefined;
  }

  #context(
    call: HostCall,
    hash: string,
    version: LoadedVersion,
    signal: AbortSignal,
    inDoubt: boolean,
  ): StepContext {
    const { run } = this;
    const { writer } = this.#options;
    const record = (
      rest: Pick<StepRecord, 'status' | 'answer' | 'cost' | 'dueAt' | 'topic'>,
    ): StepRecord => ({
      step: call.index,
      attempt: run.attempt,
      capability: call.capability,
      args: call.args,
      inputHash: hash,
      ...rest,
    });
    return {
      run,
      grants: version.grants,
      step: call.index,
      key: `${run.id}/${call.index}`,
      capability: call.capability,
      args: call.args,
      inDoubt,
      signal,
      begin: async () => {
        // What led here is part of the same batch or of an earlier one.
        await writer.step(run, record({ status: 'started' }));
      },
      prepare: (work) =>
        writer.transact(run, async (client) => {
          await work(client);
          return { record: record({ status: 'started' }), result: undefined };
        }),
      answered: (answer, cost) => writer.step(run, record({ status: 'answered', answer, cost })),
      commit: (work) =>
        writer.transact(run, async (client) => {
          const { answer, ...rest } = await work(client);
          const status = answer ? ('answered' as const) : ('waiting' as const);
          return { record: record({ status, answer, ...rest }), result: answer };
        }),
    };
  }
}

/** What a workflow is told when it begins something: it hears of the end by `wait.any`. */
const begun: HostAnswer = { ok: null };
const suspended: HostAnswer = { error: { code: 'CANCELLED', message: 'The run is over.' } };

/** Also when checking takes too long. */
function outputMistakes(version: LoadedVersion | undefined, output: Json): readonly string[] {
  try {
    return version?.mistakesOf?.(output) ?? [];
  } catch (error) {
    if (!(error instanceof AiosError)) throw error;
    return [error.message];
  }
}

function failure(code: string, message: string): RunEnd & { readonly kind: 'finished' } {
  return {
    kind: 'finished',
    status: 'failed',
    error: { code, message },
    logs: [],
    gas: 0,
    memoryBytes: 0,
    cpuMs: 0,
    wallMs: 0,
    engine: '',
    digest: null,
  };
}
