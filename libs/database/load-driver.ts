import { createRequire } from 'node:module';

/**
 * Loads `pg`. To find out whether it runs at Cloudflare, it reads the name of the runtime from `navigator`, or else makes a
 * `Response`. Node.js 20 has no `navigator`, and a first `Response` loads the whole implementation of `fetch`: 10 MB of memory.
 * So the name is given while `pg` loads.
 */
function loadDriver(): void {
  const isNamed = 'navigator' in globalThis;
  if (!isNamed) {
    const value = { userAgent: `Node.js/${process.versions.node.split('.')[0]}` };
    Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
  }
  try {
    createRequire(__filename)('pg');
  } finally {
    if (!isNamed) Reflect.deleteProperty(globalThis, 'navigator');
  }
}

loadDriver();
