// A secret key on disk: encrypted under a password, or plain on a devnet, where the file says so. Read and written by its owner alone.
import { createCipheriv, createDecipheriv, hash as digest, randomBytes, scryptSync } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';

export interface StoredKey {
  readonly kind: 'bls12-381' | 'ed25519';
  /** What can be read without the password. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

export interface WriteKeyOptions {
  /** Left out, the key lies there for whoever can read the file. */
  readonly password?: string;
  /** Scrypt's N, a power of two: memory and time for each guess. Smaller ones are for tests. */
  readonly cost?: number;
}

const version = 1;
const warning = 'This key is not encrypted: for devnets only.';
/** As Ethereum's keystores have it: half a second and 256 MB for each guess. */
const defaultCost = 2 ** 18;
/** A file does not make its reader take more memory than 1 GB. */
const mostCost = 2 ** 20;
const blockSize = 8;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const contents = z.strictObject({
  format: z.literal('aios-key'),
  version: z.literal(version),
  kind: z.enum(['bls12-381', 'ed25519']),
  publicKey: z.string().regex(/^([0-9a-f]{64}|[0-9a-f]{96})$/),
  secret: z.union([
    z.strictObject({ warning: z.literal(warning), plain: hex(32) }),
    z.strictObject({
      cipher: z.literal('aes-256-gcm'),
      derivation: z.literal('scrypt'),
      cost: z
        .int()
        .min(2)
        .max(mostCost)
        .refine((cost) => Number.isInteger(Math.log2(cost)), 'a power of two'),
      salt: hex(32),
      nonce: hex(12),
      encrypted: hex(32),
      tag: hex(16),
    }),
  ]),
  checksum: hex(32),
});
type Contents = z.infer<typeof contents>;
type Encrypted = Extract<Contents['secret'], { cipher: string }>;

/**
 * Writes a new key file; never over another, which might be the only one of its key.
 * @throws AiosError KEY_FILE_EXISTS
 */
export async function writeKeyFile(
  path: string,
  key: StoredKey,
  options: WriteKeyOptions = {},
): Promise<void> {
  const { kind, publicKey, secret } = key;
  if (secret.length !== 32) throw new RangeError(`a secret has 32 bytes, this one ${secret.length}`);
  const head = { format: 'aios-key', version, kind, publicKey: hexOf(publicKey) } as const;
  const body = {
    ...head,
    secret:
      options.password === undefined
        ? ({ warning, plain: hexOf(secret) } as const)
        : encrypt(secret, options.password, options.cost ?? defaultCost, head),
  };
  const text = `${JSON.stringify({ ...body, checksum: checksumOf(body) }, undefined, 2)}\n`;
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new AiosError(
      'KEY_FILE_EXISTS',
      `${path} is there already and is not overwritten: it may hold the only copy of a key. Name another file, or move it away.`,
    );
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a file says without its password. @throws AiosError KEY_FILE_… */
export async function describeKeyFile(
  path: string,
): Promise<Omit<StoredKey, 'secret'> & { readonly encrypted: boolean }> {
  const { kind, publicKey, secret } = await read(path);
  return { kind, publicKey: bytesOf(publicKey), encrypted: 'cipher' in secret };
}

/**
 * @throws AiosError KEY_FILE_MISSING, KEY_FILE_DAMAGED, KEY_FILE_VERSION, KEY_FILE_OPEN (others may read it), KEY_PASSWORD_MISSING or
 *   KEY_PASSWORD_WRONG
 */
export async function readKeyFile(path: string, password?: string): Promise<StoredKey> {
  const { secret, checksum: _, ...head } = await read(path);
  const key = { kind: head.kind, publicKey: bytesOf(head.publicKey) };
  if ('plain' in secret) return { ...key, secret: bytesOf(secret.plain) };
  if (password === undefined)
    throw new AiosError('KEY_PASSWORD_MISSING', `${path} is encrypted: give its password.`);
  const opened = decrypt(secret, password, head);
  if (!opened)
    throw new AiosError(
      'KEY_PASSWORD_WRONG',
      `The password does not open ${path}. The file is whole; nothing but its password does.`,
    );
  return { ...key, secret: opened };
}

async function read(path: string): Promise<Contents> {
  let text: string;
  try {
    // On Windows these bits say nothing.
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new AiosError(
        'KEY_FILE_OPEN',
        `Others than its owner may read or write ${path}. If nobody has, run: chmod 600 ${path}`,
      );
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AiosError('KEY_FILE_MISSING', `There is no key file ${path}. Make one: aios chain keys`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw damaged(path, 'it is no JSON');
  }
  const named = z.looseObject({ format: z.literal('aios-key'), version: z.int() }).safeParse(parsed);
  if (named.success && named.data.version !== version)
    throw new AiosError(
      'KEY_FILE_VERSION',
      `${path} has version ${named.data.version} of the format; this program reads version ${version}. Use the program that wrote it, or a newer one.`,
    );
  const checked = contents.safeParse(parsed);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw damaged(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const { checksum, ...body } = checked.data;
  if (checksumOf(body) !== checksum) throw damaged(path, 'its checksum is another');
  return checked.data;
}

const damaged = (path: string, why: string) =>
  new AiosError('KEY_FILE_DAMAGED', `${path} is no whole key file (${why}). Restore it from a copy.`);

/** Tells damage from a wrong password, which the cipher's own tag cannot. */
const checksumOf = (body: object) => digest('sha256', canonical(body), 'hex');

/** As JSON with sorted keys: how the file is laid out does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

const derive = (password: string, salt: Uint8Array, cost: number) =>
  scryptSync(password.normalize('NFKC'), salt, 32, {
    N: cost,
    r: blockSize,
    p: 1,
    maxmem: 256 * cost * blockSize,
  });

/** The head is authenticated as well: a secret cannot be passed off as that of another key. */
function encrypt(secret: Uint8Array, password: string, cost: number, head: object): Encrypted {
  const [salt, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', derive(password, salt, cost), nonce);
  cipher.setAAD(Buffer.from(canonical(head)));
  const encrypted = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    cipher: 'aes-256-gcm',
    derivation: 'scrypt',
    cost,
    salt: hexOf(salt),
    nonce: hexOf(nonce),
    encrypted: hexOf(encrypted),
    tag: hexOf(cipher.getAuthTag()),
  };
}

function decrypt(secret: Encrypted, password: string, head: object): Uint8Array | undefined {
  const key = derive(password, bytesOf(secret.salt), secret.cost);
  const decipher = createDecipheriv('aes-256-gcm', key, bytesOf(secret.nonce));
  decipher.setAAD(Buffer.from(canonical(head)));
  decipher.setAuthTag(bytesOf(secret.tag));
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(bytesOf(secret.encrypted)), decipher.final()]));
  } catch {
    return undefined;
  }
}
