import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Contexts of Nest that log every step of the start. They are logged at level debug. */
const VERBOSE_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Logger for Nest and its services. The name of the logging class is in the field `context`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const { context } = parseArguments(rest);
    this.write(context !== undefined && VERBOSE_CONTEXTS.has(context) ? 'debug' : 'info', message, rest);
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
      { ...own, ...parseArguments(rest) },
      message instanceof Error ? message.message : String(message),
    );
  }
}

/** Nest passes unnamed optional arguments: a stack, and as the last one the context. */
function parseArguments(rest: unknown[]): { context?: string; stack?: string } {
  const texts = rest.filter((part) => typeof part === 'string');
  const stack = texts.find((part) => part.includes('\n    at '));
  const context = texts.findLast((part) => part !== stack);
  return { ...(context !== undefined && { context }), ...(stack !== undefined && { stack }) };
}
