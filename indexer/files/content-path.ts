// Paths to files on IPFS as contracts and mappings write them: an identifier, maybe with a path below it, in one of several dresses.
import { type Cid, formatCid, parseCid } from './cid.ts';

export interface ContentPath {
  readonly cid: Cid;
  /** Names below the identifier, when it is a directory's. */
  readonly names: readonly string[];
}

/**
 * Reads `CID[/path]`, `/ipfs/CID[/path]`, `ipfs://CID[/path]`, `http[s]://…/ipfs/CID[/path]` and `http[s]://…?arg=CID[/path]`, as
 * graph-node does; null for anything else.
 */
export function parseContentPath(text: string): ContentPath | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//.test(trimmed)) return fromPath(trimmed);
  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    return null;
  }
  const argument = url.searchParams.get('arg');
  if (argument !== null) return fromPath(argument);
  const at = url.pathname.indexOf('/ipfs/');
  return fromPath(at < 0 ? url.pathname : url.pathname.slice(at + '/ipfs/'.length));
}

function fromPath(text: string): ContentPath | null {
  let path = text.replace(/^\/+|\/+$/g, '');
  for (const prefix of ['ipfs/', 'ipfs://']) if (path.startsWith(prefix)) path = path.slice(prefix.length);
  const slash = path.indexOf('/');
  const cid = parseCid(slash < 0 ? path : path.slice(0, slash));
  const below = slash < 0 ? '' : path.slice(slash + 1);
  if (cid === null || below.includes('?')) return null;
  return { cid, names: below.split('/').filter((name) => name !== '') };
}

/** The path in its plainest form: `CID` or `CID/path`. */
export function showContentPath({ cid, names }: ContentPath): string {
  return [formatCid(cid), ...names].join('/');
}
