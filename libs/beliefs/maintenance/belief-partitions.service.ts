import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { missingRanges, periodStart, type EventRange } from '../model';
import { BeliefPartitionsRepository, HISTORY, type BeliefPartition } from './belief-partitions.repository';

/** Partitions are ready so many periods ahead. */
const PERIODS_AHEAD = 3;

/** So many can be asked for at once. */
const MAX_CREATED = 240;

/** Which events are to lie in partitions of their own; epoch milliseconds. */
export interface PartitionWindow {
  /** The current period if left out. */
  fromMs?: number;
  /** Some periods ahead if left out. */
  untilMs?: number;
  nowMs?: number;
}

/** What is missing, and where history ends once it is there. */
interface Change {
  missing: EventRange[];
  history: BeliefPartition | undefined;
  historyEndMs: number;
}

/** Divides the table of beliefs by event start, as the setting FLEXMEASURES_BELIEF_PARTITIONING says. */
@Injectable()
export class BeliefPartitions {
  constructor(
    private readonly partitions: BeliefPartitionsRepository,
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Whether partitions are wanted. */
  get isOn(): boolean {
    return this.settings.beliefPartitioning !== 'none';
  }

  /**
   * Creates the partitions that are missing for a window, and moves the beliefs that belong there. Earlier events come
   * to lie in one partition for the history; the default partition keeps those for which there is no other, and so
   * stays small. Does nothing when nothing is missing; any number of processes may call it at once.
   * @returns names of the partitions created
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

  private async findChange({ fromMs, untilMs, nowMs = Date.now() }: PartitionWindow): Promise<Change> {
    const { beliefPartitioning: period } = this.settings;
    if (period === 'none') throw off();
    const found = await this.partitions.find();
    const history = found.find(({ name }) => name === HISTORY);
    const others = found.filter((partition) => partition !== history);
    const startMs = fromMs ?? nowMs;
    const endMs = untilMs ?? periodStart(nowMs, period, 1 + PERIODS_AHEAD);
    if (endMs <= startMs)
      throw new DomainError('INVALID_WINDOW', 'The window of the partitions ends before it starts.', 'until');
    // All that is cut off from history is divided, so that nothing of it falls to the default partition.
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

const off = (): DomainError =>
  new DomainError(
    'PARTITIONING_OFF',
    'Beliefs are not divided into periods: set FLEXMEASURES_BELIEF_PARTITIONING to monthly or yearly first.',
  );

const notPartitioned = (): DomainError =>
  new DomainError(
    'BELIEFS_NOT_PARTITIONED',
    'Table timed_belief has no native partitions: bring the schema up to date (`flexmeasures db upgrade`), or set ' +
      'FLEXMEASURES_BELIEF_PARTITIONING to none when something else divides it.',
  );

const tooMany = (count: number): DomainError =>
  new DomainError(
    'TOO_MANY_PARTITIONS',
    `${count} partitions are too many, at most ${MAX_CREATED} are created at once: choose a shorter window or years.`,
  );
