import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceWholeFile } from '#lib/files';

/** How long to wait for the former port: a server that was killed has just released it. */
const WAIT_MS = 2000;
const POLL_MS = 100;

/**
 * The port in a file, or a free one if there is no file or another program uses the port. The file then gets the new port.
 * Prints a warning if the port changes.
 */
export async function keepPort(file: string): Promise<number> {
  const former = readPort(file);
  if (former !== undefined && (await becomesFree(former))) return former;
  const port = await findFreePort(0);
  if (port === undefined) throw new Error('There is no free port for the embedded PostgreSQL.');
  replaceWholeFile(file, String(port));
  if (former !== undefined)
    process.stderr.write(
      `Warning: another program uses port ${former} of the embedded PostgreSQL. It now has port ${port}.\n`,
    );
  return port;
}

function readPort(file: string): number | undefined {
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : NaN;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

async function becomesFree(port: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= WAIT_MS; waitedMs += POLL_MS) {
    if ((await findFreePort(port)) !== undefined) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** @param wanted 0 for any port. @returns undefined if the wanted port is in use */
async function findFreePort(wanted: number): Promise<number | undefined> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(undefined));
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
