// A note in the data folder of where the running product is, for commands beside it. Private to its owner: it holds the database's password.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '#node/platform/lifecycle/data-folder.ts';
import { identityOf, isAlive, type ProcessIdentity } from '#node/platform/lifecycle/process-identity.ts';

export interface Running {
  readonly url: string;
  readonly databaseUrl: string;
  readonly process: ProcessIdentity;
}

const fileOf = (folder: DataFolder) => folder.file('running.json');

export function noteRunning(folder: DataFolder, facts: { url: string; databaseUrl: string }): void {
  const note: Running = { ...facts, process: identityOf(process.pid) };
  writeFileSync(fileOf(folder), JSON.stringify(note), { mode: 0o600 });
}

export function forgetRunning(folder: DataFolder): void {
  rmSync(fileOf(folder), { force: true });
}

/** The product that runs over this folder now; a note left by a killed run counts for nothing. */
export function readRunning(folder: DataFolder): Running | undefined {
  try {
    const note = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Running;
    return isAlive(note.process) ? note : undefined;
  } catch {
    return undefined;
  }
}
