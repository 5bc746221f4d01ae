import { describe, expect, it } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { checkImports, checkTree, roomOf } from './import-rules.ts';

const messages = (path: string, text: string) =>
  checkImports(path, text).map((violation) => violation.message);

describe('import rules', () => {
  it('knows the rooms', () => {
    expect(roomOf('node/platform/log.ts')).toBe('node/platform');
    expect(roomOf('indexer/store/layout.ts')).toBe('indexer');
  });

  it('lets imports run downwards', () => {
    expect(messages('indexer/a.ts', `import { x } from '#node/platform/log.ts';`)).toEqual([]);
    expect(
      messages('resolvers/a/b.ts', `import type { x } from '#schema/builder.ts';\nimport pg from 'pg';`),
    ).toEqual([]);
    expect(messages('bin/a.ts', `import { x } from '#indexer/index.ts';`)).toEqual([]);
  });

  it.each([
    ['indexer/a.ts', `import { x } from '#resolvers/a.ts';`],
    ['resolvers/a.ts', `export { x } from '#indexer/a.ts';`],
    ['schema/a.ts', `const x = await import('#indexer/a.ts');`],
    ['web/a.tsx', `import type { X } from '#schema/a.ts';`],
    ['node/platform/a.ts', `import { x } from '#contracts/a.ts';`],
    ['indexer/a/b.ts', `import { x } from '../../node/platform/log.ts';`],
    ['indexer/a/b.ts', `import {\n  x,\n  y,\n} from '../../schema/a.ts';`],
  ])('refuses an upward or sideways import in %s', (path, text) => {
    expect(checkImports(path, text)).toHaveLength(1);
  });

  it('holds for this tree', () => {
    const { files, violations } = checkTree(packageRoot);
    expect(files).toBeGreaterThan(20);
    expect(violations).toEqual([]);
  });
});
