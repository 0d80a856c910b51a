import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

const ROTATE_AT = '10M';
const FILES_KEPT = 6;

/**
 * A log file that is rotated at 10 MB; old files are kept as `.1` (the newest) to `.6`. It is opened with the first line.
 * If it cannot be written, this is reported once, and the process continues without it.
 */
export class LogFile {
  private stream: RotatingFileStream | undefined;
  private isBroken = false;

  constructor(
    private readonly path: string,
    private readonly report: (line: string) => void,
  ) {}

  write(line: string): void {
    if (this.isBroken) return;
    this.stream ??= this.open();
    this.stream.write(line);
  }

  async close(): Promise<void> {
    if (!this.stream || this.isBroken) return;
    const finished = once(this.stream, 'finish');
    this.stream.end();
    await finished.catch(() => undefined);
  }

  private open(): RotatingFileStream {
    const stream = createStream(basename(this.path), {
      path: dirname(this.path),
      size: ROTATE_AT,
      rotate: FILES_KEPT,
    });
    const giveUp = ({ message }: Error): void => {
      if (this.isBroken) return;
      this.isBroken = true;
      const msg = `The log file ${this.path} cannot be written. Logs go only to standard error: ${message}`;
      this.report(`${JSON.stringify({ level: 'WARNING', time: new Date().toISOString(), msg })}\n`);
    };
    stream.on('error', giveUp);
    stream.on('warning', giveUp);
    return stream;
  }
}
