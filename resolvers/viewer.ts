// Who acts: most mutations have no meaning without somebody.
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, Viewer } from '#node/platform/operation.ts';

/** @throws AiosError UNAUTHENTICATED */
export function viewerOf({ viewer }: Pick<OperationContext, 'viewer'>): Viewer {
  if (!viewer) throw new AiosError('UNAUTHENTICATED', 'Sign in first.');
  return viewer;
}
