// What is thrown at bytes that are no object of the protocol.
import { AiosError } from '#node/platform/errors.ts';

/** `code` is MALFORMED; the message says which object, where and why. Nodes that send such bytes are scored for it. */
export class Malformed extends AiosError {
  constructor(
    readonly object: string,
    readonly offset: number,
    readonly why: string,
  ) {
    super('MALFORMED', `Not a valid ${object}: ${why} (byte ${offset}).`, { details: { object, offset } });
  }
}
