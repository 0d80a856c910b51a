import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processor time that reading or storing data does not reach, but solving does. */
const ENOUGH_MS = 300;
const TICK_MS = 10;

/**
 * Resolves when a thread of the process, other than its main thread, has used processor time for a while since the
 * call, which shows that the process is solving, or once it has done so. Needs the `/proc` of Linux.
 * @param isOver tells whether the process has finished what it was to solve
 */
export async function waitUntilComputing(
  pid: number,
  isOver: () => Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  const before = computingMs(pid);
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    for (const [thread, ms] of computingMs(pid)) {
      if (thread !== pid && ms - (before.get(thread) ?? 0) >= ENOUGH_MS) return;
    }
    if (await isOver()) return;
    await sleep(20);
  }
  throw new Error(`No thread of process ${pid} has begun to compute.`);
}

/** Processor time that a process has used, ms. Other processes on the machine hardly change it. */
export const processorMs = (pid: number): number => userMs(`/proc/${pid}`);

/** Processor time that each thread has used. */
function computingMs(pid: number): Map<number, number> {
  const threads = new Map<number, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      threads.set(Number(thread), userMs(`/proc/${pid}/task/${thread}`));
    } catch {
      // The thread has ended in the meantime.
    }
  }
  return threads;
}

/** User time of a process or thread from its folder. */
function userMs(folder: string): number {
  const stat = readFileSync(`${folder}/stat`, 'utf8');
  // The name in brackets can contain spaces; user time is the twelfth field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) * TICK_MS;
}
