// What certificates on the chain make known to the state: which checkpoints are justified and final, and who voted for them. They were checked
// before, and come in any order.
import type { Checkpoint } from '../types/vote.ts';
import type { BlockContext } from './block-context.ts';
import type { CheckedCertificate } from './chain-block.ts';
import { recordVoters } from './duties.ts';
import { epochName } from './state-keys.ts';

/** Epochs that are forgotten in one chain block at most: more than pass, so that a chain that stood still catches up. */
const MOST_FORGOTTEN = 1_024;

export function recordCertificate(context: BlockContext, certificate: CheckedCertificate): void {
  const { state, epoch } = context;
  const { source, target, stateRoot, signedStake, totalStake } = certificate;
  const known = (each: number) => Number.isSafeInteger(each) && each >= state.progress.checkpointsFrom;
  if (!known(target.epoch) || target.epoch > epoch || source.epoch >= target.epoch) return;
  const name = epochName(target.epoch);
  const before = state.checkpoints.get(name);
  // Another one of that epoch needs a third of the stake at fault: the first stands, and people decide.
  if (before && (before.block !== target.block || before.stateRoot !== stateRoot)) return;
  if (!before) {
    state.checkpoints.set(name, { block: target.block, stateRoot, final: false, previous: undefined });
    if (target.epoch > state.progress.justified.epoch)
      state.setProgress({ ...state.progress, justified: target });
    context.emit({ kind: 'checkpointJustified', ...target, stateRoot, signedStake, totalStake });
  }
  const standing = state.checkpoints.get(name);
  if (standing && standing.previous === undefined && target.epoch === source.epoch + 1) {
    state.checkpoints.set(name, { ...standing, previous: source.block });
    finalizeIfLinked(context, source);
  }
  // The link from this one may have come before.
  finalizeIfLinked(context, target);
  recordVoters(context, certificate);
}

/** Final is a justified checkpoint from which the next epoch's was justified. */
function finalizeIfLinked(context: BlockContext, checkpoint: Checkpoint): void {
  const { state } = context;
  const name = epochName(checkpoint.epoch);
  const justified = state.checkpoints.get(name);
  if (!justified || justified.final || justified.block !== checkpoint.block) return;
  if (state.checkpoints.get(epochName(checkpoint.epoch + 1))?.previous !== checkpoint.block) return;
  state.checkpoints.set(name, { ...justified, final: true });
  if (checkpoint.epoch > state.progress.finalized.epoch)
    state.setProgress({ ...state.progress, finalized: checkpoint });
  context.emit({ kind: 'checkpointFinalized', ...checkpoint, stateRoot: justified.stateRoot });
}

/** Forgets checkpoints that no evidence may speak of any more. */
export function forgetCheckpoints({ state, epoch, parameters }: BlockContext): void {
  const { progress } = state;
  const upTo = Math.min(epoch - parameters.evidenceEpochs, progress.checkpointsFrom + MOST_FORGOTTEN);
  if (upTo <= progress.checkpointsFrom) return;
  for (let each = progress.checkpointsFrom; each < upTo; each++) {
    const name = epochName(each);
    if (state.checkpoints.get(name)) state.checkpoints.set(name, undefined);
  }
  state.setProgress({ ...progress, checkpointsFrom: upTo });
}
