import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { DomainError } from '#lib/errors';
import type {
  BeliefFileBatch,
  BeliefFileOptions,
  BeliefFileSummary,
  SpreadsheetLimits,
} from '../format/belief-file';
import { BeliefFileError } from '../format/belief-file-error';
import type { ReadFailure, ReadMessage, ReadRequest } from './messages';

/** Default limits, for files of trusted users (commands). */
const DEFAULT_LIMITS: SpreadsheetLimits = { unpackedBytes: Infinity, heapMb: 4096, timeMs: 600_000 };

/** A completely read spreadsheet. */
export interface ReadSpreadsheet {
  batches: BeliefFileBatch[];
  summary: BeliefFileSummary;
}

/**
 * Reads a spreadsheet in a separate process. A thread is not sufficient: if it exceeds its memory limit with one large
 * allocation, the whole process ends.
 *
 * @param entry compiled module that the process runs
 * @param signal ends the process
 * @throws BeliefFileError, also if a limit is exceeded; the errors of `readBeliefFile`
 */
export async function readInProcess(
  entry: string,
  path: string,
  { onProgress, ...options }: BeliefFileOptions,
  signal: AbortSignal,
): Promise<ReadSpreadsheet> {
  const limits = options.spreadsheetLimits ?? DEFAULT_LIMITS;
  const child = start(entry, limits);
  const batches: BeliefFileBatch[] = [];
  let last: ReadMessage | undefined;
  child.on('message', (message: ReadMessage) => {
    if ('batch' in message) batches.push(message.batch);
    else if ('share' in message) onProgress?.(message.share);
    else last = message;
  });
  // If sending fails, the process ends without a last message.
  child.send({ path, options } satisfies ReadRequest, () => undefined);
  const end = await waitForEnd(child, limits.timeMs, signal);
  if (!last) throw new BeliefFileError({ file: path }, describeEnd(end, limits));
  if ('failure' in last) throw toError(last.failure);
  if ('summary' in last) return { batches, summary: last.summary };
  throw new TypeError('The process ended with another message than its last one.');
}

/** Starts the process without the environment variables, which contain secrets. */
function start(entry: string, { heapMb }: SpreadsheetLimits): ChildProcess {
  const { SystemRoot, TZ } = process.env;
  return fork(entry, [], {
    env: { ...(SystemRoot && { SystemRoot }), ...(TZ && { TZ }) },
    execArgv: [`--max-old-space-size=${heapMb}`, '--max-semi-space-size=8'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

type End = 'late' | 'stopped' | { code: number | null; signal: NodeJS.Signals | null };

/** Waits for the end of the process and all its messages. Kills it after the time limit and when this process ends. */
async function waitForEnd(child: ChildProcess, timeMs: number, signal: AbortSignal): Promise<End> {
  const kill = (): boolean => child.kill('SIGKILL');
  const late = AbortSignal.timeout(timeMs);
  const stop = AbortSignal.any([late, signal]);
  stop.addEventListener('abort', kill);
  process.on('exit', kill);
  try {
    if (signal.aborted) kill();
    const [[code, by]] = (await Promise.all([once(child, 'exit'), once(child, 'disconnect')])) as [
      [number | null, NodeJS.Signals | null],
      unknown,
    ];
    if (signal.aborted) return 'stopped';
    return late.aborted ? 'late' : { code, signal: by };
  } finally {
    stop.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}

function describeEnd(end: End, { heapMb, timeMs }: SpreadsheetLimits): string {
  if (end === 'late') return `reading the spreadsheet takes more than ${timeMs / 1000} s: send it as CSV`;
  if (end === 'stopped') return 'reading the spreadsheet was stopped';
  // Node.js aborts if its heap is full; the operating system kills processes if memory is exhausted.
  if (end.signal !== null || end.code === 134) {
    return `reading the spreadsheet takes more than ${heapMb} MB of memory: send it as CSV`;
  }
  return `the spreadsheet cannot be read (its process ended with ${end.code})`;
}

function toError({ message, stack, place, reason, code, field }: ReadFailure): Error {
  if (place && reason !== undefined) return new BeliefFileError(place, reason);
  const error = code === undefined ? new Error(message) : new DomainError(code, message, field);
  error.stack = stack;
  return error;
}
