import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { isAlive } from '#lib/files';

const PREFIX = 'flexmeasures-uploads-';
const NAME = new RegExp(`^${PREFIX}(\\d+)-`);

/** Folders of the servers in this process. */
const inUse = new Set<string>();

/** Temporary folder for files while they are received and read. Only this user of the system can read it. */
@Injectable()
export class UploadFolder implements OnApplicationShutdown {
  private readonly logger = new Logger(UploadFolder.name);
  readonly path: string;

  /** Creates the folder. Removes the folders of servers that were killed. */
  constructor() {
    this.removeLeftovers();
    this.path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
    inUse.add(this.path);
  }

  onApplicationShutdown(): void {
    rmSync(this.path, { recursive: true, force: true });
    inUse.delete(this.path);
  }

  private removeLeftovers(): void {
    for (const name of readdirSync(tmpdir())) {
      if (inUse.has(join(tmpdir(), name))) continue;
      const pid = Number(NAME.exec(name)?.[1] ?? NaN);
      // In containers, an earlier server often had the process id of this one.
      if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) continue;
      try {
        rmSync(join(tmpdir(), name), { recursive: true, force: true });
      } catch (error) {
        // The folder can belong to another user of the system.
        this.logger.warn(`The folder ${name} of an ended server was not removed: ${String(error)}`);
      }
    }
  }
}
