// Files as IPFS keeps them (https://specs.ipfs.tech/unixfs/): trees of dag-pb blocks with raw or dag-pb leaves, and directories of links.
import { AiosError } from '#node/platform/errors.ts';
import { type Cid, carriedBytes, cidAt, cidOf, DAG_PB, formatCid, RAW, readVarint } from './cid.ts';
import type { ContentPath } from './content-path.ts';

/** Gives a block's bytes, which hash to its identifier; null when it is not to be had. */
export type BlockReader = (cid: Cid) => Promise<Uint8Array | null>;

interface Link {
  readonly cid: Cid;
  readonly name: string;
}

interface Node {
  readonly kind: 'raw' | 'directory' | 'file' | 'symlink' | 'shard' | 'metadata';
  readonly data: Uint8Array;
  readonly links: readonly Link[];
  /** Bytes of the whole file below this node, as it claims. */
  readonly fileSize: number | null;
}

const KINDS = ['raw', 'directory', 'file', 'metadata', 'symlink', 'shard'] as const;
/** A tree of 174 links a node holds 10^11 chunks at this depth: a deeper one is made to exhaust its reader. */
const MAX_DEPTH = 6;
/** Links of one file, however small its blocks: a tree of empty leaves has no bytes that could be counted. */
const MAX_BLOCKS = 30_000;

function malformed(cid: Cid, why: string): AiosError {
  return new AiosError('FILE_MALFORMED', `${formatCid(cid)} cannot be read as a file: ${why}`);
}

/** Fields of a protobuf message: numbers of varints, bytes of what is length-delimited. */
function* fields(
  bytes: Uint8Array,
  cid: Cid,
): Generator<readonly [field: number, value: number | Uint8Array]> {
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    const value = tag && readVarint(bytes, tag[1]);
    const wire = (tag?.[0] ?? 0) & 7;
    if (!tag || !value || (wire !== 0 && wire !== 2)) throw malformed(cid, 'its block is not dag-pb');
    const field = Math.floor(tag[0] / 8);
    if (wire === 0) {
      yield [field, value[0]];
      at = value[1];
      continue;
    }
    const end = value[1] + value[0];
    if (end > bytes.length) throw malformed(cid, 'its block ends early');
    yield [field, bytes.subarray(value[1], end)];
    at = end;
  }
}

function linkOf(bytes: Uint8Array, cid: Cid): Link {
  let target: Cid | null = null;
  let name = '';
  for (const [field, value] of fields(bytes, cid)) {
    if (field === 1 && value instanceof Uint8Array) target = cidAt(value, 0)?.[0] ?? null;
    if (field === 2 && value instanceof Uint8Array) name = new TextDecoder().decode(value);
  }
  if (target === null) throw malformed(cid, 'a link of it names nothing');
  return { cid: target, name };
}

function nodeOf(cid: Cid, block: Uint8Array): Node {
  if (cid.codec === RAW) return { kind: 'raw', data: block, links: [], fileSize: block.length };
  if (cid.codec !== DAG_PB)
    throw malformed(cid, `its codec 0x${cid.codec.toString(16)} is not that of a file (raw or dag-pb)`);
  const links: Link[] = [];
  let inner: Uint8Array = new Uint8Array();
  for (const [field, value] of fields(block, cid)) {
    if (!(value instanceof Uint8Array)) throw malformed(cid, 'its block is not dag-pb');
    if (field === 2) links.push(linkOf(value, cid));
    if (field === 1) inner = value;
  }
  let kind: Node['kind'] | undefined;
  let data: Uint8Array = new Uint8Array();
  let fileSize: number | null = null;
  for (const [field, value] of fields(inner, cid)) {
    if (field === 1 && typeof value === 'number') kind = KINDS[value];
    if (field === 2 && value instanceof Uint8Array) data = value;
    if (field === 3 && typeof value === 'number') fileSize = value;
  }
  if (kind === undefined) throw malformed(cid, 'it is dag-pb, but not UnixFS');
  return { kind, data, links, fileSize };
}

/**
 * The content of the file at a path; null when a block of it is not to be had.
 *
 * @throws AiosError `FILE_MALFORMED` when the path ends at no file, `FILE_TOO_LARGE` when it has more than `maxBytes`
 */
