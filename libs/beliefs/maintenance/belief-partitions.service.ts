import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { CLOCK, type Clock } from '#lib/time';
import { missingRanges, periodStart, type EventRange } from '../model';
import { BeliefPartitionsRepository, HISTORY, type BeliefPartition } from './belief-partitions.repository';

/** Number of periods for which partitions are created ahead. */
const PERIODS_AHEAD = 3;

/** Largest number of partitions in one call. */
const MAX_CREATED = 240;

/** The events for which to create partitions; epoch milliseconds. */
export interface PartitionWindow {
  /** The current period if left out. */
  fromMs?: number;
  /** Some periods ahead if left out. */
  untilMs?: number;
  nowMs?: number;
}

/** The missing partitions, and where the history ends once they exist. */
interface Change {
  missing: EventRange[];
  history: BeliefPartition | undefined;
  historyEndMs: number;
}

/** Partitions the belief table by event start, as the setting FLEXMEASURES_BELIEF_PARTITIONING says. */
@Injectable()
export class BeliefPartitions {
  constructor(
    private readonly partitions: BeliefPartitionsRepository,
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whether the setting asks for partitions. */
  get isEnabled(): boolean {
    return this.settings.beliefPartitioning !== 'none';
  }

  /**
   * Creates the partitions that are missing for a window, and moves the beliefs that belong there. Earlier events go to
   * one history partition; the default partition keeps the events that fit in no other, and so stays small. Does nothing
   * if nothing is missing. Several processes may call it at the same time.
   * @returns names of the created partitions
   * @throws DomainError PARTITIONING_OFF, BELIEFS_NOT_PARTITIONED, INVALID_WINDOW, TOO_MANY_PARTITIONS, BELIEFS_BUSY
   */
  async create(window: PartitionWindow = {}): Promise<string[]> {
    if (!(await this.partitions.isPartitioned())) throw notPartitioned();
    if ((await this.findChange(window)).missing.length === 0) return [];
    return this.transactions.run(async () => {
      await this.partitions.lockPartitions();
      const change = await this.findChange(window);
      if (change.missing.length === 0) return [];
      await this.partitions.lockBeliefs();
      return this.apply(change);
    });
  }

  private async findChange({ fromMs, untilMs, nowMs = this.clock.now() }: PartitionWindow): Promise<Change> {
    const { beliefPartitioning: period } = this.settings;
    if (period === 'none') throw partitioningOff();
    const found = await this.partitions.find();
    const history = found.find(({ name }) => name === HISTORY);
    const others = found.filter((partition) => partition !== history);
    const startMs = fromMs ?? nowMs;
    const endMs = untilMs ?? periodStart(nowMs, period, 1 + PERIODS_AHEAD);
    if (endMs <= startMs)
      throw new DomainError(
        'INVALID_WINDOW',
        'The window of the partitions must end after it starts.',
        'until',
      );
    // The part that is cut off from the history gets partitions, so that none of it goes to the default partition.
    const missing =
      history && startMs < history.endMs
        ? missingRanges(others, startMs, Math.max(endMs, history.endMs), period)
        : missingRanges(found, startMs, endMs, period);
    if (missing.length > MAX_CREATED) throw tooMany(missing.length);
    return { missing, history, historyEndMs: Math.min(...[...others, ...missing].map((one) => one.startMs)) };
  }

  private async apply({ missing, history, historyEndMs }: Change): Promise<string[]> {
    const isCut = history !== undefined && historyEndMs < history.endMs;
    const isFirst = history === undefined && historyEndMs > -Infinity;
    await this.partitions.setDefaultAside();
    if (isCut) await this.partitions.detachHistory();
    const created: string[] = [];
    for (const range of missing) created.push(await this.partitions.create(range));
    if (isFirst) await this.partitions.nameHistory();
    else await this.partitions.returnDefault();
    if (isCut || isFirst) await this.partitions.attachHistory(historyEndMs);
    return created;
  }
}

const partitioningOff = (): DomainError =>
  new DomainError(
    'PARTITIONING_OFF',
    'Partitioning of beliefs is off: set FLEXMEASURES_BELIEF_PARTITIONING to monthly or yearly first.',
  );

const notPartitioned = (): DomainError =>
  new DomainError(
    'BELIEFS_NOT_PARTITIONED',
    'Table timed_belief has no native partitions: upgrade the schema (`flexmeasures db upgrade`), or set ' +
      'FLEXMEASURES_BELIEF_PARTITIONING to none if it is partitioned by other means.',
  );

const tooMany = (count: number): DomainError =>
  new DomainError(
    'TOO_MANY_PARTITIONS',
    `${count} partitions are too many, at most ${MAX_CREATED} can be created at once: choose a shorter window, or yearly partitions.`,
  );
