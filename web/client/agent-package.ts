// An agent's files as one package, made in the browser: the archive that `deployAgent` takes, and its content identifier, the same that
// the platform computes (docs/agents.md, "Packages"), so that what arrives is what was meant.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Text of each file by its path. */
export type PackageTexts = Readonly<Record<string, string>>;

const BLOCK = 512;
const encoder = new TextEncoder();

const byPath = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]) =>
  left < right ? -1 : 1;

/** RFC 4648, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(buffer >> (bits - 5)) & 31];
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(buffer << (5 - bits)) & 31] : text;
}

/** CIDv1 (raw, sha2-256) of a package's listing: the platform's `packageCid`. */
export function packageCid(files: PackageTexts): string {
  const lines = Object.entries(files)
    .sort(byPath)
    .map(([path, text]) => {
      const bytes = encoder.encode(text);
      return `${bytesToHex(sha256(bytes))} ${bytes.length} ${path}\n`;
    });
  const digest = sha256(encoder.encode(`aios-package/1\n${lines.join('')}`));
  return `b${base32(Uint8Array.from([0x01, 0x55, 0x12, 0x20, ...digest]))}`;
}

/** A ustar header: 0644, no times, no owners, so that the same files give the same tar. */
function header(path: string, size: number): Uint8Array<ArrayBuffer> {
  // ustar keeps up to 155 characters of folders apart from up to 100 of the rest.
  const cut = path.length <= 100 ? -1 : path.indexOf('/', path.length - 101);
  if (path.length > 100 && (cut < 0 || cut > 155))
    throw new Error(`${path}: the name is too long for an archive: shorten it.`);
  const bytes = new Uint8Array(BLOCK);
  const write = (text: string, at: number) => bytes.set(encoder.encode(text), at);
  write(cut < 0 ? path : path.slice(cut + 1), 0);
  write('0000644\0', 100);
  write('0000000\0', 108);
  write('0000000\0', 116);
  write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  write('00000000000\0', 136);
  // The checksum counts its own field as blanks.
  write('        ', 148);
  write('0', 156);
  write('ustar\u000000', 257);
  if (cut >= 0) write(path.slice(0, cut), 345);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** The files as `.tar.gz`. Throws an Error that names a path which no archive can hold. */
export async function packFiles(files: PackageTexts): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const [path, text] of Object.entries(files).sort(byPath)) {
    const content = encoder.encode(text);
    parts.push(
      header(path, content.length),
      content,
      new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK),
    );
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const packed = new Blob(parts).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Bytes as base64, in slices that a call's arguments can hold. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
