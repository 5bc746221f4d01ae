// The key by which other nodes know this one. It is no validator's key: who has it can take this node's place among its peers, and sign nothing.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { AiosError } from '#node/platform/errors.ts';
import type { PeerId } from './network.ts';

export type NodeKey = Parameters<typeof peerIdFromPrivateKey>[0];

const seedBytes = 32;

/**
 * Reads the key of a file, or makes one there that nobody else may read.
 * @throws AiosError NODE_KEY_INVALID
 */
export async function openNodeKey(path: string): Promise<NodeKey> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(seedBytes).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new AiosError(
      'NODE_KEY_INVALID',
      `${path} holds no node key, which is 64 hexadecimal digits. Remove it to get a new one; peers that know the old name have to be told the new one.`,
    );
  return generateKeyPairFromSeed('Ed25519', Buffer.from(text, 'hex'));
}

/** The name that others call it by. */
export const peerIdOf = (key: NodeKey): PeerId => peerIdFromPrivateKey(key).toString();
