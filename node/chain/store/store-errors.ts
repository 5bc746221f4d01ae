// How a store says what is wrong with it. Whatever is damaged comes back from peers; what the validator has signed does not, and is elsewhere.
import { AiosError, messageOf } from '#node/platform/errors.ts';

const again =
  'Run `aios chain start --resync`, which deletes the store and gets the chain from peers again; keep the signing journal, which is another file.';

/** @param where the folder, and what in it */
export const storeCorrupt = (where: string, why: string, cause?: unknown): AiosError =>
  new AiosError('STORE_CORRUPT', `The chain's store is damaged: ${where}: ${why}. ${again}`, { cause });

export const storeForeign = (folder: string, found: string, wanted: string): AiosError =>
  new AiosError(
    'STORE_FOREIGN',
    `${folder} holds another chain: its genesis is ${found}, not ${wanted}. Name another folder, or the genesis file that it was made with. ${again}`,
  );

export const storeFormat = (folder: string, found: number, known: number): AiosError =>
  new AiosError(
    'STORE_FORMAT',
    `${folder} was written by another version of this program: its format is ${found}, this program reads ${known}. Run the version that wrote it. ${again}`,
  );

export const storeFailed = (folder: string, cause: unknown): AiosError =>
  new AiosError(
    'STORE_FAILED',
    `The chain's store in ${folder} cannot be written (${messageOf(cause)}); nothing more is. What was committed before is whole: make room on the disk and start the node again.`,
    { cause },
  );

export const storeClosed = (): AiosError => new AiosError('STORE_CLOSED', "The chain's store is closed.");
