import { multistream, pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel, Settings } from '#lib/config';
import { LogFile } from './log-file';
import { NestLogger } from './nest-logger';
import { toReadable } from './readable';

/** The logs of a process. */
export interface Logs {
  pino: Logger;
  /** The same logger for Nest. */
  nest: NestLogger;
  /** Flushes and closes the file. Nothing can be logged to it afterwards. */
  close: () => Promise<void>;
}

/** Log levels of the settings, and their pino names. */
const PINO_LEVELS: Record<LogLevel, string> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
};

const LEVEL_NAMES: Record<string, string> = Object.fromEntries(
  Object.entries(PINO_LEVELS).map(([host, own]) => [own, host]),
);

/** Opens the logs: standard error, and a file if it is configured. The file is created with its first line. */
export function openLogs({ loggingLevel, logFile }: Pick<Settings, 'loggingLevel' | 'logFile'>): Logs {
  const isTerminal = process.stderr.isTTY;
  const console = {
    write: (line: string) => process.stderr.write(isTerminal ? toReadable(line) : line),
  };
  const file = logFile === undefined ? undefined : new LogFile(logFile, (line) => console.write(line));
  // The streams do not filter; the logger does.
  const streams = [console, ...(file ? [file] : [])].map((stream) => ({ level: 'trace' as const, stream }));
  const logger = pino(
    {
      level: PINO_LEVELS[loggingLevel],
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: LEVEL_NAMES[name] ?? name }) },
    },
    multistream(streams),
  );
  return { pino: logger, nest: new NestLogger(logger), close: async () => file?.close() };
}
