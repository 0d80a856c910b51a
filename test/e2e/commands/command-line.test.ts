import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { flexmeasures, spawnFlexmeasures, type CliResult } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

const BACKUPS = mkdtempSync(join(tmpdir(), 'flexmeasures-backups-'));

/** Runs one command of each group in a separate process; other tests run commands in their own process. */
describe('The command line as a separate process', () => {
  let database: TestDatabase;
  const run = (line: string, input?: string): Promise<CliResult> =>
    spawnFlexmeasures(line.split(' '), { databaseUri: database.uri, input });
  const runHere = (line: string): Promise<CliResult> =>
    flexmeasures(line.split(' '), { databaseUri: database.uri });

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
  });
  afterAll(async () => {
    await database.drop();
    rmSync(BACKUPS, { recursive: true });
  });

  it.each([
    ['add account --name Company', "Account 'Company' (ID: 2) successfully created.\n"],
    ['show data-sources', /^No data sources/],
    ['edit attribute --asset-id 3 --attribute colour --str red', /^Successfully/],
    ['delete account --id 2 --force', /deleted/],
    ['jobs show-queues', /^scheduling +0 +0 +0 +0$/m],
    ['db current', /\(head\)/],
    [`db-ops save --dir ${BACKUPS}`, /rows of \d+ tables were saved/],
    ['monitor last-seen --maximum-minutes-since-last-seen 1 --user-role none', /^All good/],
  ])('runs `%s`', async (line, printed) => {
    const { code, stdout, stderr } = await run(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (typeof printed === 'string') expect(stdout).toBe(printed);
    else expect(stdout).toMatch(printed);
  });

  it('has a shell with the services of all domains', async () => {
    const { code, stdout } = await run('shell', '(await accounts.list()).map(({ name }) => name)\n.exit\n');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The instance folder is .+instance\. (?:The config file is|There is no config file)/,
    );
    expect(stdout).toContain("'Toy Account'");
  });

  it('reads a password from standard input', async () => {
    expect(
      await run('add user --username me --email me@example.com --account-id 1', 'secret-word\n'),
    ).toEqual({
      code: 0,
      stdout: 'Successfully created user me (ID: 2).\n',
      stderr: '',
    });
  });

  it('prints help without a database', async () => {
    const { code, stdout } = await spawnFlexmeasures(['--help'], {
      databaseUri: 'postgresql://127.0.0.1:1/none',
    });
    expect(code).toBe(0);
    for (const group of ['add', 'db', 'db-ops', 'delete', 'edit', 'jobs', 'monitor', 'run', 'show'])
      expect(stdout).toMatch(new RegExp(`^  ${group}( |$)`, 'm'));
  });

  it('prints its version and that of FlexMeasures', async () => {
    const { code, stdout } = await run('--version');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^flexmeasures \d+\.\d+\.\d+, compatible with FlexMeasures 0\.12\.1\n$/,
      ) as string,
    });
  });

  it.each([
    [
      'add toy-acount',
      "unknown command 'flexmeasures add toy-acount'. Did you mean 'flexmeasures add toy-account'?",
    ],
    ['show nonsense', "unknown command 'flexmeasures show nonsense'. Did you mean 'flexmeasures show "],
    ['shwo assets', "unknown command 'flexmeasures shwo'. Did you mean 'flexmeasures show'?"],
  ])('exits with code 2 for `%s`, and names the nearest command', async (line, message) => {
    // The first one as a separate process.
    const { code, stdout, stderr } = await (line === 'add toy-acount' ? run(line) : runHere(line));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error: ${message}`);
  });

  it('gives new users the time zone of the setting, and refuses a zone that does not exist', async () => {
    const add = (name: string, zone: string) =>
      flexmeasures(
        ['add', 'user', '--username', name, '--email', `${name}@example.com`, '--account-id', '1'],
        {
          databaseUri: database.uri,
          input: 'secret-word\n',
          env: { FLEXMEASURES_TIMEZONE: zone },
        },
      );
    expect(await add('zoned', 'Europe/Lisbon')).toMatchObject({ code: 0, stderr: '' });
    const sql = new Client(database.uri);
    await sql.connect();
    const { rows } = await sql.query("SELECT timezone FROM fm_user WHERE username = 'zoned'");
    await sql.end();
    expect(rows).toEqual([{ timezone: 'Europe/Lisbon' }]);
    expect(await add('lost', 'Mars/Base')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'FLEXMEASURES_TIMEZONE: a time zone such as Europe/Amsterdam is expected',
      ) as string,
    });
  });

  it('exits with code 1 and prints the error in one line', async () => {
    expect(await run('show account --id 99')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: There is no account with id 99.\n',
    });
    const unknown = await runHere('show account --name Company');
    expect({ code: unknown.code, stdout: unknown.stdout }).toEqual({ code: 1, stdout: '' });
    expect(unknown.stderr).toBe("error: unknown option '--name'\n");
  });
});
