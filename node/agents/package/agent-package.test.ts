// Packages: golden content identifiers, archives that other tools make, archives that mean harm, and code that runs as it was written.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { createAgentRuntime } from '../runtime/agent-runtime.ts';
import { echo, requestOf } from '../runtime/testing/requests.ts';
import { agentCodeOf, openPackage, packageOf, packPackage, readPackage } from './agent-package.ts';
import { readArchive, writeArchive } from './archive.ts';
import { listingOf, PACKAGE_LIMITS, packageCid } from './package-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aios-package-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const encoder = new TextEncoder();
const filesOf = (texts: Readonly<Record<string, string | Uint8Array>>): Map<string, Uint8Array> =>
  new Map(
    Object.entries(texts).map(([path, text]) => [
      path,
      typeof text === 'string' ? encoder.encode(text) : text,
    ]),
  );

const MANIFEST = {
  name: 'stock-keeper',
  version: '1.2.0',
  language: 'javascript',
  entry: 'agent.ts',
  capabilities: { http: { hosts: ['api.example.com'] }, storage: { bytes: 1024 } },
  input: {
    type: 'object',
    properties: { sku: { type: 'string', pattern: '^[A-Z]+$' }, count: { $ref: '#/$defs/count' } },
    required: ['sku'],
    additionalProperties: false,
    $defs: { count: { type: 'integer', minimum: 0 } },
  },
  output: { type: 'object' },
  schedule: { cron: '0 6 * * *', timeZone: 'Europe/Berlin' },
  price: { token: 'AIOS', amount: '1000' },
  health: { input: { sku: 'PEAR' } },
  limits: { deadlineMs: 5000 },
};
const AGENT = `import { type Unused, double } from './lib/double';
import table from './lib/table.json';
interface Input { sku: string; count?: number }
export function run(input: Input): { total: number; name: string } {
  return { total: double(input.count ?? (table.fallback as number)), name: input.sku satisfies string };
}
`;
const TEXTS = {
  'agent.json': JSON.stringify(MANIFEST),
  'agent.ts': AGENT,
  'lib/double.ts': 'export type Unused = 1;\nexport const double = (n: number): number => n * 2;\n',
  'lib/table.json': '{ "fallback": 21 }',
};

async function write(name: string, texts: Readonly<Record<string, string>>): Promise<string> {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const codeOfError = (act: () => unknown): string => {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return error instanceof AiosError ? `${error.code} ${error.message}` : `untyped ${String(error)}`;
  }
};

describe('content identifier', () => {
  test('is the recorded one, and the one that the multiformats library computes of the listing', async () => {
    const files = filesOf({ 'b.txt': 'two', 'a/x.txt': 'one' });
    expect(listingOf(files)).toBe(
      'aios-package/1\n7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed 3 a/x.txt\n3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3 3 b.txt\n',
    );
    expect(packageCid(files)).toBe('bafkreihv7vagp5afifwjeasz7aemrzxt2aq2xg2nuvdmr2sna755qrea4i');
    expect(CID.createV1(0x55, await sha256.digest(encoder.encode(listingOf(files)))).toString()).toBe(
      packageCid(files),
    );
    expect(packageCid(filesOf(TEXTS))).toBe('bafkreiaok2mqfjt67ja3gq5kcygtp362ywwvducgo7khegefaqsfiwksna');
  });

  test('depends on every byte, name and size, and on no order', () => {
    const base = packageCid(filesOf({ a: 'x', b: 'y' }));
    expect(packageCid(filesOf({ b: 'y', a: 'x' }))).toBe(base);
    for (const other of [
      { a: 'y', b: 'x' },
      { a: 'x', c: 'y' },
      { a: 'x' },
      { a: 'x', b: 'y', c: '' },
      { a: 'xy', b: '' },
    ])
      expect(packageCid(filesOf(other as Record<string, string>))).not.toBe(base);
  });
});

