// Content identifiers as `ipfs add` gives them by default: CIDv0 (base58 of a sha2-256 multihash) of a UnixFS file in dag-pb,
// 256 KiB chunks, balanced tree. A deployment is named by the CID of its manifest, so this must agree with IPFS to the byte.
import { createHash } from 'node:crypto';

/** Default chunker of kubo: `size-262144`. */
const CHUNK_SIZE = 262_144;
/** Default fan-out of kubo's balanced layout. */
const LINKS_PER_NODE = 174;
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes in the Bitcoin base58 alphabet, without a checksum. */
export function base58(bytes: Uint8Array): string {
  let value = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = BASE58[Number(value % 58n)] + text;
    value /= 58n;
  }
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = `1${text}`;
  }
  return text;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A protobuf field of wire type 2. */
const lengthDelimited = (field: number, content: Uint8Array): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
/** A protobuf field of wire type 0. */
const integer = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);

interface Node {
  readonly multihash: Buffer;
  /** Bytes of file content below this node. */
  readonly fileSize: number;
  /** Bytes of this block and of all below it, which is what a link to it states. */
  readonly totalSize: number;
}

function node(unixfs: Buffer, children: readonly Node[], fileSize: number): Node {
  const links = children.map((child) =>
    lengthDelimited(
      2,
      Buffer.concat([
        lengthDelimited(1, child.multihash),
        lengthDelimited(2, new Uint8Array()),
        integer(3, child.totalSize),
      ]),
    ),
  );
  // The canonical order of dag-pb puts the links (field 2) before the data (field 1).
  const block = Buffer.concat([...links, lengthDelimited(1, unixfs)]);
  const multihash = Buffer.concat([Buffer.from([0x12, 0x20]), createHash('sha256').update(block).digest()]);
  return {
    multihash,
    fileSize,
    totalSize: children.reduce((sum, child) => sum + child.totalSize, block.length),
  };
}

const UNIXFS_FILE = 2;

function leaf(chunk: Uint8Array): Node {
  const data = chunk.length === 0 ? [] : [lengthDelimited(2, chunk)];
  return node(Buffer.concat([integer(1, UNIXFS_FILE), ...data, integer(3, chunk.length)]), [], chunk.length);
}

function branch(children: readonly Node[]): Node {
  const fileSize = children.reduce((sum, child) => sum + child.fileSize, 0);
  const sizes = children.map((child) => integer(4, child.fileSize));
  return node(Buffer.concat([integer(1, UNIXFS_FILE), integer(3, fileSize), ...sizes]), children, fileSize);
}

/** The CIDv0 (`Qm…`) under which IPFS stores this file when it is added with default settings. */
export function contentId(content: Uint8Array): string {
  let level: Node[] = [];
  for (let offset = 0; offset === 0 || offset < content.length; offset += CHUNK_SIZE) {
    level.push(leaf(content.subarray(offset, offset + CHUNK_SIZE)));
  }
  while (level.length > 1) {
    const parents: Node[] = [];
    for (let first = 0; first < level.length; first += LINKS_PER_NODE) {
      parents.push(branch(level.slice(first, first + LINKS_PER_NODE)));
    }
    level = parents;
  }
  return base58((level[0] as Node).multihash);
}
