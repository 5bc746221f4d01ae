import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKysely } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { asTenant } from '#node/platform/postgres/tenant.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { networksMigrations } from './migrations.ts';
import { normaliseProfile, type ProfileChange } from './profile.ts';
import { ProfileStore } from './profile-store.ts';
import type { NetworksTables } from './tables.ts';

describe('normaliseProfile', () => {
  it('makes what is accepted uniform', () => {
    expect(
      normaliseProfile({
        description: '  Bread\r\nand \u202ebutter\u0000 ',
        site: 'https://EXAMPLE.org/a b',
        tags: ['Food & Drink', 'food-drink', ' Küche ', 'B2B', ''],
        logoCid: 'ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
      }),
    ).toEqual({
      description: 'Bread\nand butter',
      site: 'https://example.org/a%20b',
      tags: ['food-drink', 'küche', 'b2b'],
      logoCid: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    });
    expect(normaliseProfile({ description: ' ', site: null, tags: null })).toEqual({
      description: null,
      site: null,
      tags: [],
    });
    expect(normaliseProfile({})).toEqual({});
  });

  it.each<[string, ProfileChange]>([
    ['description', { description: 'x'.repeat(2_001) }],
    ['site', { site: 'javascript:alert(1)' }],
    ['site', { site: 'data:text/html,x' }],
    ['site', { site: 'example.org' }],
    ['site', { site: 'https://user:secret@example.org' }],
    ['site', { site: `https://example.org/${'x'.repeat(300)}` }],
    ['tags', { tags: Array.from({ length: 17 }, (_, n) => `tag${n}`) }],
    ['tags', { tags: ['x'.repeat(33)] }],
    ['tags', { tags: ['<script>'] }],
    ['logoCid', { logoCid: 'https://example.org/logo.png' }],
    ['logoCid', { logoCid: 'Qm123' }],
  ])('refuses a bad %s', (field, change) => {
    expect(() => normaliseProfile(change)).toThrow(
      expect.objectContaining({ code: 'INVALID_PROFILE', details: { field } }),
    );
  });
});

describe('ProfileStore', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await createTestPlatform();
    await migrate(platform.database.pool, 'networks', networksMigrations);
  });
  afterAll(() => platform.close());

  it('changes what is given, keeps what is not, and clears what is null', async () => {
    const store = new ProfileStore(platform.database.pool, () => new Date('2026-03-01T00:00:00Z'));
    await store.update('7', { description: 'Hello', tags: ['a'] }, 'did:x');
    await store.update('7', { site: 'https://example.org' }, 'did:x');
    await store.update('7', { description: null }, 'did:y');
    expect(await store.load(['8', '7'])).toEqual([
      null,
      {
        description: null,
        site: 'https://example.org/',
        tags: ['a'],
        logoCid: null,
        updatedAt: new Date('2026-03-01T00:00:00Z'),
      },
    ]);
  });

  it('cannot touch the row of another network, whatever the statement says', async () => {
    const db = createKysely<NetworksTables>(platform.database.pool);
    const store = new ProfileStore(platform.database.pool, () => new Date());
    await store.update('1', { description: 'One' }, 'did:x');
    await store.update('2', { description: 'Two' }, 'did:x');
    await db.transaction().execute((transaction) =>
      asTenant(transaction, { network: '1' }, async (scoped) => {
        await scoped.updateTable('networks.profiles').set({ description: 'taken' }).execute();
        await scoped.deleteFrom('networks.profiles').where('network', '=', '2').execute();
      }),
    );
    expect((await store.load(['1', '2'])).map((profile) => profile?.description)).toEqual(['taken', 'Two']);
    const insertion = db.transaction().execute((transaction) =>
      asTenant(transaction, { network: '1' }, (scoped) =>
        scoped
          .insertInto('networks.profiles')
          .values({
            network: '3',
            environment: '',
            description: null,
            site: null,
            tags: [],
            logo_cid: null,
            updated_at: new Date(),
            updated_by: 'did:x',
          })
          .execute(),
      ),
    );
    await expect(insertion).rejects.toThrow(/row-level security/);
  });
});
