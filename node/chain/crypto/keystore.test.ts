// A key comes back with its password and without loss; every way in which a file can be wrong has its own error.
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bls12381Signer } from './bls-signer.ts';
import { describeKeyFile, readKeyFile, type StoredKey, writeKeyFile } from './keystore.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aios-key-'));
  path = join(folder, 'key.json');
});
afterEach(() => rm(folder, { recursive: true }));

const secret = Uint8Array.from({ length: 32 }, (_, nth) => nth * 7);
const key: StoredKey = { kind: 'bls12-381', publicKey: new Bls12381Signer(secret).publicKey, secret };
const cost = 1_024;
const withCode = (code: string) => expect.objectContaining({ code });

it('keeps a key under a password, for its owner alone', async () => {
  await writeKeyFile(path, key, { password: 'pässword', cost });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readKeyFile(path, 'pässword')).toEqual(key);
  // The same password, typed on another system.
  expect(await readKeyFile(path, 'pässword'.normalize('NFD'))).toEqual(key);
  const { secret: _, ...described } = key;
  expect(await describeKeyFile(path)).toEqual({ ...described, encrypted: true });
  expect(await readFile(path, 'utf8')).not.toContain(Buffer.from(secret).toString('hex'));
  await expect(readKeyFile(path, 'password')).rejects.toEqual(withCode('KEY_PASSWORD_WRONG'));
  await expect(readKeyFile(path)).rejects.toEqual(withCode('KEY_PASSWORD_MISSING'));
});

it('says in the file itself that a plain key is for devnets', async () => {
  await writeKeyFile(path, { ...key, kind: 'ed25519', publicKey: secret });
  expect(await readFile(path, 'utf8')).toContain('for devnets only');
  expect(await readKeyFile(path)).toEqual({ kind: 'ed25519', publicKey: secret, secret });
});

it('never encrypts two keys alike', async () => {
  await writeKeyFile(path, key, { password: 'x', cost });
  await writeKeyFile(`${path}2`, key, { password: 'x', cost });
  const [one, two] = await Promise.all(
    [path, `${path}2`].map(async (each) => JSON.parse(await readFile(each, 'utf8')).secret),
  );
  for (const field of ['salt', 'nonce', 'encrypted']) expect(one[field]).not.toBe(two[field]);
});

it('writes over no other file', async () => {
  await writeKeyFile(path, key, { password: 'x', cost });
  const before = await readFile(path, 'utf8');
  await expect(writeKeyFile(path, key)).rejects.toEqual(withCode('KEY_FILE_EXISTS'));
  expect(await readFile(path, 'utf8')).toBe(before);
});

it('refuses files that others may read, and such as are not there', async () => {
  await expect(readKeyFile(path)).rejects.toEqual(withCode('KEY_FILE_MISSING'));
  await writeKeyFile(path, key);
  await chmod(path, 0o640);
  await expect(readKeyFile(path)).rejects.toEqual(withCode('KEY_FILE_OPEN'));
});

it('calls every changed byte damage, not a wrong password', async () => {
  await writeKeyFile(path, key, { password: 'x', cost });
  const whole = await readFile(path);
  const text = whole.toString('utf8');
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 1;
    // Space between its parts is no part of it; "version": 1 with a bit changed is version 0.
    if (/\s/.test(text[at] as string) || text.slice(at - 11, at) === '"version": ') continue;
    await writeFile(path, changed);
    await expect(readKeyFile(path, 'x'), `byte ${at}: ${text[at]}`).rejects.toEqual(
      withCode('KEY_FILE_DAMAGED'),
    );
  }
  for (const length of [0, 1, whole.length >> 1, whole.length - 3]) {
    await writeFile(path, whole.subarray(0, length));
    await expect(readKeyFile(path, 'x')).rejects.toEqual(withCode('KEY_FILE_DAMAGED'));
  }
});

it('names the version that it cannot read, and does not take a file that wants too much memory', async () => {
  await writeKeyFile(path, key, { password: 'x', cost });
  const file = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...file, version: 2, more: true }));
  await expect(readKeyFile(path, 'x')).rejects.toEqual(withCode('KEY_FILE_VERSION'));
  await writeFile(path, JSON.stringify({ ...file, secret: { ...file.secret, cost: 2 ** 30 } }));
  await expect(readKeyFile(path, 'x')).rejects.toEqual(withCode('KEY_FILE_DAMAGED'));
});
