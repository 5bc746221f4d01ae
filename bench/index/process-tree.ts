// CPU time and memory of a process and all it started, as Linux counts them.
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/PID/stat: 100 on every Linux that Node runs on. */
const MS_A_TICK = 10;
const PAGE = 4_096;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Own time and that of ended children it has waited for. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

function statOf(pid: number): ProcessStat | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return {
      pid,
      parent: Number(fields[1]),
      cpuMs: ticks * MS_A_TICK,
      residentBytes: Number(fields[21]) * PAGE,
    };
  } catch {
    return null;
  }
}

function tree(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const members = new Set([root]);
  for (let before = 0; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  return all.filter(({ pid }) => members.has(pid));
}

export interface TreeUse {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** What a process and its descendants have used; those that ended count through their parents. */
export function treeUse(root: number): TreeUse {
  const members = tree(root);
  return {
    cpuMs: members.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    residentBytes: members.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** CPU milliseconds of each thread of one process, by the thread's name; threads of one name add up. */
export function cpuByThread(pid: number): Map<string, number> {
  const byName = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      const fields = text.split(') ').at(-1)?.split(' ') ?? [];
      const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
      const key = `${name}#${thread}`;
      byName.set(key, (Number(fields[11]) + Number(fields[12])) * MS_A_TICK);
    } catch {
      // The thread ended between the listing and the reading.
    }
  }
  return byName;
}
