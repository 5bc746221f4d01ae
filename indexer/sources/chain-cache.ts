// What a chain has answered before, kept for every deployment that reads it: pieces of its final part, and contract calls by block hash.
// A piece is only used after the node has said that its end is still on the chain; nothing that can be reorganised is ever in it.
import type { BlockPointer, Hex, LogFilter, SourceBlock } from '../model.ts';
import type { Piece } from './block-fetcher.ts';
import { CallMatcher } from './call-filter.ts';
import { LogMatcher } from './log-filter.ts';
import type { ChainBlock } from './source.ts';

/** A kept piece without its blocks. */
export interface KeptPiece {
  readonly filter: number;
  readonly first: number;
  readonly firstParent: string;
  readonly last: number;
  readonly lastHash: string;
}

/** A call whose answer may be kept: it depends on nothing but these. */
export interface KeptCall {
  readonly block: BlockPointer;
  readonly to: Hex;
  readonly data: Hex;
}

/** Where kept answers lie. `chain` is a chain's id and the hash of its first block. Losing anything costs time only. */
export interface ChainCache {
  filters(chain: string): Promise<readonly { readonly id: number; readonly filter: LogFilter }[]>;
  /** Pieces with one of these filters that reach into the range, by their first blocks. */
  pieces(filters: readonly number[], from: number, to: number): Promise<readonly KeptPiece[]>;
  /** Null when it was dropped meanwhile. */
  read(piece: KeptPiece): Promise<Piece | null>;
  /** Keeps a piece, some time after the call. */
  keep(chain: string, filter: LogFilter, piece: Piece): void;
  forget(pieces: readonly KeptPiece[]): Promise<void>;
  /** Known answers by the position of their call; null is a revert. */
  calls(chain: string, calls: readonly KeptCall[]): Promise<ReadonlyMap<number, Hex | null>>;
  keepCalls(
    chain: string,
    answered: readonly { readonly call: KeptCall; readonly answer: Hex | null }[],
  ): void;
}

/** Pieces to read instead of asking a node, one behind the other; `from` may lie within the first. */
export interface CachePlan {
  readonly pieces: readonly KeptPiece[];
  /** The filter they were fetched for wants more than what is asked for. */
  readonly wider: boolean;
}

const NOTHING: CachePlan = { pieces: [], wider: false };

/**
 * The longest row of kept pieces that begins at `from` and stays below `to`, each the child of the one before.
 * `isOnChain` is asked about the end of the row: with it all blocks before it are on the chain.
 */
export async function planFrom(
  cache: ChainCache,
  chain: string,
  filter: LogFilter,
  range: { readonly from: number; readonly to: number },
  isOnChain: (block: BlockPointer) => Promise<boolean>,
): Promise<CachePlan> {
  const serving = (await cache.filters(chain)).filter((kept) => covers(kept.filter, filter));
  if (serving.length === 0) return NOTHING;
  const exact = new Set(serving.filter((kept) => covers(filter, kept.filter)).map(({ id }) => id));
  const found = await cache.pieces(
    serving.map(({ id }) => id),
    range.from,
    range.to,
  );
  const row: KeptPiece[] = [];
  let next = range.from;
  for (;;) {
    const before = row.at(-1);
    const fitting = found.filter(
      (piece) =>
        piece.last >= next &&
        piece.last <= range.to &&
        (before ? piece.first === next && piece.firstParent === before.lastHash : piece.first <= next),
    );
    const longest = fitting.sort((a, b) => b.last - a.last)[0];
    if (!longest) break;
    row.push(longest);
    next = longest.last + 1;
  }
  const end = row.at(-1);
  if (!end) return NOTHING;
  if (!(await isOnChain({ number: end.last, hash: end.lastHash }))) {
    // A chain that went back further than it says it can.
    await cache.forget(row);
    return NOTHING;
  }
  return { pieces: row, wider: row.some((piece) => !exact.has(piece.filter)) };
}

/** Whether everything that `wanted` asks for is in what was fetched for `kept`. */
export function covers(kept: LogFilter, wanted: LogFilter): boolean {
  if ((wanted.receipts && !kept.receipts) || (wanted.everyBlock && !kept.everyBlock)) return false;
  const has = new Set(kept.entries.map((entry) => logKey(entry)));
  const calls = new Set((kept.calls ?? []).map(({ address, selector }) => `${address}/${selector}`));
  return (
    wanted.entries.every(
      (entry) =>
        has.has(logKey(entry)) ||
        has.has(logKey({ address: entry.address, topic0: entry.topic0 })) ||
        has.has(logKey({ address: null, topic0: entry.topic0 })),
    ) &&
    (wanted.calls ?? []).every(
      ({ address, selector }) =>
        calls.has(`${address}/${selector}`) || calls.has(`${address}/null`) || calls.has(`null/${selector}`),
    )
  );
}

function logKey(entry: LogFilter['entries'][number]): string {
  const { address, topic0, topic1, topic2, topic3 } = entry;
  return JSON.stringify([address, topic0, topic1 ?? null, topic2 ?? null, topic3 ?? null]);
}

/** The part of a piece from `from` on, with exactly what the filter wants. `first` is the block there. */
export function cut(piece: Piece, first: ChainBlock, filter: LogFilter, wider: boolean): Piece {
  const logs = new LogMatcher(filter);
  const calls = new CallMatcher(filter.calls ?? []);
  const narrowed = ({ calls: kept, ...block }: SourceBlock): SourceBlock => ({
    ...block,
    logs: block.logs.filter((log) => logs.matches(log)),
    ...(filter.calls?.length && { calls: (kept ?? []).filter(({ to, input }) => calls.matches(to, input)) }),
  });
  const blocks = piece.blocks
    .filter(({ header }) => header.number >= first.number)
    .map((block) => (wider ? narrowed(block) : block))
    .filter(
      (block) =>
        filter.everyBlock ||
        block.logs.length > 0 ||
        (block.calls?.length ?? 0) > 0 ||
        block.header.number === piece.last.number,
    );
  return { ...piece, first, blocks };
}
