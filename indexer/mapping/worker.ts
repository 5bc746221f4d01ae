// The mapping thread: runs the handlers of one deployment and asks the I/O thread for what it does not have.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { BlockHeader, BlockOutcome, BlockPointer, EntityData, EntityId, Hex } from '#indexer/model.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import { BlockRunner } from './block-runner.ts';
import { BlockingRequests } from './blocking-channel.ts';
import { HostUnavailableError } from './failures.ts';
import type { BlockingHost } from './handler-context.ts';
import { OutcomePacker, type PackedOutcome, plainOutcome } from './packed-outcomes.ts';
import type { Order, Question, Report, SentError, WorkerStart } from './worker-messages.ts';

const pointerOf = ({ number, hash }: BlockHeader): BlockPointer => ({ number, hash });

/** Answers host functions by asking across the channel. */
class RemoteHost implements BlockingHost {
  readonly #requests: BlockingRequests;

  constructor(requests: BlockingRequests) {
    this.#requests = requests;
  }

  #ask(question: Question): unknown {
    return this.#requests.ask(question);
  }

  loadEntities(type: string, ids: readonly EntityId[]): readonly (EntityData | null)[] {
    return this.#ask({ kind: 'entities', type, ids }) as readonly (EntityData | null)[];
  }

  loadRelated(type: string, field: string, id: EntityId): readonly EntityData[] {
    return this.#ask({ kind: 'related', type, field, id }) as readonly EntityData[];
  }

  regionsOf(type: string, ids: readonly EntityId[]): readonly (number | null)[] {
    return this.#ask({ kind: 'regions', type, ids }) as readonly (number | null)[];
  }

  call(block: BlockHeader, to: Hex, data: Hex): Hex | null {
    return this.#ask({ kind: 'call', block: pointerOf(block), to, data }) as Hex | null;
  }

  getBalance(block: BlockHeader, address: Hex): bigint {
    return this.#ask({ kind: 'balance', block: pointerOf(block), address }) as bigint;
  }

  hasCode(block: BlockHeader, address: Hex): boolean {
    return this.#ask({ kind: 'code', block: pointerOf(block), address }) as boolean;
  }
}

function sent(error: unknown): SentError {
  if (error instanceof AiosError) return { code: error.code, message: error.message };
  const code = error instanceof HostUnavailableError ? 'MAPPING_HOST_UNAVAILABLE' : 'MAPPING_BROKEN';
  return { code, message: messageOf(error) };
}

/** Whether what comes after this block depends on what it did. */
function endsEarly(last: PackedOutcome | undefined): boolean {
  // Files' data sources have no triggers in blocks.
  return (
    last?.outcome.failure !== undefined ||
    (last?.outcome.createdDataSources.some(({ region = 0 }) => region === 0) ?? false)
  );
}

/** Outcomes up to the first block that failed or made data sources on the chain. */
function runBlocks(
  runner: BlockRunner,
  blocks: readonly MappingBlock[],
  pack: (outcome: BlockOutcome) => PackedOutcome,
): PackedOutcome[] {
  const outcomes: PackedOutcome[] = [];
  runner.readAhead(blocks);
  for (const block of blocks) {
    const outcome = runner.run(block);
    outcomes.push(pack(outcome));
    if (endsEarly(outcomes.at(-1))) break;
  }
  return outcomes;
}

function main(port: MessagePort, start: WorkerStart): void {
  const report = (message: Report): void => port.postMessage(message);
  const packer = new OutcomePacker(start.program.schema);
  // The change feed tells values: a deployment that has one hands them over.
  const pack = (outcome: BlockOutcome): PackedOutcome =>
    start.options.before ? plainOutcome(outcome) : packer.pack(outcome);
  let runner: BlockRunner;
  try {
    const host = new RemoteHost(new BlockingRequests(start.requests, start.signal));
    runner = new BlockRunner(start.program, host, start.options);
  } catch (error) {
    report({ kind: 'failed', error: sent(error) });
    return;
  }
  /** A run ended in a way that matters to those behind it, and nobody has said yet that they may begin. */
  let halted = false;
  /** Answers with what the work brought. */
  const answer = (id: number, work: () => readonly PackedOutcome[]): void => {
    try {
      const outcomes = work();
      halted ||= endsEarly(outcomes.at(-1));
      report({ kind: 'done', id, outcomes });
    } catch (error) {
      halted = true;
      report({ kind: 'done', id, outcomes: [], error: sent(error) });
    }
  };
  port.on('message', (order: Order) => {
    switch (order.kind) {
      case 'run':
        answer(order.id, () => (halted ? [] : runBlocks(runner, order.blocks, pack)));
        break;
      case 'proceed':
        halted = false;
        break;
      case 'reset':
        halted = false;
        answer(order.id, () => {
          runner.reset(order.dynamic, order.empty);
          return [];
        });
        break;
      case 'committed':
        runner.visible(order.block);
        break;
      case 'prefetch':
        runner.prefetch(order.type, order.ids, order.data);
        break;
    }
  });
  report({ kind: 'ready' });
}

if (parentPort !== null) main(parentPort, workerData as WorkerStart);
