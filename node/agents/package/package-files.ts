// The files of a package, whatever they come in: which paths and sizes are allowed, and the content identifier of them all.
import { createHash } from 'node:crypto';
import { contentIdOf } from '#node/platform/content-id.ts';
import { AiosError } from '#node/platform/errors.ts';

export type PackageFiles = ReadonlyMap<string, Uint8Array>;

export const PACKAGE_LIMITS = {
  files: 512,
  fileBytes: 4 << 20,
  bytes: 8 << 20,
  pathBytes: 180,
  pathSegments: 12,
} as const;

/** First line of what is hashed; another number whenever the listing changes. */
export const LISTING_VERSION = 'aios-package/1';

const SEGMENT = /^[A-Za-z0-9_@+][A-Za-z0-9._@+-]*$/;

export function refusePackage(message: string, details: Record<string, unknown> = {}): never {
  throw new AiosError('PACKAGE_INVALID', message, { details });
}

/** @throws AiosError `PACKAGE_INVALID` for a path that could mean another place, or another file on another system */
export function checkPath(path: string): void {
  const shown = JSON.stringify(path.slice(0, PACKAGE_LIMITS.pathBytes));
  if (path.length > PACKAGE_LIMITS.pathBytes)
    refusePackage(`${shown}…: a path has at most ${PACKAGE_LIMITS.pathBytes} characters`, { path });
  const segments = path.split('/');
  if (segments.length > PACKAGE_LIMITS.pathSegments)
    refusePackage(`${shown}: folders nest at most ${PACKAGE_LIMITS.pathSegments} deep`, { path });
  for (const segment of segments) {
    if (SEGMENT.test(segment)) continue;
    refusePackage(
      `${shown}: paths are relative, of letters, digits and . _ @ + -, and no part begins with a dot: rename ${JSON.stringify(segment.slice(0, 40))}`,
      { path },
    );
  }
}

/** Takes files one by one, and none once one is wrong. */
export class PackageCollector {
  readonly #files = new Map<string, Uint8Array>();
  /** Lower-case path → path: two of them would be one file on some systems. */
  readonly #folded = new Map<string, string>();
  #bytes = 0;

  /** @throws AiosError `PACKAGE_INVALID` before anything of this file is read */
  expect(path: string, bytes: number): void {
    checkPath(path);
    const folded = path.toLowerCase();
    const twin = this.#folded.get(folded);
    if (twin !== undefined)
      refusePackage(
        twin === path
          ? `${path} is there twice: remove one`
          : `${twin} and ${path} differ in case only: rename one`,
        { path },
      );
    if (bytes > PACKAGE_LIMITS.fileBytes)
      refusePackage(`${path} has ${bytes} bytes, ${PACKAGE_LIMITS.fileBytes} are allowed a file`, { path });
    this.#bytes += bytes;
    if (this.#bytes > PACKAGE_LIMITS.bytes)
      refusePackage(
        `the package has more than ${PACKAGE_LIMITS.bytes} bytes with ${path}: leave out what is not needed`,
      );
    if (this.#folded.size >= PACKAGE_LIMITS.files)
      refusePackage(`the package has more than ${PACKAGE_LIMITS.files} files: leave out what is not needed`);
    this.#folded.set(folded, path);
  }

  add(path: string, bytes: Uint8Array): void {
    this.#files.set(path, bytes);
  }

  /** The files in the order of their paths. @throws AiosError `PACKAGE_INVALID` when a file is also another's folder */
  finish(): PackageFiles {
    for (const path of this.#files.keys()) {
      for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
        const folder = this.#folded.get(path.slice(0, at).toLowerCase());
        if (folder !== undefined)
          refusePackage(`${folder} is a file and the folder of ${path}: rename one`, { path });
      }
    }
    return new Map([...this.#files].sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}

/** What is hashed: the version's line, then `sha256 size path` of each file in the order of paths, each ended by a line feed. */
export function listingOf(files: PackageFiles): string {
  const lines = [...files]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, bytes]) => `${createHash('sha256').update(bytes).digest('hex')} ${bytes.length} ${path}\n`);
  return `${LISTING_VERSION}\n${lines.join('')}`;
}

/** CIDv1 (raw, sha2-256) of the listing: the same for a folder, an archive of it, and an archive of that by other tools. */
export function packageCid(files: PackageFiles): string {
  return contentIdOf(Buffer.from(listingOf(files)));
}
