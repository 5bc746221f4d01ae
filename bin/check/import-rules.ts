// Which room may import which: the arrows of the house, checked on every import of every source file.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export interface ImportViolation {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  readonly message: string;
}

/** Room → rooms it may import, itself aside. `bin`, `bench` and tests see everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'node/platform': [],
  'node/devnet': ['node/platform', 'contracts'],
  'node/agents': ['node/platform'],
  'node/chain': ['node/platform'],
  'node/zone': ['node/platform'],
  circuits: ['node/platform'],
  contracts: ['node/platform'],
  subgraphs: [],
  indexer: ['node/platform'],
  schema: ['node/platform'],
  resolvers: ['schema', 'node/platform', 'node/agents', 'circuits', 'contracts'],
  web: [],
};
const composition = new Set(['bin', 'bench']);

const skipped = new Set([
  'node_modules',
  'dist',
  'generated',
  'peers',
  'build',
  'out',
  'cache',
  '.git',
  '.aios',
  'fixtures',
]);
const source = /\.(?:ts|tsx|mts)$/;
// Each alternative is linear in the text: a clause may span lines, so only its end is looked for.
const importPattern =
  /\bfrom\s+['"]([^'"\n]+)['"]|\bimport\s+['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g;

/** Room of a path relative to the package's root: its first folder, or the first two under node/. */
export function roomOf(path: string): string {
  const [first = '', second = ''] = path.split(sep).join('/').split('/');
  return first === 'node' ? `node/${second}` : first;
}

/** The violations of one file's imports. `path` is relative to the package's root. */
export function checkImports(path: string, text: string): ImportViolation[] {
  const room = roomOf(path);
  const violations: ImportViolation[] = [];
  const isTest = /\.(?:test|bench|contract)\.tsx?$/.test(path) || /(?:^|[/\\])testing[/\\]/.test(path);
  for (const match of text.matchAll(importPattern)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const line = text.slice(0, match.index).split('\n').length;
    const violation = (message: string) => violations.push({ file: path, line, specifier, message });
    if (specifier.startsWith('.')) {
      const target = roomOf(relative('.', join(dirname(path), specifier)));
      // Files of a package that exports no door to them are reached by path, by tests that use it as an oracle.
      if (target !== room && target !== 'node_modules' && !composition.has(room))
        violation(`a relative import leaves the room ${room}: write #${target}/…`);
    } else if (specifier.startsWith('#')) {
      const target = roomOf(specifier.slice(1));
      if (target === room || composition.has(room) || (isTest && room !== 'web')) continue;
      if (!allowed[room]?.includes(target)) {
        violation(
          `${room} may not import ${target}: ${allowed[room]?.length ? `only ${allowed[room].join(', ')}` : 'it imports no other room'}`,
        );
      }
    }
  }
  return violations;
}

/** Checks every source file below `root`. */
export function checkTree(root: string): { files: number; violations: ImportViolation[] } {
  const violations: ImportViolation[] = [];
  let files = 0;
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) visit(path);
      } else if (source.test(entry.name)) {
        files++;
        violations.push(...checkImports(relative(root, path), readFileSync(path, 'utf8')));
      }
    }
  };
  for (const room of new Set([
    ...Object.keys(allowed).map((name) => name.split('/')[0] as string),
    ...composition,
  ])) {
    try {
      visit(join(root, room));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return { files, violations };
}
