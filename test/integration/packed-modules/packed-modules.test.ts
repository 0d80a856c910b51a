import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** Runs code that prints JSON, with `use` and `root`, in a process of its own. */
function run(root: string, code: string): unknown {
  const script = `const root = ${JSON.stringify(root)};
    const { usePackedModules: use } = require(root + '/dist/libs/packed-modules/index.js');
    ${code}`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }));
}

describe('Packed modules', () => {
  it('give modules outside of the pack the same instances', () => {
    const result = run(
      ROOT,
      `use('api');
       require(root + '/dist/apps/api/src/create-server.js');
       const file = root + '/dist/libs/extensions/index.js';
       const module = require.cache[file];
       const fromFile = require('module').createRequire(root + '/plugin.js');
       console.log(JSON.stringify({
         isLoaded: module.loaded,
         isSame: module.exports === fromFile(file),
       }));`,
    );
    expect(result).toEqual({ isLoaded: true, isSame: true });
  });

  it('come from the pack, and from their files if there is no pack', () => {
    const copy = mkdtempSync(join(tmpdir(), 'flexmeasures-pack-'));
    const loaded = `use('cli');
      const { DomainError } = require(root + '/dist/libs/errors/index.js');
      console.log(JSON.stringify(typeof DomainError));`;
    const isHooked = `const { _extensions } = require('module'); const before = _extensions['.js'];
      use('cli'); console.log(_extensions['.js'] !== before);`;
    try {
      for (const lib of ['packed-modules', 'errors']) {
        const folder = join('dist', 'libs', lib);
        mkdirSync(join(copy, folder), { recursive: true });
        cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
      }
      expect(run(copy, isHooked)).toBe(false);
      expect(run(copy, loaded)).toBe('function');
      cpSync(join(ROOT, 'dist', 'cli.pack.js'), join(copy, 'dist', 'cli.pack.js'));
      expect(run(copy, isHooked)).toBe(true);
      expect(run(copy, loaded)).toBe('function');
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
