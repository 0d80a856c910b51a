import {
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { errorMessage } from '#lib/errors';
import { CLOCK, DAY_MS, PeriodicTask, type Clock } from '#lib/time';
import { BeliefsModule } from './beliefs.module';
import { BeliefPartitions } from './maintenance/belief-partitions.service';

/** Creates partitions ahead when a process starts, and once a day. */
@Injectable()
export class BeliefPartitionsUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('BeliefPartitions');
  private readonly task: PeriodicTask;

  constructor(
    private readonly partitions: BeliefPartitions,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.task = new PeriodicTask(clock, DAY_MS, () => this.createAhead());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.partitions.isEnabled) return;
    await this.createAhead();
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** A failure is only logged: until the next run, the default partition takes the beliefs that fit in no other. */
  private async createAhead(): Promise<void> {
    try {
      await this.partitions.create();
    } catch (error) {
      const reason = errorMessage(error);
      this.logger.warn(`No partitions for beliefs were created: ${reason}`);
    }
  }
}

/** For long-running processes: servers and workers. */
@Module({ imports: [BeliefsModule], providers: [BeliefPartitionsUpkeep] })
export class BeliefPartitionsModule {}