describe('reading', () => {
  test('a folder, its archive and an archive by tar are one package', async () => {
    const root = await write('whole', { ...TEXTS, '.env': 'SECRET=1', 'node_modules/x/index.js': '1' });
    const agent = await readPackage(root);
    expect(agent.cid).toBe(packageCid(filesOf(TEXTS)));
    expect(agent.manifest).toMatchObject({
      name: 'stock-keeper',
      limits: { deadlineMs: 5000, memoryBytes: 64 << 20 },
      capabilities: { http: { hosts: ['api.example.com'], methods: ['GET'] } },
    });
    const archive = packPackage(agent);
    expect(packPackage(agent)).toEqual(archive);
    expect(openPackage(archive, agent.cid).cid).toBe(agent.cid);
    const tar = execFileSync('tar', ['--format=ustar', '-cz', '-C', root, 'agent.json', './agent.ts', 'lib']);
    expect(openPackage(tar).cid).toBe(agent.cid);
    const listed = execFileSync('tar', ['-tz'], { input: archive }).toString().trim().split('\n');
    expect(listed).toEqual(Object.keys(TEXTS).sort());
    expect(codeOfError(() => openPackage(archive, packageCid(new Map())))).toMatch(/^PACKAGE_OTHER /);
  });

  test('long paths survive an archive', () => {
    const path = `${'folder-with-a-name/'.repeat(7)}${'file-'.repeat(8)}.js`;
    const files = filesOf({ [path]: 'x' });
    expect([...readArchive(writeArchive(files))]).toEqual([...files]);
  });

  test('links, broken manifests and folders that are none are refused', async () => {
    const root = await write('linked', TEXTS);
    await symlink('/etc/hostname', join(root, 'lib/hosts.txt'));
    await expect(readPackage(root)).rejects.toThrow(/lib\/hosts.txt is no plain file/);
    await expect(readPackage(join(folder, 'gone'))).rejects.toThrow(/cannot be read/);
    await expect(readPackage(await write('bare', { 'agent.ts': '' }))).rejects.toThrow(/no agent.json/);
  });
});

