import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { base64, packageCid, packFiles } from './agent-package.ts';

// That they are the platform's is shown by bin/product/browser-package.test.ts.
describe('packages made in the browser', () => {
  it('have another identifier with every byte and every name, whatever their order', () => {
    const files = { 'agent.json': '{}', 'agent.ts': 'export const run = () => 1;' };
    const cid = packageCid(files);
    expect(packageCid({ ...files, 'agent.ts': 'export const run = () => 2;' })).not.toBe(cid);
    expect(packageCid({ 'agent.json': '{}', 'agent.js': files['agent.ts'] })).not.toBe(cid);
    expect(packageCid({ 'agent.ts': files['agent.ts'], 'agent.json': '{}' })).toBe(cid);
  });

  it('are tars that say what is in them, in the order of paths', async () => {
    const long = `${'f'.repeat(60)}/${'n'.repeat(60)}.ts`;
    const tar = gunzipSync(await packFiles({ 'b.txt': 'größer', 'a.txt': 'x'.repeat(600), [long]: '' }));
    expect(tar.length % 512).toBe(0);
    const names: string[] = [];
    for (let at = 0; tar[at] !== 0; ) {
      const field = (from: number, to: number) =>
        tar.toString('latin1', at + from, at + to).replace(/\0.*$/s, '');
      const size = Number.parseInt(field(124, 136), 8);
      const sum = tar
        .subarray(at, at + 512)
        .reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
      expect(Number.parseInt(field(148, 156), 8)).toBe(sum);
      const folder = field(345, 500);
      names.push(`${folder ? `${folder}/` : ''}${field(0, 100)}:${size}`);
      at += 512 + Math.ceil(size / 512) * 512;
    }
    expect(names).toEqual(['a.txt:600', 'b.txt:8', `${long}:0`]);
  });

  it('travel as base64', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    expect(Buffer.from(base64(bytes), 'base64').equals(bytes)).toBe(true);
  });
});
