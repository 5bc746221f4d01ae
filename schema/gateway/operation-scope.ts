// One operation at the gateway: its context, its deadline, and the client it counts against.
import { randomUUID } from 'node:crypto';
import {
  type HeadLoader,
  type OperationContext,
  ReadPoint,
  ReadSet,
  type Viewer,
} from '#node/platform/operation.ts';

export interface OperationScope {
  readonly operation: OperationContext;
  readonly controller: AbortController;
  /** Whom the rate limit counts: a DID, or an address. */
  readonly client: string;
}

const noHeads: HeadLoader = async () => new Map();

/** A fresh scope; the read point is pinned by the first fetch that needs it. */
export function createScope(options: {
  readonly viewer: Viewer | null;
  readonly ip: string;
  readonly headLoader: HeadLoader | undefined;
  readonly requestId?: string;
}): OperationScope {
  const controller = new AbortController();
  return {
    controller,
    client: options.viewer?.did ?? options.ip,
    operation: {
      viewer: options.viewer,
      readPoint: new ReadPoint(options.headLoader ?? noHeads),
      reads: new ReadSet(),
      signal: controller.signal,
      requestId: options.requestId ?? randomUUID(),
      ip: options.ip,
    },
  };
}
