// What a JSON-RPC request is refused with: a code of JSON-RPC 2.0 or of EIP-1474, and a sentence that names the way on.
import { AiosError } from '#node/platform/errors.ts';

export const rpcCodes = {
  notJson: -32700,
  notARequest: -32600,
  noSuchMethod: -32601,
  badParameters: -32602,
  internal: -32603,
  refused: -32000,
  notFound: -32001,
  rejected: -32003,
  notSupported: -32004,
  limit: -32005,
  /** Geth's, for what a contract refuses. */
  reverted: 3,
} as const;

/** @prop data for programs, as JSON */
export class RpcError extends AiosError {
  constructor(
    readonly rpcCode: number,
    message: string,
    readonly data?: unknown,
  ) {
    super('RPC_REFUSED', message);
  }
}

/** An answer that is JSON already: built by hand where it is large. */
export class JsonText {
  constructor(readonly text: string) {}
}
