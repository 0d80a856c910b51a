import { ensureBuilt, ensureDocs, ensureInstalled } from './project.mjs';

await ensureInstalled();
await ensureBuilt();
await ensureDocs();
