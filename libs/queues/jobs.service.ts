import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import type { Job } from './job.entity';
import { JobsRepository } from './jobs.repository';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Takes jobs in and tells how far they are. */
@Injectable()
export class JobsService {
  private readonly enqueued = new Subject<void>();

  constructor(private readonly jobs: JobsRepository) {}

  /** Records a job to be done. @returns its id */
  async enqueue(queue: string, kind: string, payload: unknown): Promise<string> {
    const id = randomUUID();
    await this.jobs.insert({ id, queue, kind, payload });
    this.enqueued.next();
    return id;
  }

  async find(id: string): Promise<Job | null> {
    return UUID.test(id) ? this.jobs.find(id) : null;
  }

  /** Speaks up whenever this process has taken a job in. */
  get arrivals(): Observable<void> {
    return this.enqueued;
  }
}
