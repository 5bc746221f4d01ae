// The data folder and its lock: one process tree at a time; a lock left by a killed run never blocks the next.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AiosError, messageOf } from '../errors.ts';
import { identityOf, isAlive, readIdentity } from './process-identity.ts';

export class DataFolder {
  readonly path: string;
  readonly #held = new Set<string>();

  constructor(path: string) {
    this.path = path;
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /**
   * Claims a part of the folder (`postgres`, `devnet`, `indexer`) for this process.
   * @throws AiosError DATA_FOLDER_BUSY while another run holds it, DATA_FOLDER_UNUSABLE when it cannot be written.
   */
  lock(part: string): void {
    const file = this.#lockFile(part);
    try {
      mkdirSync(this.path, { recursive: true });
    } catch (error) {
      throw new AiosError(
        'DATA_FOLDER_UNUSABLE',
        `The data folder ${this.path} cannot be made: ${messageOf(error)}. Choose another with --data DIR.`,
      );
    }
    const holder = readIdentity(file);
    if (holder && holder.pid !== process.pid && isAlive(holder)) {
      throw new AiosError(
        'DATA_FOLDER_BUSY',
        `Another aios (process ${holder.pid}) uses the data folder ${this.path} (${part}). Stop it, or choose another folder with --data DIR.`,
      );
    }
    try {
      writeFileSync(file, JSON.stringify(identityOf(process.pid)), { mode: 0o600 });
    } catch (error) {
      throw new AiosError(
        'DATA_FOLDER_UNUSABLE',
        `The data folder ${this.path} cannot be written: ${messageOf(error)}. Free space or mend its permissions, or choose another with --data DIR.`,
      );
    }
    this.#held.add(part);
  }

  unlock(): void {
    for (const part of this.#held) rmSync(this.#lockFile(part), { force: true });
    this.#held.clear();
  }

  /** Removes all that earlier runs kept, locks excepted. */
  clear(): void {
    for (const part of ['postgres', 'postgres.json', 'devnet', 'indexer', 'logs']) {
      rmSync(this.file(part), { recursive: true, force: true });
    }
  }

  #lockFile(part: string): string {
    return this.file(`${part}.lock.json`);
  }
}
