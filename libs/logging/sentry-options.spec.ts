import { areReported, sentryOptions } from './sentry-options';

const settings = (environment?: 'production' | 'staging' | 'testing' | 'development') => ({
  environment,
  mode: '' as const,
  operations: { sentryDsn: 'https://key@sentry.example/1', sentryConfig: { sample_rate: 0.5 } },
});

describe('options for Sentry', () => {
  it('have the environment and the release, and those of the host', () => {
    expect(sentryOptions(settings('staging'))).toMatchObject({
      environment: 'staging',
      release: expect.stringMatching(/^flexmeasures@[\d.]+$/) as string,
      sampleRate: 0.5,
      dsn: 'https://key@sentry.example/1',
    });
    expect(sentryOptions(settings())).toMatchObject({ environment: 'production' });
  });

  it('are used only where somebody waits for reports', () => {
    const reported = ([undefined, 'production', 'staging', 'development', 'testing'] as const).map((one) =>
      areReported(settings(one)),
    );
    expect(reported).toEqual([true, true, true, false, false]);
    const operations = { sentryDsn: undefined, sentryConfig: {} };
    expect(areReported({ ...settings(), operations })).toBe(false);
  });
});
