import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { UploadFolder } from '../../../apps/api/src/http/uploads/upload-folder';

describe('UploadFolder', () => {
  const created: string[] = [];
  afterAll(() => {
    for (const folder of created) rmSync(folder, { recursive: true, force: true });
  });

  const leftBy = (pid: number): string => {
    const folder = join(tmpdir(), `flexmeasures-uploads-${pid}-of-a-test`);
    created.push(folder);
    mkdirSync(folder);
    writeFileSync(join(folder, 'data.csv'), '1');
    return folder;
  };

  it('removes the folders of killed servers at start, but not those of running servers', () => {
    const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
    const [ofEnded, ofRunning, ofOwnId] = [leftBy(ended), leftBy(process.ppid), leftBy(process.pid)];
    const folder = new UploadFolder();
    expect([ofEnded, ofRunning, ofOwnId].map((path) => existsSync(path))).toEqual([false, true, false]);
    expect(existsSync(folder.path)).toBe(true);
    expect(basename(folder.path)).toMatch(new RegExp(`^flexmeasures-uploads-${process.pid}-`));
    folder.onApplicationShutdown();
    expect(existsSync(folder.path)).toBe(false);
  });
});
