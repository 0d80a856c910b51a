import { ensureBuilt, ensureInstalled, root, run } from './project.mjs';

await ensureInstalled();
await ensureBuilt();
process.exit(run(process.execPath, [`${root}/dist/test/bench/main.js`, ...process.argv.slice(2)]));
