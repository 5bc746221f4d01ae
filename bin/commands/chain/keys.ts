// `aios chain keys`: what the key files of a node are, without their secrets.
import { existsSync } from 'node:fs';
import { describeKeyFile } from '#node/chain/crypto/keystore.ts';
import { openNodeKey, peerIdOf } from '#node/chain/net/node-key.ts';
import { chainFolder } from '#node/chain/process/chain-folder.ts';
import { hexOf } from '#node/chain/types/identifiers.ts';
import { addressOf } from '#node/chain/types/transaction.ts';
import { AiosError } from '#node/platform/errors.ts';
import { table } from '../../cli/screen.ts';
import { defaultFolder } from './folder-options.ts';

export async function keys(options: { folder?: string; json?: boolean }): Promise<void> {
  const folder = options.folder ?? defaultFolder;
  const paths = chainFolder(folder);
  if (!existsSync(paths.nodeKey))
    throw new AiosError(
      'CHAIN_FOLDER_EMPTY',
      `${folder} has no keys. Make a node with "aios chain init --folder ${folder}".`,
    );
  const found = [
    {
      use: 'peer',
      file: paths.nodeKey,
      public: peerIdOf(await openNodeKey(paths.nodeKey)),
      encrypted: false,
    },
  ];
  for (const [use, file] of [
    ['votes', paths.votingKey],
    ['stake', paths.accountKey],
  ] as const) {
    if (!existsSync(file)) continue;
    const { kind, publicKey, encrypted } = await describeKeyFile(file);
    const address = kind === 'ed25519' ? ` (0x${hexOf(addressOf(publicKey))})` : '';
    found.push({ use, file, public: `${hexOf(publicKey)}${address}`, encrypted });
  }
  if (options.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else
    process.stdout.write(
      `${table(
        ['for', 'public key', 'encrypted', 'file'],
        found.map((key) => [key.use, key.public, key.encrypted ? 'yes' : 'no', key.file]),
      )}\n`,
    );
}
