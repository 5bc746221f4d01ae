// What the commands of a node have in common: where its folder is, and the password of its keys.
import { readFile } from 'node:fs/promises';
import { AiosError, messageOf } from '#node/platform/errors.ts';

export const defaultFolder = '.aios/chain/node';

/** The first line of the file. @throws AiosError PASSWORD_FILE_UNREADABLE */
export async function passwordFrom(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const [password = ''] = (await readFile(file, 'utf8')).split('\n');
    if (password !== '') return password;
  } catch (error) {
    throw new AiosError('PASSWORD_FILE_UNREADABLE', `${file} cannot be read: ${messageOf(error)}.`);
  }
  throw new AiosError('PASSWORD_FILE_UNREADABLE', `${file} has no password in its first line.`);
}

/** @throws AiosError OPTION_INVALID */
export function numberFrom(option: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new AiosError('OPTION_INVALID', `${option} is "${value}", no whole number.`);
}
