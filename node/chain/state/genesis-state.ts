// The state that a chain begins with.
import { AiosError } from '#node/platform/errors.ts';
import type { Bls } from '../crypto/bls.ts';
import type { Genesis } from '../types/genesis.ts';
import { bytesOf } from '../types/identifiers.ts';
import { MAX_AMOUNT } from '../types/limits.ts';
import { EMPTY_POOL } from './staking-pool.ts';
import type { WorldState } from './world-state.ts';

const NO_BLOCK = '00'.repeat(32);

/** @throws AiosError GENESIS_INVALID, which names the field */
export function writeGenesis(state: WorldState, genesis: Genesis, bls: Bls): void {
  const { accounts, validators, reserve, treasury } = genesis;
  let held = 0n;
  for (const { address, balance } of accounts) {
    held += balance;
    if (balance > 0n && held <= MAX_AMOUNT) state.accounts.set(bytesOf(address), balance, 0n);
  }
  let staked = 0n;
  for (const [nth, { address, stake, votingKey, proofOfPossession }] of validators.entries()) {
    if (!bls.verifyPossession(bytesOf(votingKey), bytesOf(proofOfPossession)))
      throw invalid(
        `validators.${nth}.proofOfPossession`,
        'does not prove that the validator has its voting key',
      );
    if (state.votingKeys.get(votingKey) !== undefined)
      throw invalid(`validators.${nth}.votingKey`, 'is that of another validator too');
    state.votingKeys.set(votingKey, address);
    state.validators.set(address, {
      votingKey: bytesOf(votingKey),
      status: 'active',
      pool: { tokens: stake, shares: stake, generation: 0 },
      ownShares: stake,
      unbonding: EMPTY_POOL,
      counted: 0,
      missed: 0,
    });
    staked += stake;
  }
  const supply = held + staked + reserve + treasury;
  if (supply > MAX_AMOUNT)
    throw invalid('accounts', `with all else hold ${supply} nano-AiOS; a supply has less than 2⁶⁴`);
  const beginning = { epoch: 0, block: NO_BLOCK };
  state.setTotals({
    supply,
    reserve,
    treasury,
    burned: 0n,
    staked,
    unbonding: 0n,
    escrowed: 0n,
    stakersFees: 0n,
  });
  state.setProgress({ justified: beginning, finalized: beginning, releaseFrom: 0, checkpointsFrom: 0 });
  state.commit();
}

const invalid = (field: string, why: string) =>
  new AiosError(
    'GENESIS_INVALID',
    `The genesis is not valid: ${field} ${why}. Every node of a chain must have the same file; get it from where the chain is announced.`,
  );
