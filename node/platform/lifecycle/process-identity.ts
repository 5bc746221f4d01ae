// Whether a process noted earlier (in a pid file) is still the same one: process ids are reused, start times are not.
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot at which it started; absent where the system does not tell. */
  readonly startedAt?: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) };
}

/** The identity noted in a file. Undefined without a note, or with one cut off while it was written: its process was never ready. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number')
      return value as ProcessIdentity;
  } catch {
    // As if there were none.
  }
  return undefined;
}

/** True when that very process is running and not a zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const stat = readStat(identity.pid);
  if (stat?.state === 'Z') return false;
  return identity.startedAt === undefined || stat === undefined || stat.startedAt === identity.startedAt;
}

function startTime(pid: number): string | undefined {
  return readStat(pid)?.startedAt;
}

function readStat(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in parentheses and may hold anything; the fields after the last one are plain.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