/** A tar of raw entries: name, type, contents, and what to write over the header. */
function tarOf(
  entries: readonly {
    name: string;
    type?: string;
    body?: string;
    size?: string;
    link?: string;
    prefix?: string;
  }[],
): Uint8Array {
  const parts: Buffer[] = [];
  for (const { name, type = '0', body = '', size, link = '', prefix = '' } of entries) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(size ?? `${Buffer.byteLength(body).toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write(link, 157);
    header.write('ustar\u000000', 257);
    header.write(prefix, 345);
    header.write('        ', 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, Buffer.from(body), Buffer.alloc((512 - (Buffer.byteLength(body) % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

describe('poisoned archives are refused', () => {
  const good = { name: 'agent.json', body: JSON.stringify(MANIFEST) };
  const poisons: readonly [string, () => Uint8Array, RegExp][] = [
    ['a path above', () => tarOf([good, { name: '../outside.js' }]), /begins with a dot/],
    ['a path above, within', () => tarOf([good, { name: 'a/../../outside.js' }]), /begins with a dot/],
    [
      'a path above in the prefix',
      () => tarOf([good, { name: 'x.js', prefix: '../..' }]),
      /begins with a dot/,
    ],
    ['an absolute path', () => tarOf([good, { name: '/etc/passwd' }]), /paths are relative/],
    ['a path of Windows', () => tarOf([good, { name: 'C:\\x.js' }]), /paths are relative/],
    ['a hidden file', () => tarOf([good, { name: '.npmrc' }]), /begins with a dot/],
    ['a control character', () => tarOf([good, { name: 'a\nb.js' }]), /paths are relative/],
    [
      'a symbolic link',
      () => tarOf([good, { name: 'x.js', type: '2', link: '/etc/passwd' }]),
      /symbolic link/,
    ],
    ['a hard link', () => tarOf([good, { name: 'x.js', type: '1', link: 'agent.json' }]), /hard link/],
    ['a device', () => tarOf([good, { name: 'null', type: '3' }]), /type "3"/],
    [
      'a name in an extended header',
      () => tarOf([{ name: 'x', type: 'x', body: '24 path=../outside.js\n' }, good]),
      /extended names/,
    ],
    ['a file twice', () => tarOf([good, { name: 'x.js' }, { name: 'x.js' }]), /there twice/],
    ['a file twice but for case', () => tarOf([good, { name: 'x.js' }, { name: 'X.js' }]), /case only/],
    [
      'a file that is a folder',
      () => tarOf([good, { name: 'x' }, { name: 'x/y.js' }]),
      /is a file and the folder/,
    ],
    [
      'a size beyond the end',
      () => tarOf([good, { name: 'x.js', size: '00000077777\0' }]),
      /ends within x.js/,
    ],
    ['a negative size', () => tarOf([good, { name: 'x.js', size: '-0000000001\0' }]), /broken size/],
    [
      'a huge size',
      () => tarOf([good, { name: 'x.js', size: '77777777777\0' }]),
      /ends within|allowed a file/,
    ],
    [
      'too many files',
      () => tarOf([good, ...Array.from({ length: PACKAGE_LIMITS.files }, (_, n) => ({ name: `f${n}` }))]),
      /more than 512 files/,
    ],
    ['too deep folders', () => tarOf([good, { name: `${'a/'.repeat(20)}x` }]), /at most 12 deep/],
    ['a bomb', () => gzipSync(Buffer.alloc(64 << 20)), /unpacks to more/],
    ['half an archive', () => writeArchive(filesOf(TEXTS)).slice(0, 200), /not whole/],
    ['no end', () => tarOf([good]).slice(0, -1024), /no end/],
    ['no archive', () => encoder.encode('x'.repeat(2000)), /broken|no tar/],
    ['nothing', () => new Uint8Array(0), /no end/],
  ];
  test.each(poisons)('%s', (_name, archive, message) => {
    const result = codeOfError(() => openPackage(archive()));
    expect(result).toMatch(/^PACKAGE_INVALID /);
    expect(result).toMatch(message);
  });

  test('a flipped bit in a header is noticed', () => {
    const tar = Buffer.from(gunzipSync(writeArchive(filesOf(TEXTS))));
    tar[3] = (tar[3] ?? 0) ^ 1;
    expect(codeOfError(() => openPackage(tar))).toMatch(/no tar, or not whole/);
  });
});

describe('manifests', () => {
  const withChange = (change: object): string =>
    codeOfError(() =>
      packageOf(filesOf({ ...TEXTS, 'agent.json': JSON.stringify({ ...MANIFEST, ...change }) })),
    );
  const wrong: readonly [object, RegExp][] = [
    [{ name: 'Stock Keeper' }, /agent.json: name: expected 1 to 63 lower-case/],
    [{ version: '1' }, /agent.json: version: expected a semantic version/],
    [{ language: 'ruby' }, /agent.json: language: /],
    [{ entry: 'main.py' }, /agent.json: entry: main.py is no javascript/],
    [{ entry: 'gone.ts' }, /agent.json: entry: the package has no file gone.ts/],
    [{ extra: 1 }, /extra/],
    [{ capabilities: { shell: {} } }, /agent.json: capabilities: .*shell/],
    [{ capabilities: { http: { hosts: ['*'] } } }, /capabilities.http.hosts.0: expected a host/],
    [{ limits: { memoryBytes: 1e12 } }, /agent.json: limits.memoryBytes/],
    [{ limits: { memoryBytes: 4 << 20 } }, /limits.memoryBytes: javascript needs at least/],
    [{ limits: { gas: 1.5 } }, /agent.json: limits.gas/],
    [{ price: { token: 'AIOS', amount: 5 } }, /agent.json: price.amount/],
    [{ schedule: { cron: 5 } }, /agent.json: schedule: expected { "cron"/],
    [{ health: { input: { sku: 'pear' } } }, /health.input: \/sku must match pattern/],
    [{ input: { type: 'nothing' } }, /SCHEMA_INVALID agent.json: input: /],
    [
      { input: { $ref: 'https://example.org/schema.json' } },
      /agent.json: input.\$ref: "https:\/\/example.org\/schema.json" is not in this schema/,
    ],
    [
      { input: { properties: { a: { items: { $ref: 'file:///etc/passwd' } } } } },
      /input.properties.a.items.\$ref/,
    ],
    [{ input: { $id: 'http://example.org', $ref: '#/x' } }, /input.\$id: leave \$id out/],
    [{ input: { description: 'x'.repeat(70_000) } }, /input: it has \d+ bytes/],
    [{ input: { misspelt: 1 } }, /unknown keyword: "misspelt"/],
  ];
  test.each(wrong.map(([change, message]) => [message.source, change, message] as const))(
    '%s',
    (_title, change, message) => {
      expect(withChange(change)).toMatch(message);
    },
  );

  test('what is no JSON, too deep or too large is told', () => {
    const manifest = (text: string | Uint8Array) =>
      codeOfError(() => packageOf(filesOf({ 'agent.json': text })));
    expect(manifest('{ name: 1 }')).toMatch(/^MANIFEST_INVALID agent.json: it is not JSON in UTF-8/);
    expect(manifest(Uint8Array.of(0x22, 0xff, 0x22))).toMatch(/not JSON in UTF-8/);
    expect(manifest('['.repeat(100_000))).toMatch(/nests deeper/);
    expect(manifest(`"${'x'.repeat(300_000)}"`)).toMatch(/bytes/);
    let deep: object = {};
    for (let level = 0; level < 40; level += 1) deep = { not: deep };
    expect(withChange({ input: deep })).toMatch(/nests at most 32 levels/);
  });

  test('schemas that would keep the host busy are ended in time', () => {
    const checked = (input: object) =>
      packageOf(
        filesOf({ ...TEXTS, 'agent.json': JSON.stringify({ ...MANIFEST, health: undefined, input }) }),
      ).input;
    const began = performance.now();
    const bomb = checked({ type: 'string', pattern: '^(a+)+$' });
    expect(codeOfError(() => bomb.mistakesOf(`${'a'.repeat(40)}b`))).toMatch(/^SCHEMA_TOO_SLOW /);
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `d${n}`,
        n === 39
          ? { type: 'null' }
          : { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    expect(codeOfError(() => checked({ $ref: '#/$defs/d0', $defs }).mistakesOf(1))).toMatch(
      /^SCHEMA_TOO_SLOW |^SCHEMA_INVALID /,
    );
    expect(codeOfError(() => checked({ $ref: '#' }).mistakesOf(1))).toMatch(/^SCHEMA_/);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(bomb.mistakesOf('aaa')).toEqual([]);
  });

  test('values are checked with the place of the mistake', () => {
    const { input } = packageOf(filesOf(TEXTS));
    expect(input.mistakesOf({ sku: 'PEAR', count: 3 })).toEqual([]);
    expect(input.mistakesOf({ sku: 'PEAR', count: -1 })).toEqual(['/count must be >= 0']);
    expect(input.mistakesOf({})).toEqual(["the value must have required property 'sku'"]);
  });
});

test('TypeScript and JSON of a package run', async () => {
  const agent = packageOf(filesOf(TEXTS));
  const code = await agentCodeOf(agent);
  expect(code).toMatchObject({ language: 'javascript', entry: 'agent.ts', hash: agent.cid });
  const runtime = createAgentRuntime({ lanes: 1 });
  try {
    expect(await runtime.run(requestOf(code, { sku: 'PEAR' }), echo)).toMatchObject({
      status: 'completed',
      output: { total: 42, name: 'PEAR' },
    });
  } finally {
    await runtime.close();
  }
  await expect(
    agentCodeOf({ ...agent, files: filesOf({ ...TEXTS, 'lib/double.ts': 'export const\n  = 1' }) }),
  ).rejects.toThrow(/^lib\/double.ts:2:3: /);
});
