import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApi } from '../../harness/servers/api';
import { createTestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

const ROOT = join(__dirname, '..', '..', '..');
const run = promisify(execFile);

describe('the package that "npm pack" makes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-package-'));
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await run(npm, ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
    const [file] = readdirSync(folder);
    await run('tar', ['-xzf', file!], { cwd: folder });
    // Stands for the installation of its dependencies.
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'package', 'node_modules'), 'junction');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the commands', async () => {
    const command = join(folder, 'package', 'apps', 'cli', 'bin', 'flexmeasures.js');
    const { stdout } = await run(process.execPath, [command, '--help'], { cwd: folder });
    expect(stdout).toContain('Usage: flexmeasures');
  });

  it('has what the server needs, but neither tests nor sources', async () => {
    const database = await createTestDatabase({ template: TOY_ACCOUNT });
    const api = await startApi(database.uri, {}, join(folder, 'package'));
    try {
      for (const path of ['/api/v3_0/health/ready', '/openapi.json', '/openapi/v2_0.json'])
        expect(await api.request('GET', path)).toMatchObject({ status: 200 });
      const page = await (await fetch(`${api.url}/login`)).text();
      const links = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, link]) => link!);
      expect(links.length).toBeGreaterThan(2);
      for (const link of links) expect((await fetch(api.url + link)).status).toBe(200);
    } finally {
      await api.stop();
      await database.drop();
    }
    const files = readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('node_modules'),
    );
    expect(files.filter((name) => /\.(test|spec)\.|\.map$|^(test|libs)\b|dist.test/.test(name))).toEqual([]);
    expect(files.filter((name) => /\.ts$/.test(name) && !/\.d\.ts$/.test(name))).toEqual([]);
  });
});
