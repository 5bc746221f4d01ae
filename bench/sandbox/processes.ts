// Memory of the processes below this one, as Linux tells it; elsewhere nothing is known.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const PAGE = 4096;

/** Bytes resident in every process that descends from `root`, without it; undefined where /proc is missing. */
export function residentBelow(root: number): number | undefined {
  if (!existsSync('/proc/self/statm')) return undefined;
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const descends = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || descends(parent));
  };
  let bytes = 0;
  for (const pid of parents.keys()) {
    if (!descends(pid)) continue;
    try {
      bytes += Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE;
    } catch {
      // It ended meanwhile.
    }
  }
  return bytes;
}

/** The environment of a process, or undefined where it cannot be read. */
export function environmentOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined;
  }
}
