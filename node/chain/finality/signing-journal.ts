// What a validator has signed, on disk before it is sent: after a crash at any moment it signs nothing that contradicts it.
import { hash as digest } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AiosError } from '#node/platform/errors.ts';
import type { Vote } from '../types/vote.ts';
import { SigningHistory, type SigningRecord, voteRecord } from './signing-history.ts';

/** One line of the file is a checksum of so many digits, and a record as JSON. */
const checksumLength = 16;
const newline = 0x0a;

export class SigningJournal {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #history = new SigningHistory();
  /** Where the next record goes. */
  #end: number;
  #writing: Promise<unknown> = Promise.resolve();
  #broken: Error | undefined;

  private constructor(path: string, file: FileHandle, records: readonly SigningRecord[], end: number) {
    this.#path = path;
    this.#file = file;
    this.#end = end;
    for (const record of records) this.#history.remember(record);
  }

  /**
   * Opens a journal, or begins one. A record that a crash cut off at the end is removed: what it was for was never sent.
   * @throws AiosError SIGNING_JOURNAL_CORRUPT when anything else is wrong: it must not be guessed what was signed
   */
  static async open(path: string): Promise<SigningJournal> {
    const file = await open(path, 'a+');
    try {
      const bytes = await file.readFile();
      let end = bytes.lastIndexOf(newline) + 1;
      const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
      const tail = bytes.subarray(end).toString('utf8');
      if (tail !== '') {
        await file.truncate(end);
        // Whole but for its end of line: it may have been sent.
        if (isWhole(tail)) {
          lines.push(tail);
          const line = Buffer.from(`${tail}\n`);
          await file.write(line);
          end += line.length;
        }
        await file.datasync();
      }
      if (bytes.length === 0) await keepName(path);
      return new SigningJournal(
        path,
        file,
        lines.map((line, nth) => parse(path, line, nth + 1)),
        end,
      );
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Resolves once the vote may be sent: it is on disk, now or since before. @throws AiosError WOULD_CONTRADICT; nothing is written then */
  vote(vote: Omit<Vote, 'validator'>): Promise<void> {
    return this.#keep(voteRecord(vote));
  }

  /** Resolves once the block may be sent. @throws AiosError WOULD_CONTRADICT; nothing is written then */
  proposal(round: number, block: string): Promise<void> {
    return this.#keep({ kind: 'proposal', round, block });
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close();
  }

  #keep(record: SigningRecord): Promise<void> {
    const act = async () => {
      if (this.#history.isNew(record)) await this.#write(record);
    };
    const acting = this.#writing.then(act, act);
    this.#writing = acting.catch(() => {});
    return acting;
  }

  async #write(record: SigningRecord): Promise<void> {
    // After a write that failed nobody knows what the disk has: nothing more is signed until it is read again.
    if (this.#broken)
      throw new AiosError(
        'SIGNING_JOURNAL_FAILED',
        `${this.#path} could not be written before; nothing is signed until the validator is started again.`,
        { cause: this.#broken },
      );
    const line = Buffer.from(`${format(record)}\n`);
    try {
      await this.#file.write(line, 0, line.length, this.#end);
      await this.#file.datasync();
    } catch (error) {
      this.#broken = error as Error;
      throw new AiosError('SIGNING_JOURNAL_FAILED', `${this.#path} cannot be written; nothing is signed.`, {
        cause: error,
      });
    }
    this.#end += line.length;
    this.#history.remember(record);
  }
}

const checksum = (text: string) => digest('sha256', text, 'hex').slice(0, checksumLength);

function format(record: SigningRecord): string {
  const text = JSON.stringify(record);
  return `${checksum(text)} ${text}`;
}

const isWhole = (line: string) => line.slice(0, checksumLength) === checksum(line.slice(checksumLength + 1));

/** A new file's name is in its folder, which has to reach the disk as well. */
async function keepName(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

function parse(path: string, line: string, nth: number): SigningRecord {
  if (!isWhole(line))
    throw new AiosError(
      'SIGNING_JOURNAL_CORRUPT',
      `Line ${nth} of ${path} is damaged, so that it is not known what this validator has signed. Restore the file from a copy made after its last signature, or unstake and begin with a new key: with an old copy it may be slashed.`,
    );
  return JSON.parse(line.slice(checksumLength + 1)) as SigningRecord;
}
