import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The operating-system user that runs the database server. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL does not run as root. If the current user is root, this finds an unprivileged user of the machine.
 * @returns undefined if the current user can run the server.
 */
export function findServerAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find(([candidate]) => candidate === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and the machine has no user "postgres" or "nobody" to run it. Add one of them, ' +
      'or start FlexMeasures as another user.',
  );
}

/** Whether `account` (or the current user) can enter every folder on the way to `path`. */
export function canReach(path: string, account: ServerAccount | undefined): boolean {
  if (!account) {
    try {
      accessSync(path, constants.R_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
