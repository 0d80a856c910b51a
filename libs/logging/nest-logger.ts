import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Parts of Nest that tell every step of the start. */
const TALKATIVE = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Writes what Nest and its services log, with the name of who logs it as `context`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const { context } = partsOf(rest);
    this.write(context !== undefined && TALKATIVE.has(context) ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  private write(
    level: 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const own = message instanceof Error ? { stack: message.stack } : {};
    this.logger[level](
      { ...own, ...partsOf(rest) },
      message instanceof Error ? message.message : String(message),
    );
  }
}

/** Nest hands on further parts without names: a stack if there is one, and last who logs. */
function partsOf(rest: unknown[]): { context?: string; stack?: string } {
  const texts = rest.filter((part) => typeof part === 'string');
  const stack = texts.find((part) => part.includes('\n    at '));
  const context = texts.findLast((part) => part !== stack);
  return { ...(context !== undefined && { context }), ...(stack !== undefined && { stack }) };
}
