import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pruneFolders, touchFolder } from './key-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'aios-key-cache-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const folder = (name: string, bytes: number, hoursAgo: number) => {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, 'file'), new Uint8Array(bytes));
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  utimesSync(join(root, name), at, at);
};

it('removes what was not used for longest, never what may be in use or is being made', () => {
  folder('old', 1_000, 30);
  folder('older', 1_000, 40);
  folder('touched', 1_000, 50);
  folder('new', 5_000, 0);
  folder('.building-x', 9_000, 60);
  touchFolder(join(root, 'touched'));
  expect(pruneFolders(root, 8_000)).toEqual([]);
  expect(pruneFolders(root, 7_500)).toEqual(['older']);
  expect(pruneFolders(root, 10)).toEqual(['old']);
  expect(readdirSync(root).sort()).toEqual(['.building-x', 'new', 'touched']);
});
