import { multistream, pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel, Settings } from '#lib/config';
import { ErrorReports } from './error-reports';
import { LogFile } from './log-file';
import { NestLogger } from './nest-logger';
import { toReadable } from './readable';
import type { ReportSettings } from './sentry-options';

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

/** The settings of logs. */
export type LogSettings = Pick<Settings, 'loggingLevel' | 'logFile' | 'logFormat'> & ReportSettings;

/**
 * Opens the logs: standard error, unless only the file is wanted; a file if it is configured, which is created with its first
 * line; and reports of errors if they are configured.
 */
export function openLogs(settings: LogSettings, { onlyFile = false } = {}): Logs {
  const { loggingLevel, logFile, logFormat } = settings;
  const isReadable = logFormat === 'readable';
  const isReadableConsole = isReadable || (logFormat === undefined && process.stderr.isTTY);
  const console = {
    write: (line: string) => process.stderr.write(isReadableConsole ? toReadable(line) : line),
  };
  const file = logFile === undefined ? undefined : new LogFile(logFile, (line) => console.write(line));
  const lines = file && { write: (line: string) => file.write(isReadable ? toReadable(line) : line) };
  const reports = ErrorReports.open(settings);
  const errors = reports && { write: (line: string) => reports.reportLine(line) };
  // The streams do not filter; the logger does.
  const streams = [...(onlyFile ? [] : [console]), ...(lines ? [lines] : []), ...(errors ? [errors] : [])];
  const logger = pino(
    {
      level: PINO_LEVELS[loggingLevel],
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: LEVEL_NAMES[name] ?? name }) },
    },
    multistream(streams.map((stream) => ({ level: 'trace' as const, stream }))),
  );
  const close = async (): Promise<void> => {
    await Promise.all([file?.close(), reports?.close()]);
  };
  return { pino: logger, nest: new NestLogger(logger), close };
}
