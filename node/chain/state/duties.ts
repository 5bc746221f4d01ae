// Who has voted in which epoch, and what comes of missing too many: the books of an epoch are closed some epochs later, when its certificates
// are on the chain. Only epochs that were justified count, because in others nobody knows whose fault it was.
import type { BlockContext } from './block-context.ts';
import type { CheckedCertificate } from './chain-block.ts';
import { payRewards } from './rewards.ts';
import { slashDowntime } from './slashing.ts';
import { epochName, epochOfName } from './state-keys.ts';

/** Epochs after which the books are closed: time for certificates with more signers to reach the chain. */
const CLOSED_AFTER = 4;

/** Adds those who signed a certificate to those who voted, unless the epoch's books are closed. */
export function recordVoters(context: BlockContext, { target, signed, absent }: CheckedCertificate): void {
  if (target.epoch <= context.epoch - CLOSED_AFTER) return;
  const { duties } = context.state;
  const name = epochName(target.epoch);
  const before = duties.get(name);
  const voted = new Set([...signed, ...(before?.signed ?? [])]);
  const missing = new Set([...absent, ...(before?.absent ?? [])].filter((each) => !voted.has(each)));
  if (before && voted.size === before.signed.length && missing.size === before.absent.length) return;
  duties.set(name, { signed: [...voted].sort(), absent: [...missing].sort() });
}

/** Closes the books of all epochs that are over for long enough: pays those who voted, and counts who did not. */
export function closeDuties(context: BlockContext): void {
  const { duties } = context.state;
  const due = [...duties.all()]
    .filter(([name]) => epochOfName(name) <= context.epoch - CLOSED_AFTER)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { signed, absent }] of due) {
    const epoch = epochOfName(name);
    duties.set(name, undefined);
    payRewards(context, epoch, signed);
    const voted = new Set(signed);
    for (const validator of [...signed, ...absent].sort())
      count(context, epoch, validator, voted.has(validator));
  }
}

/**
 * Counts an epoch for a validator. Whoever has missed more than is tolerated in a whole window is out at once, as the rest of the window could
 * not change it any more; at the end of a window counting begins anew.
 */
function count(context: BlockContext, epoch: number, address: string, voted: boolean): void {
  const { state, parameters } = context;
  context.emit({ kind: 'dutiesCounted', epoch, validator: address, voted });
  const validator = state.validators.get(address);
  // Who is suspended is still asked to vote until the set changes, which takes a few epochs.
  if (validator?.status !== 'active') return;
  const counted = validator.counted + 1;
  const missed = validator.missed + (voted ? 0 : 1);
  const tooMany = missed * 1_000 > parameters.dutyEpochs * parameters.missedPerMille;
  const over = counted >= parameters.dutyEpochs;
  state.validators.set(address, {
    ...validator,
    counted: over ? 0 : counted,
    missed: over ? 0 : missed,
  });
  if (tooMany) slashDowntime(context, address);
}
