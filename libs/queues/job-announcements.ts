import { Injectable, Logger } from '@nestjs/common';
import { ActorContext } from '#lib/events';

/** Tells which jobs run now: in the log at level info, or where the process wants it. */
@Injectable()
export class JobAnnouncements {
  /** Prints a line instead of logging it. Workers set it, so that their output shows what they do. */
  print: ((line: string) => void) | undefined;
  private readonly logger = new Logger('Jobs');

  constructor(private readonly actors: ActorContext) {}

  /**
   * Announces the running job. Nothing happens outside jobs.
   * @param kind such as Scheduling
   * @param what it is about, such as a sensor and a period
   */
  announce(kind: string, what: string): void {
    const { current } = this.actors;
    if (!('job' in current)) return;
    const line = `Running ${kind} Job ${current.job}: ${what}`;
    if (this.print) this.print(line);
    else this.logger.log(line);
  }
}
