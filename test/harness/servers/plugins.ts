import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

const SOURCES = join(__dirname, '..', '..', 'fixtures', 'plugins', 'our_client');

/** A compiled plugin in a folder outside of the project, as on a host. */
export interface TestPlugin {
  folder: string;
  remove: () => void;
}

export function installPlugin(): TestPlugin {
  const home = mkdtempSync(join(tmpdir(), 'plugins-'));
  const folder = join(home, 'our_client');
  mkdirSync(folder);
  for (const name of readdirSync(SOURCES)) {
    const options = { cwd: resolve(__dirname, '..', '..', '..'), configFile: '.swcrc', sourceMaps: false };
    const { code } = transformFileSync(join(SOURCES, name), options);
    writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), code);
  }
  return { folder, remove: () => rmSync(home, { recursive: true, force: true }) };
}
