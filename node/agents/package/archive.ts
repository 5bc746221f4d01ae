// Packages as one file: a gzipped tar (POSIX ustar) of plain files. Reading refuses everything that is more than that, before it is used.
import { gunzipSync, gzipSync } from 'node:zlib';
import { PACKAGE_LIMITS, PackageCollector, type PackageFiles, refusePackage } from './package-files.ts';

const BLOCK = 512;
/** Every file takes a header and its padding. */
const MOST_UNPACKED = PACKAGE_LIMITS.bytes + (2 * PACKAGE_LIMITS.files + 64) * 2 * BLOCK;
const MOST_PACKED = PACKAGE_LIMITS.bytes + (1 << 20);

const REGULAR = new Set(['0', '\0', '7']);
const FOLDER = '5';
const PAX = new Set(['x', 'g']);
const LINKS: Readonly<Record<string, string>> = { '1': 'a hard link', '2': 'a symbolic link' };
/** Keys of an extended header that would change what the next entry is. */
const TELLING = /^\d+ (?:path|linkpath|size|GNU\.)/m;

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return latin(end < 0 ? bytes : bytes.subarray(0, end));
};

function octal(bytes: Uint8Array, what: string): number {
  const digits = text(bytes).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) refusePackage(`the archive has a broken ${what}: pack it again`);
  return Number.parseInt(digits, 8);
}

function sumOf(header: Uint8Array): number {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return sum;
}

/**
 * The files of a `.tar` or `.tar.gz`.
 *
 * @throws AiosError `PACKAGE_INVALID` naming the entry and the fix; nothing is written anywhere
 */
export function readArchive(archive: Uint8Array): PackageFiles {
  if (archive.length > MOST_PACKED)
    refusePackage(`the archive has ${archive.length} bytes, ${MOST_PACKED} are allowed`);
  let tar = archive;
  if (archive[0] === 0x1f && archive[1] === 0x8b) {
    try {
      tar = gunzipSync(archive, { maxOutputLength: MOST_UNPACKED });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ERR_BUFFER_TOO_LARGE')
        refusePackage(
          `the archive unpacks to more than ${MOST_UNPACKED} bytes: leave out what is not needed`,
        );
      refusePackage('the archive is not whole: pack it again');
    }
  }
  if (tar.length > MOST_UNPACKED)
    refusePackage(`the archive has ${tar.length} bytes, ${MOST_UNPACKED} are allowed`);
  const collector = new PackageCollector();
  let at = 0;
  let ended = false;
  while (at + BLOCK <= tar.length) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) {
      ended = true;
      break;
    }
    if (octal(header.subarray(148, 156), 'checksum') !== sumOf(header))
      refusePackage('the archive is no tar, or not whole: give a .tar.gz of the folder');
    const size = octal(header.subarray(124, 136), 'size');
    const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
    const name = text(header.subarray(0, 100));
    const path = (prefix ? `${prefix}/${name}` : name).replace(/^(?:\.\/)+/, '');
    const type = String.fromCharCode(header[156] ?? 0);
    const contents = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (contents.length < size) refusePackage(`the archive ends within ${path.slice(0, 80)}: pack it again`);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (PAX.has(type)) {
      if (TELLING.test(latin(contents)))
        refusePackage('the archive has extended names: shorten paths, or pack with tar --format=ustar');
    } else if (REGULAR.has(type)) {
      collector.expect(path, size);
      collector.add(path, Uint8Array.from(contents));
    } else if (type !== FOLDER) {
      const what = LINKS[type] ?? `an entry of type ${JSON.stringify(type)}`;
      refusePackage(`${JSON.stringify(path.slice(0, 80))} is ${what}: a package has plain files only`, {
        path,
      });
    }
  }
  if (!ended) refusePackage('the archive has no end: pack it again');
  return collector.finish();
}

function header(path: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(BLOCK);
  // ustar keeps up to 155 characters of folders apart from up to 100 of the rest.
  const cut = path.length <= 100 ? -1 : path.indexOf('/', path.length - 101);
  if (path.length > 100 && (cut < 0 || cut > 155))
    refusePackage(`${path}: the name is too long for an archive: shorten it`);
  bytes.write(cut < 0 ? path : path.slice(cut + 1), 0, 'latin1');
  bytes.write('0000644\0', 100);
  bytes.write('0000000\0', 108);
  bytes.write('0000000\0', 116);
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  bytes.write('00000000000\0', 136);
  bytes.write('0', 156);
  bytes.write('ustar\u000000', 257);
  if (cut >= 0) bytes.write(path.slice(0, cut), 345, 'latin1');
  bytes.write(`${sumOf(bytes).toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** The files as `.tar.gz`, without times, owners or order of their own: the same files give the same tar. */
export function writeArchive(files: PackageFiles): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [path, bytes] of [...files].sort(([left], [right]) => (left < right ? -1 : 1)))
    parts.push(header(path, bytes.length), bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  parts.push(new Uint8Array(2 * BLOCK));
  return Uint8Array.from(gzipSync(Buffer.concat(parts), { level: 9 }));
}
