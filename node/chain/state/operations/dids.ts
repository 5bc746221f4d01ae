// Decentralized identifiers: an account has one, whose document's hash it may change; a DID belongs to the first who registers it.
import type { Operation } from '../../types/operation.ts';
import { base58 } from '../base58.ts';
import type { BlockContext } from '../block-context.ts';
import { ExecutionFailure, type Outcome } from '../execution-failure.ts';

/** The chain's own method: its identifiers are keys, so that nobody can take another's. */
const OWN_METHOD = 'did:aios:';

export function registerDid(
  context: BlockContext,
  { did, document }: Extract<Operation, { kind: 'registerDid' }>,
): Outcome {
  const { state, publicKey } = context;
  const owner = context.senderName;
  if (did.startsWith(OWN_METHOD) && did !== OWN_METHOD + base58(publicKey))
    return ExecutionFailure.didKeyDiffers;
  const name = Buffer.from(did).toString('hex');
  const registered = state.didOwners.get(name);
  if (registered !== undefined && registered !== owner) return ExecutionFailure.didOfAnother;
  const before = state.dids.get(owner);
  if (before && before.did !== did) return ExecutionFailure.accountHasDid;
  if (registered === undefined) state.didOwners.set(name, owner);
  state.dids.set(owner, { did, document });
  context.emit({ kind: 'didRegistered', owner, did, document });
  return undefined;
}
