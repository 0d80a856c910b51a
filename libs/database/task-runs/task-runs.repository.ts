import { Injectable } from '@nestjs/common';
import { LatestTaskRun } from './latest-task-run.entity';
import { Transactions } from '../transactions';

/** When each recurring task ran last: jobs, commands, tasks of plugins, and tasks of other programs of the host. */
@Injectable()
export class TaskRunsRepository {
  constructor(private readonly transactions: Transactions) {}

  find(name: string): Promise<LatestTaskRun | null> {
    return this.transactions.manager.getRepository(LatestTaskRun).findOneBy({ name });
  }

  /** Records a run of a task in place of its former one. */
  async record({ name, datetime, status }: LatestTaskRun): Promise<void> {
    await this.transactions.query(
      `INSERT INTO latest_task_runs (name, datetime, status) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET datetime = excluded.datetime, status = excluded.status`,
      [name, datetime, status],
    );
  }
}
