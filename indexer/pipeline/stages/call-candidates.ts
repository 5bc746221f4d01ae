// Finds what a block's calls are wanted for: call handlers by contract and selector, and block handlers with the filter `call`.
import type { CallHandler, Mapping } from '#indexer/manifest/manifest.ts';
import type { Call, Hex, LogFilter } from '../../model.ts';

interface CalledSource {
  readonly index: number;
  readonly address: Hex | null;
  readonly mapping: Mapping;
}

/** A call with the handlers for it, in order of their data sources. */
export interface WantedCall<Source> {
  readonly call: Call;
  readonly handlers: readonly { readonly source: Source; readonly handler: CallHandler }[];
}

export class CallCandidates<Source extends CalledSource> {
  readonly #byContract = new Map<Hex, { readonly source: Source; readonly handler: CallHandler }[]>();
  readonly #blockSources = new Map<Hex, Source[]>();

  constructor(sources: readonly Source[]) {
    for (const source of sources) {
      const { address, mapping } = source;
      if (address === null) continue;
      for (const handler of mapping.callHandlers) push(this.#byContract, address, { source, handler });
      if (filtersByCall(mapping)) push(this.#blockSources, address, source);
    }
  }

  get empty(): boolean {
    return this.#byContract.size === 0 && this.#blockSources.size === 0;
  }

  /**
   * Calls to run call handlers for. As in graph-node those of failed transactions are left out, and so is a call that equals the one
   * wanted before it in everything (a contract that asked the same thing twice in a row).
   */
  wanted(calls: readonly Call[], from: number): WantedCall<Source>[] {
    const wanted: WantedCall<Source>[] = [];
    let before: Call | undefined;
    for (const call of calls) {
      const handlers = this.#handlersOf(call).filter(({ source }) => source.index >= from);
      if (handlers.length === 0 || call.transactionFailed) continue;
      if (before === undefined || !equal(before, call)) wanted.push({ call, handlers });
      before = call;
    }
    return wanted;
  }

  /**
   * Data sources whose block handlers a block's calls run, one entry for each row of calls to the same contract. Failed transactions
   * count: graph-node leaves them out for call handlers only.
   */
  *called(calls: readonly Call[], from: number): Generator<readonly Source[]> {
    let before: Hex | undefined;
    for (const { to } of calls) {
      const sources = this.#blockSources.get(to)?.filter((source) => source.index >= from) ?? [];
      if (sources.length === 0) continue;
      if (to !== before) yield sources;
      before = to;
    }
  }

  /** In each data source the first handler of the function. */
  #handlersOf({ to, input }: Call) {
    const selector = input.slice(0, 10);
    const found = this.#byContract.get(to)?.filter(({ handler }) => handler.selector === selector) ?? [];
    return found.filter(({ source }, index) => found[index - 1]?.source !== source);
  }
}

export function filtersByCall(mapping: Mapping): boolean {
  return mapping.blockHandlers.some(({ filter }) => filter.kind === 'call');
}

/** The calls that some mappings want, of one contract or (null) of any. Undefined: none. */
export function callFilterOf(
  wanted: readonly { readonly address: Hex | null; readonly mapping: Mapping }[],
): LogFilter['calls'] {
  const calls = wanted.flatMap(({ address, mapping }) => [
    ...mapping.callHandlers.map(({ selector }) => ({ address, selector })),
    ...(filtersByCall(mapping) ? [{ address, selector: null }] : []),
  ]);
  return calls.length > 0 ? calls : undefined;
}

function equal(left: Call, right: Call): boolean {
  return (
    left.transactionHash === right.transactionHash &&
    left.from === right.from &&
    left.to === right.to &&
    left.value === right.value &&
    left.gasUsed === right.gasUsed &&
    left.input === right.input &&
    left.output === right.output
  );
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
