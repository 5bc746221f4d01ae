// What a block knows to be justified and final: what the certificates in it and its past say, and nothing else. A function of the block alone, so
// that all nodes agree on it whatever votes they have seen themselves.
import type { BlockId } from '../types/identifiers.ts';
import type { Checkpoint, Link } from '../types/vote.ts';

/** A checkpoint with the root of the state there. */
export interface KnownCheckpoint extends Checkpoint {
  readonly stateRoot: string;
}

export interface FinalityContext {
  readonly finalized: KnownCheckpoint;
  /** Ascending by epoch, from the final one on. */
  readonly justified: readonly KnownCheckpoint[];
  /** Of the last links, who has signed: one bit for each elector. What is on chain already needs not be brought again. */
  readonly signed: ReadonlyMap<string, { readonly epoch: number; readonly signers: bigint }>;
}

/** How many epochs back a certificate may bring more signers than were on chain: until then the books of an epoch are open. */
export const LATE_EPOCHS = 3;

export const linkKey = ({ source, target, stateRoot }: Link): string =>
  `${source.epoch}:${source.block}>${target.epoch}:${target.block}:${stateRoot}`;

export function genesisContext(genesis: BlockId, stateRoot: string): FinalityContext {
  const checkpoint: KnownCheckpoint = { epoch: 0, block: genesis, stateRoot };
  return { finalized: checkpoint, justified: [checkpoint], signed: new Map() };
}

/** Whether a certificate follows on what is known: its source is justified there. */
export const follows = (context: FinalityContext, { source }: Link): boolean =>
  context.justified.some(({ epoch, block }) => epoch === source.epoch && block === source.block);

/**
 * What is known with one more certificate, whose signatures were checked and whose target is on the block's chain.
 * @param signers one bit for each elector
 * @returns the same context when the certificate says nothing new or does not follow on it
 */
export function withCertificate(context: FinalityContext, link: Link, signers: bigint): FinalityContext {
  if (!follows(context, link)) return context;
  const { source, target, stateRoot } = link;
  const key = linkKey(link);
  const before = context.signed.get(key)?.signers ?? 0n;
  if ((before | signers) === before) return context;
  const open = [...context.signed].filter(([, { epoch }]) => epoch >= target.epoch - LATE_EPOCHS);
  const signed = new Map(open).set(key, { epoch: target.epoch, signers: before | signers });
  if (before !== 0n) return { ...context, signed };
  const known = context.justified.some(
    ({ epoch, block }) => epoch === target.epoch && block === target.block,
  );
  const justified = known
    ? context.justified
    : [...context.justified, { ...target, stateRoot }].sort((a, b) => a.epoch - b.epoch);
  if (target.epoch !== source.epoch + 1 || source.epoch <= context.finalized.epoch)
    return { ...context, justified, signed };
  const finalized = context.justified.find(
    ({ epoch, block }) => epoch === source.epoch && block === source.block,
  ) as KnownCheckpoint;
  return { finalized, justified: justified.filter(({ epoch }) => epoch >= finalized.epoch), signed };
}
