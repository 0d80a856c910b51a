import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flexmeasures } from '../../harness/servers/cli';

describe('flexmeasures add plugin', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'add-plugin-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a plugin with a page, a route, a command and a scheduler, whose tests pass', async () => {
    const { code, stdout } = await flexmeasures(['add', 'plugin', 'solar_club'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('FLEXMEASURES_PLUGINS=solar_club flexmeasures run');
    const entry = readFileSync(join(folder, 'solar_club', 'index.js'), 'utf8');
    expect(entry).toContain("menu: { title: 'Solar club', icon: 'star' }");
    const output = execFileSync(process.execPath, ['--test', 'index.test.js'], {
      cwd: join(folder, 'solar_club'),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
    expect(output).toMatch(/pass 4/);
  });

  it('does not write into a folder that has files, or that has no possible name', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', 'notes.txt'), '');
    const full = await flexmeasures(['add', 'plugin', 'full'], { cwd: folder });
    expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/exists and is not empty\.\n$/)]);
    const odd = await flexmeasures(['add', 'plugin', '1 plugin'], { cwd: folder });
    expect([odd.code, odd.stderr]).toEqual([1, expect.stringContaining('and not 1 plugin.')]);
  });
});
