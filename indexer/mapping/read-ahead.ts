// Guesses which entities the next events will read, from how earlier ones made the ids they asked the store for: mostly of the event's
// address and parameters. All of a run's are then loaded with one question per type instead of one per entity.
import type { Hex, Log } from '#indexer/model.ts';

/** A piece of an id: text that is always there, or digits of the log. */
type Piece =
  | { readonly text: string }
  | { readonly field: 'address' | 'transactionHash' }
  | { readonly topic: number; readonly digits: number }
  | { readonly word: number; readonly digits: number };

/** An id of one entity type, by the log of the handler that reads it. */
export interface IdPattern {
  readonly type: string;
  readonly pieces: readonly Piece[];
}

const ADDRESS_DIGITS = 40;
const WORD_DIGITS = 64;
/** Ids are short, and what joins their pieces is shorter. */
const MAX_PIECES = 7;
const MAX_WORDS = 8;
const JOINT = /^(0x|[-_:/#.]+)/;
/** A handler that reads more kinds of ids than this gains little from guessing more. */
const MAX_PATTERNS = 8;

/** Digits of a log that ids are made of, with the piece that stands for them. */
function* digitsOf(log: Log): Generator<readonly [string, Piece]> {
  yield [log.transactionHash.slice(2), { field: 'transactionHash' }];
  yield [log.address.slice(2), { field: 'address' }];
  for (let topic = 1; topic < log.topics.length; topic += 1) {
    const hex = (log.topics[topic] as Hex).slice(2);
    yield [hex, { topic, digits: WORD_DIGITS }];
    yield [hex.slice(WORD_DIGITS - ADDRESS_DIGITS), { topic, digits: ADDRESS_DIGITS }];
  }
  const words = Math.min(MAX_WORDS, (log.data.length - 2) / WORD_DIGITS);
  for (let word = 0; word + 1 <= words; word += 1) {
    const hex = log.data.slice(2 + word * WORD_DIGITS, 2 + (word + 1) * WORD_DIGITS);
    yield [hex, { word, digits: WORD_DIGITS }];
    yield [hex.slice(WORD_DIGITS - ADDRESS_DIGITS), { word, digits: ADDRESS_DIGITS }];
  }
}

/** How an id was made from a log, or null when it cannot be told. At least one piece is of the log. */
export function piecesOf(key: string, log: Log): readonly Piece[] | null {
  const known = [...digitsOf(log)];
  const search = (at: number, pieces: readonly Piece[]): readonly Piece[] | null => {
    if (at === key.length) return pieces.some((piece) => !('text' in piece)) ? pieces : null;
    if (pieces.length === MAX_PIECES) return null;
    for (const [digits, piece] of known) {
      if (!key.startsWith(digits, at)) continue;
      const found = search(at + digits.length, [...pieces, piece]);
      if (found) return found;
    }
    const joint = JOINT.exec(key.slice(at))?.[0];
    return joint === undefined ? null : search(at + joint.length, [...pieces, { text: joint }]);
  };
  return search(0, []);
}

/** The id that a pattern makes of a log; null when the log is too short for it. */
export function idOf(pieces: readonly Piece[], log: Log): string | null {
  let id = '';
  for (const piece of pieces) {
    if ('text' in piece) id += piece.text;
    else if ('field' in piece) id += log[piece.field].slice(2);
    else {
      const isTopic = 'topic' in piece;
      const source = isTopic ? log.topics[piece.topic] : log.data;
      const end = isTopic ? 2 + WORD_DIGITS : 2 + (piece.word + 1) * WORD_DIGITS;
      if (source === undefined || source.length < end) return null;
      id += source.slice(end - piece.digits, end);
    }
  }
  return id;
}

/** What has been learned, by handler. */
export class ReadAhead {
  readonly #patterns = new Map<string, IdPattern[]>();

  /** Told of every entity that the store had to be asked for while a handler ran. */
  learn(handler: string, log: Log, type: string, key: string): void {
    const known = this.#patterns.get(handler) ?? [];
    if (known.length === MAX_PATTERNS) return;
    if (known.some((pattern) => pattern.type === type && idOf(pattern.pieces, log) === key)) return;
    const pieces = piecesOf(key, log);
    if (pieces === null) return;
    this.#patterns.set(handler, [...known, { type, pieces }]);
  }

  patterns(handler: string): readonly IdPattern[] {
    return this.#patterns.get(handler) ?? [];
  }
}
