import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, run, tool } from './project.mjs';

// Pictures of every page in light and dark on three widths, taken by the tests that walk through the pages.
const folder = process.env.SCREENSHOTS || join(root, 'screenshots');
await ensureInstalled();
await ensureBuilt();
rmSync(folder, { recursive: true, force: true });
const code = run(
  tool('jest'),
  ['--config', 'test/jest.config.cjs', '--testPathPatterns', 'test/services/web-'],
  {
    env: { ...process.env, SCREENSHOTS: folder, REQUIRE_SERVICES: '1' },
  },
);
console.log(`The pictures are in ${folder}.`);
process.exit(code);
