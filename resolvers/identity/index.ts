// The public door of identity: the subgraph, and who is asking (for the gateway).
import type { Subgraph, Viewer } from '#node/platform/operation.ts';
import { type IdentityOptions, IdentityService } from './identity-service.ts';
import { createIdentitySchema } from './schema.ts';

export type { IdentityOptions } from './identity-service.ts';

export interface IdentitySubgraph extends Subgraph {
  /** Who sends this `authorization` header; null without one. Throws AiosError UNAUTHENTICATED for a bad one. */
  authenticate(authorization: string | null | undefined): Promise<Viewer | null>;
  readonly service: IdentityService;
  close(): void;
}

/** Brings the tables up to date and returns the subgraph `identity`. */
export async function createIdentitySubgraph(options: IdentityOptions): Promise<IdentitySubgraph> {
  const service = await IdentityService.open(options);
  return {
    ...createIdentitySchema(service),
    service,
    authenticate: (authorization) => service.authenticate(authorization),
    close: () => service.close(),
  };
}
