import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isThorough, scaledRuns } from '../../harness/effort';
import { startApi } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { stopProcess } from '../../harness/servers/processes';

const STARTER = join(__dirname, '../../harness/servers/first-start.cjs');
const FIRST_STARTS = scaledRuns(isThorough ? 30 : 15);
const AT_ONCE = 4;

interface Answer {
  key?: string;
  reason?: string;
}

describe('The secret key that is created at the first start', () => {
  let folder: string;
  let starters: ChildProcess[] = [];

  const fork1 = async (
    options: Parameters<typeof fork>[2] = {},
    args: string[] = [],
  ): Promise<ChildProcess> => {
    const starter = fork(STARTER, args, options);
    await once(starter, 'message');
    return starter;
  };

  const keyOf = async (
    starter: ChildProcess,
    home: string,
    how: { at?: number; watches?: boolean } = {},
  ): Promise<Answer> => {
    starter.send({ home, at: 0, ...how });
    const [answer] = (await once(starter, 'message')) as [Answer];
    return answer;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-keys-'));
    starters = await Promise.all(Array.from({ length: AT_ONCE }, () => fork1()));
  });
  afterAll(async () => {
    await Promise.all(starters.map((starter) => stopProcess(starter, 'SIGTERM')));
    rmSync(folder, { recursive: true });
  });

  it('is the same for all processes that start at the same time', async () => {
    const keys = new Set<string>();
    for (let i = 0; i < FIRST_STARTS; i++) {
      const home = join(folder, `home-${i}`);
      const at = Date.now() + 3;
      // Two start at the same time, and two as soon as the file exists.
      const answers = await Promise.all(
        starters.map((starter, index) => keyOf(starter, home, { at, watches: index >= AT_ONCE / 2 })),
      );
      const key = readFileSync(join(home, 'secret_key'), 'utf8');
      expect(answers).toEqual(Array(AT_ONCE).fill({ key }));
      expect(key).toMatch(/^[\w-]{43}$/);
      expect(readdirSync(home)).toEqual(['secret_key']);
      expect(statSync(join(home, 'secret_key')).mode & 0o777).toBe(0o600);
      keys.add(key);
    }
    expect(keys.size).toBe(FIRST_STARTS);
  });

  it('is not written partially when the disk is full', async () => {
    const home = join(folder, 'full');
    mkdirSync(home);
    // A file size limit of zero makes writes fail, as on a full disk.
    const limited = {
      execPath: '/bin/sh',
      execArgv: ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath],
    };
    const starter = await fork1(limited);
    const { reason } = await keyOf(starter, home);
    await stopProcess(starter, 'SIGTERM');
    expect(reason).toContain('Setting SECRET_KEY: it is not set, and a generated key cannot be stored in');
    expect(readdirSync(home)).toEqual([]);
    expect((await keyOf(starters[0]!, home)).key).toHaveLength(43);
  });

  it.each(['', '\n', 'too-short'])('is rejected when its file contains %j', async (content) => {
    const home = mkdtempSync(join(folder, 'broken-'));
    writeFileSync(join(home, 'secret_key'), content);
    const { reason } = await keyOf(starters[0]!, home);
    expect(reason).toContain(
      `has ${content.trim().length} characters instead of at least 32. Restore the file`,
    );
    expect(readFileSync(join(home, 'secret_key'), 'utf8')).toBe(content);
  });
});

describe('A server with a configured secret key', () => {
  let database: TestDatabase;
  let home: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    home = mkdtempSync(join(tmpdir(), 'flexmeasures-home-'));
  });
  afterAll(async () => {
    await database.drop();
    rmSync(home, { recursive: true });
  });

  it('does not start with an empty key file', async () => {
    writeFileSync(join(home, 'secret_key'), '');
    await expect(startApi(database.uri, { SECRET_KEY: '', FLEXMEASURES_HOME: home })).rejects.toThrow(
      'Error: the server did not start: Setting SECRET_KEY: it is not set, and the generated key in the file',
    );
  });

  it.each([
    ['something-secret', 'SECRET_KEY can be guessed, because it looks like a placeholder.'],
    ['x7Kq-2mVb9', 'SECRET_KEY can be guessed, because it has 10 characters, fewer than 32.'],
  ])('warns of the key %s', async (key, warning) => {
    const api = await startApi(database.uri, { SECRET_KEY: key });
    await api.stop();
    expect(api.output()).toContain(warning);
    expect(api.output()).toContain('WARNING');
  });

  it('does not warn about a random key', async () => {
    const api = await startApi(database.uri, { SECRET_KEY: '5f0c8e1db2a94763a1f7d2c40b9e6835' });
    await api.stop();
    expect(api.output()).not.toContain('SECRET_KEY');
  });
});
