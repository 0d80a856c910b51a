import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** Temporary folder for files while they are received and read. Only this user of the system can read it. */
@Injectable()
export class UploadFolder implements OnApplicationShutdown {
  readonly path = mkdtempSync(join(tmpdir(), 'flexmeasures-uploads-'));

  onApplicationShutdown(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
