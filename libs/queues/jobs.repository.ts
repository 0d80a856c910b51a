import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Job } from './job.entity';

@Injectable()
export class JobsRepository {
  constructor(private readonly transactions: Transactions) {}

  find(id: string): Promise<Job | null> {
    return this.jobs.findOneBy({ id });
  }

  async insert(job: Pick<Job, 'id' | 'queue' | 'kind' | 'payload'>): Promise<void> {
    await this.jobs.insert({ ...job, payload: job.payload as object, state: 'queued' });
  }

  /** Takes the oldest queued job; no other process gets the same one. */
  async claim(queues: readonly string[]): Promise<Job | null> {
    const [row] = await this.transactions.query<{ id: string }>(
      `WITH next AS (
         SELECT id FROM job WHERE state = 'queued' AND queue = ANY($1::text[])
         ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE job SET state = 'started', started_at = now() FROM next WHERE job.id = next.id RETURNING job.id
       )
       SELECT id FROM claimed`,
      [queues],
    );
    return row ? this.find(row.id) : null;
  }

  async finish(id: string, result: unknown): Promise<void> {
    await this.transactions.query(
      "UPDATE job SET state = 'finished', result = $2::jsonb, ended_at = now() WHERE id = $1",
      [id, JSON.stringify(result ?? null)],
    );
  }

  async fail(id: string, reason: string): Promise<void> {
    await this.transactions.query(
      "UPDATE job SET state = 'failed', failure_reason = $2, ended_at = now() WHERE id = $1",
      [id, reason],
    );
  }

  private get jobs() {
    return this.transactions.manager.getRepository(Job);
  }
}
