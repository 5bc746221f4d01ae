// What of a chain a deployment wants to see: matching logs exactly, asking a node for them in few queries, and what a header's
// bloom promises about them.
import type { Hex, Log, LogFilter } from '../model.ts';
import type { Bloom } from './bloom.ts';

type Entry = LogFilter['entries'][number];

/** One `eth_getLogs` filter without its range. Over-approximates: what comes back is matched exactly afterwards. */
export interface LogQuery {
  readonly address?: readonly Hex[];
  readonly topics: readonly (readonly Hex[] | null)[];
}

// Nodes cap the addresses of one query (geth has no cap, hosted ones around a thousand).
const ADDRESSES_PER_QUERY = 500;

/** A filter compiled for matching one log at a time. */
export class LogMatcher {
  readonly #anyAddress = new Map<Hex, Entry[]>();
  readonly #byAddress = new Map<Hex, Map<Hex, Entry[]>>();
  readonly #entries: readonly Entry[];

  constructor(filter: LogFilter) {
    this.#entries = filter.entries;
    for (const entry of filter.entries) {
      const byTopic = entry.address === null ? this.#anyAddress : this.#ofAddress(entry.address);
      const entries = byTopic.get(entry.topic0);
      if (entries) entries.push(entry);
      else byTopic.set(entry.topic0, [entry]);
    }
  }

  matches(log: Pick<Log, 'address' | 'topics'>): boolean {
    const topic0 = log.topics[0];
    if (topic0 === undefined) return false;
    const any = this.#anyAddress.get(topic0);
    if (any?.some((entry) => laterTopicsMatch(entry, log.topics))) return true;
    const own = this.#byAddress.get(log.address)?.get(topic0);
    return own?.some((entry) => laterTopicsMatch(entry, log.topics)) ?? false;
  }

  /** Whether a block with this bloom may hold a matching log. False is certain. */
  mayMatch(bloom: Bloom): boolean {
    const anyOf = (values: readonly Hex[] | undefined) =>
      !values || values.some((value) => bloom.mayContain(value));
    return this.#entries.some(
      (entry) =>
        (entry.address === null || bloom.mayContain(entry.address)) &&
        bloom.mayContain(entry.topic0) &&
        anyOf(entry.topic1) &&
        anyOf(entry.topic2) &&
        anyOf(entry.topic3),
    );
  }

  #ofAddress(address: Hex): Map<Hex, Entry[]> {
    let byTopic = this.#byAddress.get(address);
    if (!byTopic) {
      byTopic = new Map();
      this.#byAddress.set(address, byTopic);
    }
    return byTopic;
  }
}

export function laterTopicsMatch(
  entry: Pick<Entry, 'topic1' | 'topic2' | 'topic3'>,
  topics: readonly Hex[],
): boolean {
  return (
    topicMatches(entry.topic1, topics[1]) &&
    topicMatches(entry.topic2, topics[2]) &&
    topicMatches(entry.topic3, topics[3])
  );
}

function topicMatches(wanted: readonly Hex[] | undefined, topic: Hex | undefined): boolean {
  return !wanted || (topic !== undefined && wanted.includes(topic));
}

/**
 * The queries that fetch everything a filter wants. Entries are merged where that only widens by address × event; entries
 * with further topics keep their own query, or one of them would pull in every log of its event.
 */
export function logQueries(filter: LogFilter): LogQuery[] {
  const queries: LogQuery[] = [];
  const anyAddress = new Set<Hex>();
  const addresses = new Set<Hex>();
  const topics = new Set<Hex>();
  const narrow = new Map<string, { entry: Entry; addresses: Set<Hex> | null }>();
  for (const entry of filter.entries) {
    if (entry.topic1 || entry.topic2 || entry.topic3) {
      const key = JSON.stringify([entry.topic0, entry.topic1, entry.topic2, entry.topic3]);
      const found = narrow.get(key);
      if (!found)
        narrow.set(key, { entry, addresses: entry.address === null ? null : new Set([entry.address]) });
      else if (entry.address === null) found.addresses = null;
      else found.addresses?.add(entry.address);
    } else if (entry.address === null) {
      anyAddress.add(entry.topic0);
    } else {
      addresses.add(entry.address);
      topics.add(entry.topic0);
    }
  }
  if (anyAddress.size > 0) queries.push({ topics: [[...anyAddress]] });
  for (const address of chunks([...addresses], ADDRESSES_PER_QUERY))
    queries.push({ address, topics: [[...topics]] });
  for (const { entry, addresses: of } of narrow.values()) {
    const wanted = trimmed([
      [entry.topic0],
      entry.topic1 ?? null,
      entry.topic2 ?? null,
      entry.topic3 ?? null,
    ]);
    if (of === null) queries.push({ topics: wanted });
    else
      for (const address of chunks([...of], ADDRESSES_PER_QUERY)) queries.push({ address, topics: wanted });
  }
  return queries;
}

function trimmed(topics: readonly (readonly Hex[] | null)[]): readonly (readonly Hex[] | null)[] {
  let length = topics.length;
  while (length > 0 && topics[length - 1] === null) length--;
  return topics.slice(0, length);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < items.length; at += size) result.push(items.slice(at, at + size));
  return result;
}
