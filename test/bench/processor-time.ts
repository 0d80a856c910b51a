import { readFileSync, readdirSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** Numbers of /proc/<pid>/stat after the name of the program; undefined if the process has ended. */
function readStat(pid: number): number[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) . /s, '')
      .split(' ')
      .map(Number);
  } catch {
    return undefined;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Processor time that a process has used, in ms. */
export const processorMs = (pid: number): number => TICK_MS * sum(readStat(pid)?.slice(10, 12) ?? []);

/** Processor time of a process and its children, in ms, those that have ended included. */
export function processorMsOfFamily(pid: number): number {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 0 && readStat(other)?.[0] === pid);
  return TICK_MS * sum(readStat(pid)?.slice(10, 14) ?? []) + sum(children.map((child) => processorMs(child)));
}
