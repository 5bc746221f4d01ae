// Asks the contract calls that event handlers declare before the handlers run: while blocks are read ahead, all those of a block together.
// A handler that makes such a call then finds its answer in its own thread. Answers are those of direct calls at the same block, so
// that nothing depends on what was declared; what could not be asked is left to the handler.

import { functionSelector, functionSignature, isView } from '../manifest/function-abi.ts';
import type { CallArgument, DeclaredCall, EventHandler, LoadedSubgraph } from '../manifest/manifest.ts';
import {
  decodeParameters,
  type EthereumValue,
  EventDecoder,
  encodeParameters,
  parameterType,
} from '../mapping/abi.ts';
import type { BlockHeader, Hex, Log, SourceBlock, Trigger } from '../model.ts';
import type { CallResult, Source, ViewRequest } from '../sources/source.ts';
import { callKey } from './mapper.ts';
import type { MatchStage } from './stages/match.ts';

type Answers = Map<string, Hex | null>;

// Blocks whose calls are in flight at once: nodes answer a batch of them about as fast as one.
const BLOCKS_AT_ONCE = 32;

export class DeclaredCalls {
  readonly #source: Source;
  readonly #match: MatchStage;
  /** False when no handler declares any. */
  readonly needed: boolean;
  readonly #decoders = new Map<EventHandler, EventDecoder>();
  readonly #asked = new WeakMap<BlockHeader, Promise<Answers>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(subgraph: LoadedSubgraph, match: MatchStage, source: Source) {
    this.#source = source;
    this.#match = match;
    this.needed =
      source.capabilities.calls &&
      [...subgraph.dataSources, ...subgraph.templates].some(({ mapping }) =>
        mapping.eventHandlers.some(({ calls }) => calls.length > 0),
      );
  }

  /** Begins to ask what the handlers of these blocks declare, as far as their data sources are known. */
  begin(blocks: readonly SourceBlock[]): void {
    if (!this.needed) return;
    for (const block of blocks) {
      const requests = this.#requests(this.#match.triggers(block));
      if (requests.size > 0) this.#asked.set(block.header, this.#inTurn(block.header, requests));
    }
  }

  /** What the calls of these triggers answered. Asks what was not asked before. */
  async answers(block: BlockHeader, triggers: readonly Trigger[]): Promise<Answers | undefined> {
    if (!this.needed) return undefined;
    const requests = this.#requests(triggers);
    if (requests.size === 0) return undefined;
    const answers = (await this.#asked.get(block)) ?? new Map();
    for (const key of answers.keys()) requests.delete(key);
    if (requests.size > 0)
      for (const [key, answer] of await this.#ask(block, requests)) answers.set(key, answer);
    return answers;
  }

  async #inTurn(block: BlockHeader, requests: ReadonlyMap<string, ViewRequest>): Promise<Answers> {
    if (this.#running >= BLOCKS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await this.#ask(block, requests);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #ask(block: BlockHeader, requests: ReadonlyMap<string, ViewRequest>): Promise<Answers> {
    const { number, hash } = block;
    const wanted = [...requests];
    const answers: Answers = new Map();
    const source = this.#source;
    try {
      const list = wanted.map(([, request]) => request);
      const results = source.calls
        ? await source.calls({ number, hash }, list)
        : await Promise.all(list.map(({ to, data }) => source.call({ to, data, block: { number, hash } })));
      for (const [index, result] of results.entries())
        answers.set(wanted[index]?.[0] as string, dataOf(result));
    } catch {
      // The handler that needs an answer asks for it again, and says what is wrong if it still is.
    }
    return answers;
  }

  #requests(triggers: readonly Trigger[]): Map<string, ViewRequest> {
    const requests = new Map<string, ViewRequest>();
    for (const trigger of triggers) {
      if (trigger.kind !== 'event') continue;
      const handler = this.#match
        .mappingOf(trigger.dataSource)
        ?.eventHandlers.find(
          ({ handler, topic0 }) => handler === trigger.handler && topic0 === trigger.log.topics[0],
        );
      if (!handler || handler.calls.length === 0) continue;
      const parameters = this.#decoder(handler).decode(trigger.log.topics, trigger.log.data);
      if (!parameters) continue;
      for (const call of handler.calls) {
        const request = requestOf(call, trigger.log, parameters);
        requests.set(callKey(request.to, request.data), request);
      }
    }
    return requests;
  }

  #decoder(handler: EventHandler): EventDecoder {
    let decoder = this.#decoders.get(handler);
    if (!decoder) {
      decoder = new EventDecoder(handler.abi);
      this.#decoders.set(handler, decoder);
    }
    return decoder;
  }
}

function dataOf(result: CallResult): Hex | null {
  return result.reverted ? null : result.data;
}

const ADDRESS_TYPE = [parameterType({ name: '', type: 'address' })];

function requestOf(call: DeclaredCall, log: Log, parameters: readonly EthereumValue[]): ViewRequest {
  const address = argumentValue(call.address, log, parameters);
  const types = (call.function.inputs ?? []).map(parameterType);
  const values = call.arguments.map((argument) => argumentValue(argument, log, parameters));
  const selector = functionSelector(functionSignature(call.function));
  return {
    to: hexOf(address.value as Uint8Array),
    data: `${selector}${hexOf(encodeParameters(types, values)).slice(2)}`,
    view: isView(call.function),
  };
}

function argumentValue(
  argument: CallArgument,
  log: Log,
  parameters: readonly EthereumValue[],
): EthereumValue {
  if (argument.kind !== 'parameter') {
    const account = argument.kind === 'address' ? argument.address : log.address;
    const word = Buffer.from(account.slice(2).padStart(64, '0'), 'hex');
    return decodeParameters(ADDRESS_TYPE, word)[0] as EthereumValue;
  }
  let value = parameters[argument.parameter] as EthereumValue;
  for (const field of argument.path)
    value = (value.value as readonly EthereumValue[])[field] as EthereumValue;
  return value;
}

const hexOf = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;
