// The browser makes packages by itself (web/ imports no other room): they must be the platform's, byte for byte of content and name.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArchive } from '#node/agents/package/archive.ts';
import { packageCid } from '#node/agents/package/package-files.ts';
import { agentTemplates } from '#node/agents/templates/catalogue.ts';
import { packageCid as browserCid, packFiles } from '../../web/client/agent-package.ts';

const segment = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => `p/${parts.join('/')}`);

async function same(files: Readonly<Record<string, string>>): Promise<void> {
  const read = readArchive(await packFiles(files));
  expect(Object.fromEntries([...read].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]))).toEqual(
    files,
  );
  expect(browserCid(files)).toBe(packageCid(read));
}

describe('a package made in the browser', () => {
  it('is the one that the platform makes of each template', async () => {
    for (const { files, cid } of await agentTemplates()) {
      const texts = Object.fromEntries(files.map(({ path: name, text }) => [name, text]));
      await same(texts);
      expect(browserCid(texts)).toBe(cid);
    }
  });

  it('is so for any files', async () => {
    await fc.assert(
      fc.asyncProperty(
        // One folder, so that no file is another's folder or differs from it in case only.
        fc.uniqueArray(path, { maxLength: 6, selector: (name) => name.split('/')[1]?.toLowerCase() }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 700 }), { minLength: 6, maxLength: 6 }),
        async (names, texts) =>
          same(Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']))),
      ),
      { numRuns: 60 },
    );
  });
});
