// Which logs somebody wants: some addresses, and in each of up to four places some topics. Says of a block's summary whether it can hold any.
import type { CallParameters } from './call-parameters.ts';
import { type BlockSummary, kindsWith, type PlacedLog } from './eth-block.ts';
import { systemAddresses, systemEvents, systemTopics } from './system-events.ts';

/** Enough for a page of accounts; each is looked for in every block. */
const MAX_ALTERNATIVES = 1_000;
const MAX_TOPICS = 4;

/** Undefined stands for anything. */
export interface LogFilter {
  readonly addresses: ReadonlySet<string> | undefined;
  readonly topics: readonly (ReadonlySet<string> | undefined)[];
  /** The kinds of events that have such an address and first topic. */
  readonly kinds: number;
}

/** Reads `address` and `topics` of parameter `nth`. @throws RpcError */
export function readLogFilter(
  parameters: CallParameters,
  nth: number,
  fields: Readonly<Record<string, unknown>>,
): LogFilter {
  const alternatives = (value: unknown, length: number, what: string): Set<string> | undefined => {
    if (value === undefined || value === null) return undefined;
    const given = Array.isArray(value) ? value : [value];
    if (given.length > MAX_ALTERNATIVES)
      parameters.wrong(nth, `a filter with at most ${MAX_ALTERNATIVES} of ${what}`, given.length);
    // As other nodes: no address or topic at all is any.
    if (given.length === 0) return undefined;
    return new Set(given.map((each) => `0x${parameters.bytesWithin(nth, each, length, what)}`));
  };
  const addresses = alternatives(fields.address, 20, 'a filter whose address is an address');
  const wanted = fields.topics ?? [];
  if (!Array.isArray(wanted) || wanted.length > MAX_TOPICS)
    return parameters.wrong(nth, `a filter whose topics are a list of at most ${MAX_TOPICS}`, wanted);
  const topics = wanted.map((each) => alternatives(each, 32, 'a filter whose topics are hashes'));
  const kinds = kindsWith(
    (kind) =>
      (addresses?.has(systemAddresses[systemEvents[kind].contract]) ?? true) &&
      (topics[0]?.has(systemTopics[kind]) ?? true),
  );
  return { addresses, topics, kinds };
}

export function matches({ addresses, topics }: LogFilter, log: PlacedLog): boolean {
  if (addresses && !addresses.has(log.address)) return false;
  for (const [place, wanted] of topics.entries()) {
    const topic = log.topics[place];
    // A place that is named must be there, even for any topic: as geth does.
    if (topic === undefined || (wanted && !wanted.has(topic))) return false;
  }
  return true;
}

/** Whether a block may have such logs. Never says no wrongly. */
export function mayMatch({ kinds, topics }: LogFilter, summary: BlockSummary): boolean {
  if ((kinds & summary.kinds) === 0) return false;
  for (const [place, wanted] of topics.entries()) {
    // The first topic is the kind.
    if (place === 0 || !wanted) continue;
    const bloom = summary.bloom();
    if (bloom && ![...wanted].some((topic) => bloom.mayContain(topic))) return false;
  }
  return true;
}
