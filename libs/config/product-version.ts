import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of this product, from the nearest package.json above. */
export function productVersion(folder = __dirname): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return productVersion(dirname(folder));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
