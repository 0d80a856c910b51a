import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogs } from '#lib/logging';
import { eventually } from '../../harness/eventually';

const OTHERS = { logFormat: undefined, mode: '', operations: { sentryDsn: undefined, sentryConfig: {} } };
const MEGABYTE = 'x'.repeat(1_000_000);

describe('the log file', () => {
  let folder: string;
  let console: jest.SpyInstance;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-logs-'));
    console = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    console.mockRestore();
    rmSync(folder, { recursive: true });
  });

  const linesOf = (name: string): { level: string; msg: string; context?: string; stack?: string }[] =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; msg: string });

  it('contains one JSON object per line, from the configured level on', async () => {
    const logs = openLogs({ ...OTHERS, loggingLevel: 'WARNING', logFile: join(folder, 'flexmeasures.log') });
    logs.nest.log('not of interest', 'Jobs');
    expect(readdirSync(folder)).toEqual([]);
    logs.nest.warn('careful', 'Jobs');
    logs.nest.error('broken', 'Error\n    at x', 'Api');
    logs.nest.fatal(new Error('worse'));
    await logs.close();
    expect(linesOf('flexmeasures.log')).toMatchObject([
      {
        level: 'WARNING',
        msg: 'careful',
        context: 'Jobs',
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      },
      { level: 'ERROR', msg: 'broken', context: 'Api', stack: 'Error\n    at x' },
      { level: 'CRITICAL', msg: 'worse', stack: expect.stringContaining('log-file.test') as string },
    ]);
  });

  it('is readable if the host wants that, also on standard error', async () => {
    const logFile = join(folder, 'flexmeasures.log');
    const logs = openLogs({ ...OTHERS, loggingLevel: 'WARNING', logFile, logFormat: 'readable' });
    logs.nest.warn('careful', 'Jobs');
    await logs.close();
    const readable = /^\d{4}-\S*Z WARNING \[Jobs\] careful\n$/;
    expect(readFileSync(logFile, 'utf8')).toMatch(readable);
    expect(console.mock.calls).toEqual([[expect.stringMatching(readable)]]);
  });

  it('is rotated when it becomes too large, and the last six files are kept', async () => {
    for (let round = 0; round < 9; round++) {
      const logs = openLogs({ ...OTHERS, loggingLevel: 'INFO', logFile: join(folder, 'flexmeasures.log') });
      for (let line = 0; line < 11; line++) logs.nest.log(`${round} ${MEGABYTE}`);
      await logs.close();
    }
    const former = [1, 2, 3, 4, 5, 6].map((number) => `flexmeasures.log.${number}`);
    expect(readdirSync(folder).filter((name) => statSync(join(folder, name)).size > 0)).toEqual(
      expect.arrayContaining(former),
    );
    expect(readdirSync(folder)).not.toContain('flexmeasures.log.7');
    expect(linesOf(former[0]!)[0]!.msg > linesOf(former[1]!)[0]!.msg).toBe(true);
  });

  it('is omitted if it cannot be written', async () => {
    mkdirSync(join(folder, 'flexmeasures.log'));
    const logs = openLogs({ ...OTHERS, loggingLevel: 'WARNING', logFile: join(folder, 'flexmeasures.log') });
    logs.nest.warn('one');
    const shown = () => console.mock.calls.map(([line]) => (JSON.parse(String(line)) as { msg: string }).msg);
    await eventually(shown, (found) => found.length === 2);
    logs.nest.warn('two');
    await logs.close();
    expect(shown()).toEqual(['one', expect.stringContaining('cannot be written'), 'two']);
  });
});
