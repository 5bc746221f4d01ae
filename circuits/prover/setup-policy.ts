// Which keys may be used where. Development keys have a published secret: with it anybody proves anything.
import { AiosError } from '#node/platform/errors.ts';

/** Where keys are used. */
export interface KeyUse {
  /** NODE_ENV=production, as the configuration read it. */
  readonly production: boolean;
  /** The chain that proofs are verified on; undefined when they are for no chain. */
  readonly chainId?: number;
}

/** anvil's chain id, which the embedded devnet has. */
export const devnetChainId = 31_337;

/** @throws AiosError DEVELOPMENT_KEYS_REFUSED */
export function assertDevelopmentKeysAllowed(use: KeyUse): void {
  const why = use.production
    ? 'NODE_ENV is production'
    : use.chainId !== undefined && use.chainId !== devnetChainId
      ? `chain ${use.chainId} is not the devnet`
      : undefined;
  if (why === undefined) return;
  throw new AiosError(
    'DEVELOPMENT_KEYS_REFUSED',
    `Only development keys (DEV-INSECURE) are at hand, and ${why}: their secret is published, so anybody could forge proofs. ` +
      'Make keys with a ceremony (docs/proving.md, "Production") and set AIOS_PROVING_KEYS to their folder.',
  );
}
