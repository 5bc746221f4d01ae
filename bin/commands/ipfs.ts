// `aios ipfs add`: puts files where file data sources look first, under the identifiers that IPFS gives them.
import { readFile, stat } from 'node:fs/promises';
import { BlockStore } from '#indexer/files/block-store.ts';
import { formatCid } from '#indexer/files/cid.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import { green } from '../cli/screen.ts';
import { withDatabase } from './subgraph.ts';

interface AddOptions {
  readonly cidVersion: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Adds files one after the other; a file's identifier is printed once all of it is there. */
export async function add(files: readonly string[], options: AddOptions): Promise<void> {
  if (options.cidVersion !== '0' && options.cidVersion !== '1')
    throw new AiosError(
      'OPTION_INVALID',
      `--cid-version is 0 or 1, not ${options.cidVersion}: 0 gives Qm…, 1 gives bafy… and bafk…`,
    );
  const version = options.cidVersion === '1' ? 1 : 0;
  await withDatabase(options, async ({ database, config }) => {
    await DeploymentStore.migrate(database.pool);
    const store = new BlockStore(database.pool);
    const added: { file: string; cid: string; bytes: number }[] = [];
    for (const file of files) {
      const found = await stat(file).catch(() => null);
      if (!found?.isFile())
        throw new AiosError('FILE_NOT_FOUND', `${file} is no file; name files, not folders`);
      if (found.size > config.ipfs.maxFileBytes)
        throw new AiosError(
          'FILE_TOO_LARGE',
          `${file} has ${found.size} bytes, and no more than ${config.ipfs.maxFileBytes} are read: raise ipfs.maxFileBytes first`,
        );
      const cid = formatCid(await store.addFile(new Uint8Array(await readFile(file)), version));
      added.push({ file, cid, bytes: found.size });
      if (!options.json) process.stdout.write(`${green('added')} ${cid} ${file}\n`);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(added, null, 2)}\n`);
  });
}
