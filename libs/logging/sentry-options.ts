import { productVersion, type Settings } from '#lib/config';

/** The settings that reports depend on. */
export type ReportSettings = Pick<Settings, 'mode'> &
  Partial<Pick<Settings, 'environment'>> & {
    operations: Pick<Settings['operations'], 'sentryDsn' | 'sentryConfig'>;
  };

/** Options of the Sentry client. Those of the host, which may have the names of the Python client, come last. */
export function sentryOptions({ environment, mode, operations }: ReportSettings): Record<string, unknown> {
  const { sentryDsn: dsn, sentryConfig } = operations;
  return {
    environment: environment ?? (mode === '' ? 'production' : mode),
    release: `flexmeasures@${productVersion()}`,
    ...Object.fromEntries(Object.entries(sentryConfig).map(([name, value]) => [toCamelCase(name), value])),
    dsn,
  };
}

/** Whether errors are reported: nobody waits for those of development and tests. */
export const areReported = ({ environment, operations }: ReportSettings): boolean =>
  operations.sentryDsn !== undefined && !['development', 'testing'].includes(environment ?? '');

/** `traces_sample_rate` becomes `tracesSampleRate`. */
const toCamelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
