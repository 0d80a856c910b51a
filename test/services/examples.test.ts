import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { TOY_ACCOUNT } from '../harness/databases/templates';
import { examplesOf, outputsOf, patternOf, scriptOf } from '../harness/documentation/examples';
import { commands, describeWith } from '../harness/needs';
import { startApiHere, type Api } from '../harness/servers/api';
import { TEST_SECRET_KEY } from '../harness/servers/secret-key';

const ROOT = join(__dirname, '..', '..');
const pageOf = (name: string) => readFileSync(join(ROOT, 'docs', 'tutorials', `${name}.md`), 'utf8');

describeWith(commands('bash', 'bash'), commands('curl', 'curl'))('the examples of the tutorials', () => {
  let folder: string;
  let database: TestDatabase;
  let api: Api | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-examples-'));
    const command = join(folder, 'flexmeasures');
    const program = join(ROOT, 'apps', 'cli', 'bin', 'flexmeasures.js');
    writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(command, 0o755);
  });
  afterEach(async () => {
    await api?.stop();
    api = undefined;
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the examples of a page as a reader would. @returns what they printed, and the end of the shell */
  async function follow(page: string): Promise<{ outputs: string[]; code: number | null; errors: string }> {
    const shell = spawn('bash', ['-c', scriptOf(examplesOf(page))], {
      cwd: folder,
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH']}`,
        HOME: folder,
        SECRET_KEY: TEST_SECRET_KEY,
        FLEXMEASURES_LOG_FILE: 'None',
        SQLALCHEMY_DATABASE_URI: database.uri,
      },
    });
    let [printed, errors] = ['', ''];
    shell.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    shell.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    const code = await new Promise<number | null>((resolve) => shell.on('close', resolve));
    return { outputs: outputsOf(printed), code, errors };
  }

  async function checkPage(page: string, count: number): Promise<void> {
    const examples = examplesOf(page);
    const { outputs, code, errors } = await follow(page);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    examples.forEach(({ output }, index) => {
      if (output !== undefined) expect(outputs[index]!.trim()).toMatch(patternOf(output));
    });
    expect(examples).toHaveLength(count);
  }

  it('schedule the toy battery', async () => {
    database = await createTestDatabase({ migrated: false });
    await checkPage(pageOf('toy-account'), 8);
  });

  it('set up a server', async () => {
    database = await createTestDatabase({ migrated: false });
    await checkPage(pageOf('first-steps'), 6);
  });

  it('post data, and then get a schedule', async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    api = await startApiHere(database.uri);
    const address = 'http://localhost:5000';
    const page = `${pageOf('posting-data')}\n${pageOf('forecasting-and-scheduling')}`;
    expect(page).toContain(address);
    await checkPage(page.replaceAll(address, api.url), 7);
  });
});
