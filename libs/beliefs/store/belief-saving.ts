import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import type { Sensor } from '#lib/sensors';
import { CLOCK, formatInstant, type Clock } from '#lib/time';
import type { BeliefColumns } from '../model';
import { BeliefStream, beliefsToSave, isAscending } from './belief-stream';
import { BELIEFS_SAVED, SavedBeliefs } from './beliefs.events';
import { BeliefsRepository, type Replacement } from './beliefs.repository';
import type { Incoming } from './sql/save.sql';

/** How many beliefs a save added, and how many it left out because they were unchanged. */
export interface SaveResult {
  saved: number;
  unchanged: number;
}

/** Largest number of beliefs that are held in memory at once; more are staged in the database. */
const MAX_IN_MEMORY = 50_000;

/** From this number of beliefs on, COPY is faster than parameters. */
const MIN_TO_COPY = 1000;

/** Saves beliefs about one sensor in the fastest way that keeps their history correct. */
@Injectable()
export class BeliefSaving {
  constructor(
    private readonly beliefs: BeliefsRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All or nothing; see BeliefsService.save. */
  async save(
    sensor: Sensor,
    beliefs: BeliefColumns | AsyncIterable<BeliefColumns>,
    allowOverwrite: boolean,
  ): Promise<SaveResult> {
    // Within a transaction, the attempt would save no round trip. Schedules usually follow earlier ones.
    if ('values' in beliefs && !this.transactions.isRunning) {
      const known = beliefsToSave(beliefs);
      if (await this.saveFewNew(sensor, known)) return { saved: known.values.length, unchanged: 0 };
    }
    return this.transactions.run(async () => {
      checkResolution(sensor, await this.beliefs.lockSensor(sensor.id));
      const stream = BeliefStream.of(beliefs);
      const parts = await stream.takeAllUpTo(MAX_IN_MEMORY);
      const saved = new SavedBeliefs();
      const count = parts
        ? await this.saveParts(sensor, parts, allowOverwrite, saved)
        : await this.saveStream(sensor, stream, allowOverwrite, saved);
      for (const event of saved.events(sensor.id, this.clock.now())) this.events.emit(BELIEFS_SAVED, event);
      return { saved: saved.count, unchanged: count - saved.count };
    });
  }

  /** Saves a few beliefs in one statement if their sources have none about these events yet. @returns whether it did */
  private async saveFewNew(sensor: Sensor, beliefs: BeliefColumns): Promise<boolean> {
    const count = beliefs.values.length;
    const isFit = count > 0 && count < MIN_TO_COPY && isAscending([beliefs]);
    if (!isFit) return false;
    const events = new SavedBeliefs().addColumns(beliefs).events(sensor.id, this.clock.now());
    const isSaved = await this.beliefs.insertIfNew(
      sensor,
      beliefs,
      this.events.toSqlParameters(BELIEFS_SAVED, events),
    );
    if (isSaved) await this.events.signalEmittedBySql(BELIEFS_SAVED);
    return isSaved;
  }

  /** @returns how many beliefs came in; `saved` takes down those that were saved */
  private async saveParts(
    sensor: Sensor,
    parts: BeliefColumns[],
    allowOverwrite: boolean,
    saved: SavedBeliefs,
  ): Promise<number> {
    const count = countOf(parts);
    if (count === 0) return 0;
    if (count >= MIN_TO_COPY && isAscending(parts) && !(await this.hasBeliefsInPeriod(sensor, parts))) {
      await this.beliefs.copy(sensor.id, streamOf(parts));
      for (const part of parts) saved.addColumns(part);
      return count;
    }
    await this.saveChanged(sensor, this.beliefs.stageArrays(parts), { count, allowOverwrite, saved });
    return count;
  }

  /** If the sensor has no beliefs yet, incoming ones are copied directly as long as each is about a later event. */
  private async saveStream(
    sensor: Sensor,
    stream: BeliefStream,
    allowOverwrite: boolean,
    saved: SavedBeliefs,
  ): Promise<number> {
    if (!(await this.beliefs.hasBeliefs(sensor.id))) {
      await this.beliefs.copy(
        sensor.id,
        passing(stream.ascendingPart(), (batch) => saved.addColumns(batch)),
      );
    }
    const copied = saved.count;
    const rest = await stream.takeAllUpTo(MAX_IN_MEMORY);
    if (rest) return copied + (await this.saveParts(sensor, rest, allowOverwrite, saved));
    let count = 0;
    const incoming = await this.beliefs.stage(
      sensor.id,
      passing(stream.rest(), ({ values }) => (count += values.length)),
    );
    await this.saveChanged(sensor, incoming, { count, allowOverwrite, saved });
    return copied + count;
  }

  private saveChanged(
    sensor: Sensor,
    incoming: Incoming,
    { count, allowOverwrite, saved }: { count: number; allowOverwrite: boolean; saved: SavedBeliefs },
  ): Promise<void> {
    return this.beliefs.withPlansForMany(count, async () => {
      const { extents, replacement } = await this.beliefs.saveIncoming(sensor.id, incoming, allowOverwrite);
      if (replacement) throw replacementError(sensor, replacement);
      for (const { sourceId, kind, ...extent } of extents) saved.addExtent(sourceId, kind, extent);
    });
  }

  /** Whether one of the sources already has beliefs about events in the period of the incoming ones. */
  private hasBeliefsInPeriod(sensor: Sensor, parts: BeliefColumns[]): Promise<boolean> {
    const filled = parts.filter(({ values }) => values.length > 0);
    const last = filled[filled.length - 1]!.eventStarts;
    const sourceIds = new Set(filled.flatMap(({ sourceIds: ids }) => [...new Set(ids)]));
    return this.beliefs.hasBeliefsBy(
      sensor.id,
      [...sourceIds],
      filled[0]!.eventStarts[0]!,
      last[last.length - 1]!,
    );
  }
}

/**
 * While this save waited for another writer, the sensor may have been deleted or resampled.
 * @throws DomainError SENSOR_NOT_FOUND, SENSOR_CHANGED
 */
function checkResolution(sensor: Sensor, resolutionMs: number | undefined): void {
  if (resolutionMs === undefined) {
    throw new DomainError('SENSOR_NOT_FOUND', `There is no sensor with id ${sensor.id}.`, 'sensor');
  }
  if (resolutionMs === sensor.eventResolutionMs) return;
  const message = `The event resolution of sensor ${sensor.id} has changed in the meantime: send the data again.`;
  throw new DomainError('SENSOR_CHANGED', message, 'sensor');
}

function replacementError(sensor: Sensor, { count, eventStartMs }: Replacement): DomainError {
  return new DomainError(
    'INVALID_REPLACEMENT',
    `${count} belief(s) would replace beliefs of the same source and belief time about ` +
      `sensor ${sensor.id}, the first about ${formatInstant(eventStartMs, sensor.timezone)}. Allow overwriting to replace them.`,
  );
}

const countOf = (parts: BeliefColumns[]): number => parts.reduce((sum, { values }) => sum + values.length, 0);

async function* streamOf(parts: BeliefColumns[]): AsyncIterable<BeliefColumns> {
  for (const part of parts) yield await Promise.resolve(part);
}

/** The same batches, each shown as it passes. */
async function* passing(
  beliefs: AsyncIterable<BeliefColumns>,
  show: (batch: BeliefColumns) => void,
): AsyncIterable<BeliefColumns> {
  for await (const batch of beliefs) {
    show(batch);
    yield batch;
  }
}
