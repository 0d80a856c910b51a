import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
       const before = Object.keys(require.cache).length;
       require(root + '/dist/apps/api/src/create-server.js');
       const file = root + '/dist/libs/extensions/index.js';
       const fromFile = require('module').createRequire(root + '/plugin.js');
       console.log(JSON.stringify({
         isCached: require.cache[file].exports === fromFile(file),
         nest: require.cache[fromFile.resolve('@nestjs/common')].exports === fromFile('@nestjs/common'),
         loaded: Object.keys(require.cache).length - before > 1000,
       }));`,
    );
    expect(result).toEqual({ isCached: true, nest: true, loaded: true });
  });

  it('are not used if other packages were installed after the build', () => {
    const copy = mkdtempSync(join(tmpdir(), 'flexmeasures-pack-'));
    try {
      const folder = join(copy, 'dist', 'libs', 'packed-modules');
      mkdirSync(folder, { recursive: true });
      cpSync(join(ROOT, 'dist', 'libs', 'packed-modules'), folder, { recursive: true });
      for (const file of readdirSync(join(ROOT, 'dist')).filter((name) => name.startsWith('api.pack.js')))
        cpSync(join(ROOT, 'dist', file), join(copy, 'dist', file));
      expect(existsSync(join(copy, 'dist', 'api.pack.js'))).toBe(true);
      const isUsed = `const { _extensions } = require('module'); const before = _extensions['.js'];
        use('api'); console.log(_extensions['.js'] !== before);`;
      cpSync(join(ROOT, 'package-lock.json'), join(copy, 'package-lock.json'));
      expect(run(copy, isUsed)).toBe(true);
      writeFileSync(join(copy, 'package-lock.json'), '{}');
      expect(run(copy, isUsed)).toBe(false);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
