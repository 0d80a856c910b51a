import { errorMessage } from '#lib/errors';
import type { Logs } from './logs';

/**
 * Ends the process on SIGINT and SIGTERM: closes the application, then its logs, so that nothing that was logged is lost. Ignores
 * further signals: a terminal sends them to the parent process too. The exit code is 0, or 1 if something could not be closed.
 */
export function closeOnSignals(app: { close: () => Promise<void> }, logs: Logs): void {
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    try {
      await app.close();
      await logs.close();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`Error: the shutdown failed: ${errorMessage(error)}\n`);
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      ending ??= end();
    });
  }
}
