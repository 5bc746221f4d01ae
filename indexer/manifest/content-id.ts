// Content identifiers as `ipfs add` gives them by default: CIDv0 of a UnixFS file in dag-pb. A deployment is named by the one of its
// manifest, so this must agree with IPFS to the byte.
import { formatCid } from '../files/cid.ts';
import { type FileBlock, fileBlocks } from '../files/unixfs.ts';

/** The CIDv0 (`Qm…`) under which IPFS stores this file when it is added with default settings. */
export function contentId(content: Uint8Array): string {
  return formatCid((fileBlocks(content).at(-1) as FileBlock).cid);
}
