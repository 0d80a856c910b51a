import type { LoggerService } from '@nestjs/common';
import type { Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import type { Logs } from '#lib/logging';

/** Levels of log lines, from the lowest. */
const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

type Method = 'log' | 'debug' | 'verbose' | 'warn' | 'error' | 'fatal';

/**
 * Log of a command: the log file and Sentry, not standard error, which has the messages for the user. They are opened with the
 * first line, because that takes as long as a short command.
 */
export class CommandLog implements LoggerService {
  private logs: Promise<Logs | undefined> | undefined;

  constructor(private readonly settings: Settings) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('INFO', 'log', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('DEBUG', 'debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('DEBUG', 'verbose', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('WARNING', 'warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('ERROR', 'error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('CRITICAL', 'fatal', message, rest);
  }

  /** Waits until everything is written. */
  async close(): Promise<void> {
    await (await this.logs)?.close();
  }

  private write(level: string, method: Method, message: unknown, rest: unknown[]): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.settings.loggingLevel)) return;
    this.logs ??= this.open();
    void this.logs.then((logs) => {
      logs?.nest[method](message, ...rest);
    });
  }

  /** Without a log, the command goes on. */
  private async open(): Promise<Logs | undefined> {
    try {
      const { openLogs } = await import('#lib/logging');
      return openLogs(this.settings, { onlyFile: true });
    } catch (error) {
      process.stderr.write(`Warning: nothing is logged: ${errorMessage(error)}\n`);
      return undefined;
    }
  }
}
