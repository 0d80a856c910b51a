import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TWO_ACCOUNTS } from '../../harness/databases/templates';
import { addUser, emailOf } from '../../harness/databases/users';
import { flexmeasures, spawnFlexmeasures, type CliResult } from '../../harness/servers/cli';
import { startSentry, type SentryServer } from '../../harness/servers/sentry';
import { startSmtp, type SmtpServer } from '../../harness/servers/smtp';

const RECIPIENTS = ['fred@one.com', 'wilma@two.com'];

describe('flexmeasures monitor', () => {
  let database: TestDatabase;
  let sql: Client;
  let smtp: SmtpServer;
  let sentry: SentryServer;
  let folder: string;
  let alerting: NodeJS.ProcessEnv;

  const run = (args: string[], env: NodeJS.ProcessEnv = alerting): Promise<CliResult> =>
    flexmeasures(['monitor', ...args], { databaseUri: database.uri, cwd: folder, env });
  const expectMails = async (subject: string): Promise<string> => {
    const mail = await smtp.next(RECIPIENTS[0]!);
    expect(mail.to).toEqual(RECIPIENTS);
    expect(mail.headers['subject']).toBe(subject);
    // The other recipients are not shown.
    expect(JSON.stringify(mail.headers)).not.toContain(RECIPIENTS[1]);
    return mail.text;
  };

  beforeAll(async () => {
    [database, smtp, sentry] = await Promise.all([
      createTestDatabase({ template: TWO_ACCOUNTS }),
      startSmtp(),
      startSentry(),
    ]);
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-monitor-'));
    alerting = {
      FLEXMEASURES_MONITORING_MAIL_RECIPIENTS: RECIPIENTS.join(','),
      MAIL_SERVER: '127.0.0.1',
      MAIL_PORT: String(smtp.port),
      MAIL_USE_TLS: 'False',
    };
    sql = new Client(database.uri);
    await sql.connect();
    await sql.query(`INSERT INTO latest_task_runs VALUES
      ('recent', now() - interval '59 minutes', true), ('late', now() - interval '61 minutes', true),
      ('failed', now() - interval '1 minute', false)`);
  });
  afterAll(async () => {
    await sql.end();
    await Promise.all([database.drop(), smtp.stop(), sentry.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  describe('latest-run', () => {
    it('exits with 0 and sends nothing if all tasks ran in time and succeeded', async () => {
      expect(await run(['latest-run', '--task', 'recent', '60'])).toEqual({
        code: 0,
        stdout: 'Task recent ran in time and succeeded.\n',
        stderr: '',
      });
      expect(smtp.mails).toEqual([]);
    });

    it('exits with 3 and sends a mail for each task that is late, failed or never ran', async () => {
      const tasks = ['recent', 'late', 'failed', 'never'].flatMap((name) => ['--task', name, '60']);
      const { code, stdout, stderr } = await run(['last-run', ...tasks, '--custom-message', 'Ask Fred.']);
      expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
      expect(stdout).toMatch(
        /^Task recent ran in time.*\nTask late ran last at .*, longer than PT1H ago.\nTask failed failed at .*\nTask never has no last run/,
      );
      expect(await expectMails('Problem with task late')).toMatch(/and succeeded\. .*\n+Note: Ask Fred\./s);
      expect(await expectMails('Problem with task failed')).toMatch(
        /Task failed failed at .*Note: Ask Fred\./s,
      );
      await expectMails('Problem with task never');
    });

    it('warns about the old name, and if nobody gets the alert', async () => {
      const { code, stderr } = await run(['tasks', '--task', 'late', '60'], {});
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /^Warning: `monitor tasks` is now `monitor latest-run`.*\nWarning: nobody gets the alert/,
      );
    });

    it('says if the mail could not be sent', async () => {
      const { code, stderr } = await run(['latest-run', '--task', 'late', '60'], {
        ...alerting,
        MAIL_PORT: '1',
      });
      expect(code).toBe(3);
      expect(stderr).toMatch(/^Warning: The mail was not sent: .*ECONNREFUSED/);
    });

    it('sends alerts to Sentry, with environment, release and options of the host', async () => {
      const env = {
        SENTRY_SDN: sentry.dsn,
        FLEXMEASURES_MODE: 'demo',
        FLEXMEASURES_SENTRY_CONFIG: '{"server_name": "meter-server"}',
      };
      const { code, stderr } = await spawnFlexmeasures(['monitor', 'latest-run', '--task', 'late', '60'], {
        databaseUri: database.uri,
        cwd: folder,
        env,
      });
      expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
      expect(sentry.events).toMatchObject([
        {
          level: 'error',
          message: expect.stringMatching(/^Task late ran last at/) as string,
          environment: 'demo',
          release: expect.stringMatching(/^flexmeasures@\d+\.\d+\.\d+$/) as string,
          server_name: 'meter-server',
          contexts: { latest_run: { status: true } },
        },
      ]);
    });

    it('refuses tasks without minutes, and unknown commands', async () => {
      for (const tasks of [['late'], ['late', 'often'], ['late', '60', 'other']]) {
        const { code, stderr } = await run(['latest-run', '--task', ...tasks]);
        expect(code).toBe(1);
        expect(stderr).toMatch(/option '--task': '\w+' must be followed by a whole number of minutes/);
      }
      const { code, stderr } = await run(['latest-runs']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/Did you mean 'flexmeasures monitor latest-run'/);
    });

    it('exits with 1 and sends a mail if the database cannot be reached', async () => {
      const { code, stderr } = await flexmeasures(['monitor', 'latest-run', '--task', 'late', '60'], {
        databaseUri: 'postgresql://nobody@127.0.0.1:1/none',
        cwd: folder,
        env: alerting,
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/Cannot connect to the database/);
      expect(await expectMails('The check latest-run failed')).toMatch(/ECONNREFUSED/);
    });
  });

  describe('last-seen', () => {
    const check = (...args: string[]) =>
      run(['last-seen', '--maximum-minutes-since-last-seen', '100', ...args]);

    beforeAll(async () => {
      await sql.query(`INSERT INTO account_role (name) VALUES ('Subscriber')`);
      await sql.query(
        `INSERT INTO roles_accounts (account_id, role_id) SELECT 1, id FROM account_role WHERE name = 'Subscriber'`,
      );
      await sql.query(`INSERT INTO role (name) VALUES ('bot') ON CONFLICT DO NOTHING`);
      const users = {
        seen: '99 minutes',
        absent: '101 minutes',
        never: null,
        inactive: '101 minutes',
        human: '101 minutes',
        other: '101 minutes',
      };
      for (const [username, ago] of Object.entries(users)) {
        const accountId = username === 'other' ? 2 : 1;
        await addUser(sql, { username, accountId, roles: username === 'human' ? [] : ['bot'] });
        await sql.query(
          `UPDATE fm_user SET last_seen_at = now() - $2::interval, active = $3 WHERE username = $1`,
          [username, ago, username !== 'inactive'],
        );
      }
    });

    it('finds active users with the roles that were not seen in time', async () => {
      const { code, stdout } = await check(
        '--account-role',
        'Subscriber',
        '--user-role',
        'bot',
        '--task-name',
        'bots',
      );
      expect(code).toBe(3);
      const names = [...stdout.matchAll(/^- (\w+) of Company/gm)].map(([, name]) => name);
      expect(names).toEqual(['never', 'absent']);
      const text = await expectMails('Last contact by users too long ago (bots)');
      expect(text).toMatch(
        /- never of Company \(never seen\)\n- absent of Company \(last seen at .*\+00:00\)/,
      );
      expect(text).toMatch(/role Subscriber.*role bot.*no mail/s);
    });

    it('exits with 0 if all were seen', async () => {
      const { code, stdout, stderr } = await check('--user-role', 'no-such-role');
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'All good: no such user was last seen longer than 100 minutes ago.\n',
        stderr: '',
      });
    });

    it('sends mails to the users on request', async () => {
      const { code } = await check(
        '--user-role',
        'bot',
        '--alert-users',
        '--custom-user-message',
        'Reboot it.',
      );
      expect(code).toBe(3);
      for (const name of ['absent', 'never', 'other']) {
        const mail = await smtp.next(emailOf(name));
        expect(mail.headers['subject']).toBe(`Last contact by user ${name} too long ago`);
        expect(mail.text).toMatch(/Reboot it\./);
      }
      expect(smtp.mails.some(({ to }) => to.includes(emailOf('human')))).toBe(false);
    });
  });

  describe('Runs of tasks', () => {
    const runOf = async (name: string): Promise<boolean | undefined> => {
      const { rows } = await sql.query<{ status: boolean }>(
        "SELECT status FROM latest_task_runs WHERE name = $1 AND datetime > now() - interval '1 minute'",
        [name],
      );
      return rows[0]?.status;
    };

    it('are recorded for commands with --record-task', async () => {
      const options = { databaseUri: database.uri, cwd: folder };
      await flexmeasures(['--record-task', 'list', 'show', 'accounts'], options);
      expect(await runOf('list')).toBe(true);
      const { code } = await flexmeasures(
        ['--record-task', 'list', 'show', 'account', '--id', '99'],
        options,
      );
      expect(code).toBe(1);
      expect(await runOf('list')).toBe(false);
    });
  });

  it('writes failures of commands to the log file', async () => {
    const options = { databaseUri: database.uri, cwd: folder };
    await flexmeasures(['show', 'account', '--id', '99'], {
      ...options,
      env: { LOGGING_LEVEL: 'ERROR', FLEXMEASURES_LOG_FILE: 'commands.log' },
    });
    expect(existsSync(join(folder, 'commands.log'))).toBe(false);
    await flexmeasures(['show', 'account', '--id', '99'], {
      ...options,
      env: { FLEXMEASURES_LOG_FILE: 'commands.log' },
    });
    const lines = readFileSync(join(folder, 'commands.log'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      {
        level: 'WARNING',
        context: 'Command',
        msg: expect.stringMatching(/^The command "show account" failed: /) as string,
      },
    ]);
  });
});
