import { readFileSync } from 'node:fs';

/** What Linux counts CPU time of other processes in: hundredths of a second. */
const TICK_US = 10_000;
/** In /proc/PID/stat, counted from behind the name of the program. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** The CPU time a process has used so far, in microseconds; NaN where nobody tells it but Linux. */
export function cpuUsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * TICK_US;
  } catch {
    return Number.NaN;
  }
}

let before = process.cpuUsage();

/** The CPU time this process uses between `begin` and `end`, and the most memory it ever had. */
export const usage = {
  begin: (): void => {
    before = process.cpuUsage();
  },
  end: (): Usage => {
    const { user, system } = process.cpuUsage(before);
    return { cpuUs: user + system, peakMb: process.resourceUsage().maxRSS / 1024 };
  },
};

export interface Usage {
  readonly cpuUs: number;
  readonly peakMb: number;
}