export async function readFile(
  path: ContentPath,
  read: BlockReader,
  maxBytes: number,
): Promise<Uint8Array | null> {
  let { cid } = path;
  for (const name of path.names) {
    const node = await nodeAt(cid, read);
    if (node === null) return null;
    if (node.kind === 'shard')
      throw malformed(cid, 'it is a directory in shards, through which paths are not followed here');
    const link = node.kind === 'directory' ? node.links.find((entry) => entry.name === name) : undefined;
    if (!link) throw malformed(cid, `it has no entry ${name}`);
    cid = link.cid;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let blocks = 0;
  const collect = async (at: Cid, depth: number): Promise<boolean> => {
    if (depth > MAX_DEPTH || ++blocks > MAX_BLOCKS)
      throw malformed(path.cid, 'its tree of blocks has no end');
    const node = await nodeAt(at, read);
    if (node === null) return false;
    if (node.kind !== 'file' && node.kind !== 'raw') throw malformed(at, `it is a ${node.kind}, not a file`);
    bytes += node.data.length;
    // What a node says of itself only serves to stop early; what counts is what is there.
    if (bytes > maxBytes || (depth === 0 && (node.fileSize ?? 0) > maxBytes))
      throw new AiosError(
        'FILE_TOO_LARGE',
        `${formatCid(path.cid)} has more than ${maxBytes} bytes: raise ipfs.maxFileBytes to read it`,
      );
    chunks.push(node.data);
    for (const link of node.links) if (!(await collect(link.cid, depth + 1))) return false;
    return true;
  };
  return (await collect(cid, 0)) ? new Uint8Array(Buffer.concat(chunks)) : null;
}

async function nodeAt(cid: Cid, read: BlockReader): Promise<Node | null> {
  const block = carriedBytes(cid) ?? (await read(cid));
  return block && nodeOf(cid, block);
}

/** Default chunker of kubo (`size-262144`) and fan-out of its balanced layout. */
const CHUNK_SIZE = 262_144;
const LINKS_PER_NODE = 174;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
const delimited = (field: number, content: Uint8Array): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
const integer = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);
const UNIXFS_FILE = 2;

export interface FileBlock {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

interface Subtree extends FileBlock {
  readonly fileSize: number;
  readonly totalSize: number;
}

/**
 * The blocks of a file as `ipfs add` makes them by default, the root last. With `version` 1 they are those of
 * `ipfs add --cid-version=1`, whose leaves are raw.
 */
export function fileBlocks(content: Uint8Array, version: 0 | 1 = 0): FileBlock[] {
  const blocks: FileBlock[] = [];
  const keep = (bytes: Uint8Array, codec: number, fileSize: number, below: number): Subtree => {
    const block = { cid: cidOf(bytes, codec, version), bytes };
    blocks.push(block);
    return { ...block, fileSize, totalSize: bytes.length + below };
  };
  let level: Subtree[] = [];
  for (let offset = 0; offset === 0 || offset < content.length; offset += CHUNK_SIZE) {
    const chunk = content.subarray(offset, offset + CHUNK_SIZE);
    const data = chunk.length === 0 ? [] : [delimited(2, chunk)];
    const unixfs = Buffer.concat([integer(1, UNIXFS_FILE), ...data, integer(3, chunk.length)]);
    level.push(
      version === 1 ? keep(chunk, RAW, chunk.length, 0) : keep(delimited(1, unixfs), DAG_PB, chunk.length, 0),
    );
  }
  while (level.length > 1) {
    const parents: Subtree[] = [];
    for (let first = 0; first < level.length; first += LINKS_PER_NODE) {
      const children = level.slice(first, first + LINKS_PER_NODE);
      const links = children.map((child) =>
        delimited(
          2,
          Buffer.concat([
            delimited(1, binaryOf(child.cid)),
            delimited(2, new Uint8Array()),
            integer(3, child.totalSize),
          ]),
        ),
      );
      const fileSize = children.reduce((sum, child) => sum + child.fileSize, 0);
      const sizes = children.map((child) => integer(4, child.fileSize));
      const unixfs = Buffer.concat([integer(1, UNIXFS_FILE), integer(3, fileSize), ...sizes]);
      const below = children.reduce((sum, child) => sum + child.totalSize, 0);
      parents.push(keep(Buffer.concat([...links, delimited(1, unixfs)]), DAG_PB, fileSize, below));
    }
    level = parents;
  }
  return blocks;
}

function binaryOf({ version, codec, hashCode, digest }: Cid): Uint8Array {
  const hash = Buffer.concat([varint(hashCode), varint(digest.length), digest]);
  return version === 0 ? hash : Buffer.concat([varint(1), varint(codec), hash]);
}
