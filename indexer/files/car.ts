// Content archives, version 1 (https://ipld.io/specs/transport/car/carv1/): what a trustless gateway answers with, block after block.
import { AiosError } from '#node/platform/errors.ts';
import { type Cid, cidAt, readVarint } from './cid.ts';

export interface CarBlock {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/**
 * The blocks of an archive, as they stand in it: whoever uses them checks them against their identifiers.
 *
 * @throws AiosError `CAR_MALFORMED`
 */
export function* readCar(archive: Uint8Array): Generator<CarBlock> {
  const malformed = (why: string) =>
    new AiosError('CAR_MALFORMED', `the gateway's archive cannot be read: ${why}`);
  const header = readVarint(archive, 0);
  // The header names the roots, in CBOR; what is wanted is known already.
  if (!header || header[1] + header[0] > archive.length) throw malformed('it has no header');
  let at = header[1] + header[0];
  while (at < archive.length) {
    const section = readVarint(archive, at);
    if (!section || section[1] + section[0] > archive.length) throw malformed('it ends within a block');
    const cid = cidAt(archive, section[1]);
    const end = section[1] + section[0];
    if (!cid || cid[1] > end) throw malformed('a block has no identifier');
    yield { cid: cid[0], bytes: archive.subarray(cid[1], end) };
    at = end;
  }
}
