import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { loadConfig } from './load.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'aios-config-test-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(cwd, 'aios.config.ts'), text);

describe('loadConfig', () => {
  it('has a default for everything', async () => {
    const config = await loadConfig({ cwd, env: {} });
    expect(config).toMatchObject({ port: 4000, host: '127.0.0.1', demo: true, dataDir: join(cwd, '.aios') });
    expect(config.roles).toContain('gateway');
  });

  it('lets the command line win over the environment, and that over the file', async () => {
    write(`import { defineConfig } from '${join(packageRoot, 'node/platform/config/schema.ts')}';
      export default defineConfig({ port: 1000, demo: true, limits: { maxDepth: 3, maxAliases: 4 } });`);
    const env = { AIOS_PORT: '2000', AIOS_DEMO: 'off', AIOS_INTROSPECTION: 'never' };
    expect(await loadConfig({ cwd, env })).toMatchObject({
      port: 2000,
      demo: false,
      limits: { maxDepth: 3, maxAliases: 4, introspection: 'never' },
    });
    expect((await loadConfig({ cwd, env, overrides: { port: 3000 } })).port).toBe(3000);
  });

  it.each([
    [{ AIOS_PORT: 'many' }, /port.*AIOS_PORT/],
    [{ AIOS_ROLES: 'gateway,cook' }, /roles/],
    [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL.*postgres/],
    [{ AIOS_FORWARD_SECRET: 'short' }, /32 characters/],
  ])('names the variable and what is allowed: %j', async (env, message) => {
    await expect(loadConfig({ cwd, env })).rejects.toThrow(message);
  });

  it('says which file cannot be read, and how to mend it', async () => {
    write('export const config = {};');
    await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(/aios\.config\.ts.*default/s);
    write('export default {');
    await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(/aios\.config\.ts could not be read/);
  });
});
