// CPU time that processes have used, as Linux counts it.
import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/PID/stat: 100 on every Linux that Node runs on. */
const MS_A_TICK = 10;

/** User and system milliseconds of one process, all its threads included; 0 when it has ended. */
export function cpuMsOf(pid: number): number {
  try {
    // The command's name, in brackets, may hold spaces: count from behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
  } catch {
    return 0;
  }
}

/** User and system milliseconds of several processes together. */
export const cpuMsOfAll = (pids: Iterable<number>): number =>
  [...pids].reduce((sum, pid) => sum + cpuMsOf(pid), 0);
