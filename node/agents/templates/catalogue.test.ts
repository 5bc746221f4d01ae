import { describe, expect, it } from 'vitest';
import { openPackage, packPackage } from '../package/agent-package.ts';
import { agentTemplates } from './catalogue.ts';

describe('the catalogue of templates', () => {
  it('has the five, each with manifest, code, a page and three inputs to try', async () => {
    const templates = await agentTemplates();
    expect(templates.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'credit-scoring',
        'dynamic-pricing',
        'inventory-reordering',
        'shipment-compliance',
        'support-triage',
      ]),
    );
    for (const { files, examples } of templates) {
      expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'agent.json']));
      expect(examples.length).toBeGreaterThan(0);
    }
  });

  it('names what deploying the files would name', async () => {
    for (const { cid, files } of await agentTemplates()) {
      const contents = new Map(files.map(({ path, text }) => [path, Buffer.from(text)]));
      expect(openPackage(packPackage({ files: contents })).cid).toBe(cid);
    }
  });
});
