import type { ErrorEvent, Event, SeverityLevel } from '@sentry/node';
import { areReported, sentryOptions, type ReportSettings } from './sentry-options';

type Sentry = typeof import('@sentry/node');

const FLUSH_MS = 5_000;
/** Levels of log lines that are reported, and their names there. */
const LEVELS: Record<string, SeverityLevel> = { ERROR: 'error', CRITICAL: 'fatal' };

/** Fields of log lines. */
interface Line {
  level: string;
  msg?: string;
  context?: string;
  request?: string;
  stack?: string;
}

/**
 * Sends errors and alerts to Sentry. Its client is loaded only if there is a DSN: it takes a quarter of a second of processor
 * time and 36 MB. Failures to send are ignored, because the log has everything too.
 */
export class ErrorReports {
  private constructor(private readonly sentry: Promise<Sentry | undefined>) {}

  /** Undefined if no DSN is configured, and in development and tests. */
  static open(settings: ReportSettings): ErrorReports | undefined {
    return areReported(settings) ? new ErrorReports(tryToLoad(settings)) : undefined;
  }

  /** Reports a line of the log if it is an error. */
  reportLine(line: string): void {
    const fields = JSON.parse(line) as Line;
    const level = LEVELS[fields.level];
    if (level) void this.sentry.then((sentry) => sentry?.captureEvent(toEvent(sentry, fields, level)));
  }

  /** Reports a message, with named groups of values. */
  async alert(message: string, contexts: Event['contexts']): Promise<void> {
    (await this.sentry)?.captureEvent({ message, level: 'error', contexts });
  }

  /** Waits until everything is sent, or for some seconds. @returns whether everything was sent */
  async close(): Promise<boolean> {
    return (await this.sentry)?.flush(FLUSH_MS) ?? false;
  }
}

/** Undefined if the client does not start, for example because of an option: no error is worth ending the process then. */
function tryToLoad(settings: ReportSettings): Promise<Sentry | undefined> {
  return load(settings).catch((error: unknown) => {
    process.emitWarning(`Errors are not reported to Sentry: ${String(error)}`);
    return undefined;
  });
}

async function load(settings: ReportSettings): Promise<Sentry> {
  const sentry = await import('@sentry/node');
  sentry.init({
    ...sentryOptions(settings),
    // As without Sentry, a promise that nobody handles ends the process.
    integrations: [sentry.onUnhandledRejectionIntegration({ mode: 'strict' })],
  });
  return sentry;
}

function toEvent(
  sentry: Sentry,
  { msg = '', context, request, stack }: Line,
  level: SeverityLevel,
): Partial<ErrorEvent> {
  const tags = { ...(context !== undefined && { context }), ...(request !== undefined && { request }) };
  const frames = stack === undefined ? [] : sentry.defaultStackParser(stack);
  if (frames.length === 0) return { message: msg, level, tags };
  // The first line of a stack has the type of the error.
  const [, type = 'Error'] = /^(\w+)/.exec(stack!) ?? [];
  return { level, tags, exception: { values: [{ type, value: msg, stacktrace: { frames } }] } };
}
