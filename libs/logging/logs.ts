import { multistream, pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel, Settings } from '#lib/config';
import { LogFile } from './log-file';
import { NestLogger } from './nest-logger';
import { toReadable } from './readable';

/** The logs of a process. */
export interface Logs {
  pino: Logger;
  /** The same, in the form that Nest wants. */
  nest: NestLogger;
  /** Writes out what is left. Nothing can be logged to the file afterwards. */
  close: () => Promise<void>;
}

/** Levels by the names that hosts know, and as pino calls them. */
const PINO_LEVELS: Record<LogLevel, string> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
};

const HOST_LEVELS: Record<string, string> = Object.fromEntries(
  Object.entries(PINO_LEVELS).map(([host, own]) => [own, host]),
);

/** Opens the logs: standard error, and a file unless the host wants none. The file is made with its first line. */
export function openLogs({ loggingLevel, logFile }: Pick<Settings, 'loggingLevel' | 'logFile'>): Logs {
  const isTerminal = process.stderr.isTTY;
  const console = {
    write: (line: string) => process.stderr.write(isTerminal ? toReadable(line) : line),
  };
  const file = logFile === undefined ? undefined : new LogFile(logFile, (line) => console.write(line));
  // Each stream takes all that the logger lets through.
  const streams = [console, ...(file ? [file] : [])].map((stream) => ({ level: 'trace' as const, stream }));
  const logger = pino(
    {
      level: PINO_LEVELS[loggingLevel],
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: HOST_LEVELS[name] ?? name }) },
    },
    multistream(streams),
  );
  return { pino: logger, nest: new NestLogger(logger), close: async () => file?.close() };
}
