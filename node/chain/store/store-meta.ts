// What the store says of itself: one small value, written with every commit, from which everything else is found.
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { storeCorrupt, storeFormat } from './store-errors.ts';
import { sealed, type Tables, unsealed } from './tables.ts';

/** Another for every incompatible version of the store. */
export const STORE_FORMAT = 1;

const whole = z.int().min(0);
const runSchema = z.strictObject({ id: whole, pages: whole, entries: whole });
const segmentSchema = z.strictObject({ id: whole, level: whole, to: whole });
const metaSchema = z.strictObject({
  format: z.literal(STORE_FORMAT),
  /** Id of the genesis block. */
  genesis: z.string(),
  /** Indexes of the first and the last record; the first moves by pruning. */
  first: whole.optional(),
  last: whole.optional(),
  /** Index of the state that a node starts from. */
  folded: whole.optional(),
  /** Records below this have their changes in `runs`; those from here to `folded` are folded when they are read. */
  inRuns: whole,
  /** Records below this have their transactions in `segments`. */
  inSegments: whole,
  /** Records below this are removed: those from here to `first` are forgotten, but still there. */
  removed: whole,
  /** Places in the order of arrival. */
  firstBlock: whole,
  nextBlock: whole,
  /** The oldest first: what a later one says counts. */
  runs: z.array(runSchema),
  segments: z.array(segmentSchema),
  /** What is there still for readers that have not seen this. */
  leftRuns: z.array(runSchema),
  leftSegments: z.array(whole),
  nextId: whole,
});

export type StoreMeta = z.infer<typeof metaSchema>;
export type StateRun = z.infer<typeof runSchema>;
export type IndexSegment = z.infer<typeof segmentSchema>;

export const newMeta = (genesis: string): StoreMeta => ({
  format: STORE_FORMAT,
  genesis,
  inRuns: 0,
  inSegments: 0,
  removed: 0,
  firstBlock: 0,
  nextBlock: 0,
  runs: [],
  segments: [],
  leftRuns: [],
  leftSegments: [],
  nextId: 0,
});

const metaKey = Buffer.from('meta');

/** Undefined in a new store. @throws AiosError STORE_CORRUPT or STORE_FORMAT */
export function readMeta(tables: Tables): StoreMeta | undefined {
  const value = unsealed(tables, 'facts', metaKey);
  if (!value) return undefined;
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    const { format } = z.looseObject({ format: z.int() }).parse(parsed);
    if (format !== STORE_FORMAT) throw storeFormat(tables.path, format, STORE_FORMAT);
    return metaSchema.parse(parsed);
  } catch (error) {
    if (error instanceof AiosError) throw error;
    throw storeCorrupt(tables.path, 'what it says of itself cannot be read', error);
  }
}

export function writeMeta(tables: Tables, meta: StoreMeta): void {
  tables.facts.putSync(metaKey, sealed(metaKey, Buffer.from(JSON.stringify(meta))));
}

/** Facts of the callers are kept apart from the store's own. */
export const factKey = (name: string): Buffer => Buffer.from(`fact ${name}`);
