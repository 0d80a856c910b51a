import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { SensorsService, type Sensor } from '#lib/sensors';
import {
  ceilToStep,
  CLOCK,
  floorToStep,
  formatDuration,
  formatInstant,
  isOnStep,
  type Clock,
} from '#lib/time';
import {
  areCompatibleLengths,
  resampleBeliefs,
  withoutUnknown,
  type BeliefColumns,
  type BeliefResampling,
  type PartialRule,
} from '../model';
import { BELIEFS_SAVED, SavedBeliefs } from '../store/beliefs.events';
import { BeliefsRepository, type SourceExtent } from '../store/beliefs.repository';
import { BeliefsService, resamplingOf } from '../store/beliefs.service';
import {
  BeliefMaintenanceRepository,
  type BeliefSummary,
  type EventWindow,
} from './belief-maintenance.repository';

/** Beliefs that are read or written at once. */
const CHUNK_ROWS = 20_000;

/** Which events to resample. */
export interface ResamplingWindow extends EventWindow {
  /** Beliefs about other events stay as they are, because they are about events of the new length already. */
  leaveOutside?: boolean;
  /** What an amount of a longer event is of which only some parts are known; unknown by default. */
  partial?: PartialRule;
}

/** The beliefs about one sensor before and after resampling. */
export interface ResamplingResult {
  sensor: Sensor;
  before: BeliefSummary;
  after: BeliefSummary;
  /** Number of longer events of whose amount only a part was known. */
  partialEvents: number;
}

/** Changes the event resolution of sensors and resamples their beliefs. */
@Injectable()
export class BeliefResamplingService {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly rows: BeliefsRepository,
    private readonly maintenance: BeliefMaintenanceRepository,
    private readonly sensors: SensorsService,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Assigns an event resolution to sensors and resamples their stored beliefs (see `resampleBeliefs`), all or nothing.
   * Unchanged repeats are resampled like beliefs, so that what is current does not change with statements that arrive late.
   * Sensors that already have the resolution are left out.
   *
   * Beliefs about events outside the window are an error unless the window says that they stay: a sensor has one
   * resolution, so they would be read as beliefs about events of another length, with other belief times.
   * @throws DomainError SENSOR_NOT_FOUND, INCOMPATIBLE_RESOLUTION, OFF_GRID, BELIEFS_OUTSIDE
   */
  resample(
    sensorIds: number[],
    eventResolutionMs: number,
    window: ResamplingWindow = {},
  ): Promise<ResamplingResult[]> {
    return this.transactions.run(async () => {
      for (const id of sensorIds) await this.sensors.get(id);
      await this.sensors.lock(sensorIds);
      const changing = (await this.sensors.listByIds(sensorIds)).filter(
        (sensor) => sensor.eventResolutionMs !== eventResolutionMs,
      );
      for (const sensor of changing) await this.checkOutside(sensor, eventResolutionMs, window);
      const results: ResamplingResult[] = [];
      for (const sensor of changing)
        results.push(await this.resampleSensor(sensor, eventResolutionMs, window));
      return results;
    });
  }

  /** What `resample` would do: runs it and rolls it back. */
  async preview(
    sensorIds: number[],
    eventResolutionMs: number,
    window: ResamplingWindow = {},
  ): Promise<ResamplingResult[]> {
    const undo = new Error('Undo the preview.');
    let results: ResamplingResult[] = [];
    const work = async () => {
      results = await this.resample(sensorIds, eventResolutionMs, window);
      throw undo;
    };
    await this.transactions.run(work).catch((error: unknown) => {
      if (error !== undo) throw error;
    });
    return results;
  }

  private async checkOutside(sensor: Sensor, toMs: number, asked: ResamplingWindow): Promise<void> {
    const window = checkedWindow(sensor, { fromMs: sensor.eventResolutionMs, toMs }, asked);
    if (asked.leaveOutside || (asked.startMs ?? asked.endMs) === undefined) return;
    const all = await this.maintenance.count({ sensorIds: [sensor.id] });
    const inside = await this.maintenance.summarise(sensor.id, window);
    const outside = all - inside.count;
    if (outside === 0) return;
    const message =
      `Sensor ${sensor.id}: ${outside} of ${all} stored beliefs are about events outside the window, ` +
      `and would be read as if each event lasted ${formatDuration(toMs)}.`;
    throw new DomainError('BELIEFS_OUTSIDE', message);
  }

  private async resampleSensor(
    sensor: Sensor,
    toMs: number,
    asked: ResamplingWindow,
  ): Promise<ResamplingResult> {
    const partialEvents = new Set<number>();
    const onPartial = (eventStartMs: number): unknown => partialEvents.add(eventStartMs);
    const resampling = { ...resamplingOf(sensor, toMs), partial: asked.partial, onPartial };
    const window = checkedWindow(sensor, resampling, asked);
    const before = await this.maintenance.summarise(sensor.id, asked);
    const saved = await this.resampleEvents(sensor, resampling, window);
    await this.sensors.setEventResolution(sensor.id, toMs);
    for (const event of saved.events(sensor.id, this.clock.now())) this.events.emit(BELIEFS_SAVED, event);
    const after = await this.maintenance.summarise(sensor.id, asked);
    return { sensor, before, after, partialEvents: partialEvents.size };
  }

  /** Resamples chunk by chunk. A chunk holds all beliefs about one or more of the longer events. */
  private async resampleEvents(
    sensor: Sensor,
    resampling: BeliefResampling,
    window: EventWindow,
  ): Promise<SavedBeliefs> {
    const saved = new SavedBeliefs();
    const { fromMs, toMs, zone } = resampling;
    const isLonger = toMs > fromMs;
    const chunkRows = isLonger ? CHUNK_ROWS : Math.ceil((CHUNK_ROWS * toMs) / fromMs);
    let startMs = await this.maintenance.findEventStart(sensor.id, window);
    while (startMs !== undefined) {
      const rest = { startMs, endMs: window.endMs };
      const cut = await this.maintenance.findEventStart(sensor.id, rest, chunkRows);
      const endMs = cut === undefined ? window.endMs : chunkEnd(startMs, cut, isLonger ? toMs : 0, zone);
      // Read before anything is written, so that it is one of the old events.
      const next: number | undefined =
        endMs === undefined
          ? undefined
          : await this.maintenance.findEventStart(sensor.id, { ...window, startMs: endMs });
      const chunk = { startMs, endMs };
      const known = withoutUnknown(
        await this.beliefs.statements(sensor, { eventStartsAfterMs: startMs, eventStartsBeforeMs: endMs }),
      );
      const resampled = resampleBeliefs(known, resampling, next);
      await this.maintenance.deleteEvents(sensor.id, chunk);
      for (const { sourceId, kind, ...extent } of await this.saveResampled(sensor, resampled))
        saved.addExtent(sourceId, kind, extent);
      startMs = next;
    }
    return saved;
  }

  /** Saves beliefs about events of which none are stored. Those that repeat the one before become its repeats. */
  private async saveResampled(sensor: Sensor, resampled: BeliefColumns): Promise<SourceExtent[]> {
    const count = resampled.values.length;
    if (count === 0) return [];
    const incoming = this.rows.stageArrays([resampled]);
    const save = () => this.rows.saveIncoming(sensor.id, incoming, true);
    const { extents } = await this.rows.withPlansForMany(count, save);
    return extents;
  }
}

/** The end of a chunk from `startMs`: at most `cutMs`, except that the chunk holds at least one longer event. */
function chunkEnd(startMs: number, cutMs: number, longerMs: number, zone: string): number {
  if (longerMs === 0) return Math.max(cutMs, startMs + 1);
  const step = floorToStep(cutMs, longerMs, zone);
  return step > startMs ? step : ceilToStep(cutMs + 1, longerMs, zone);
}

/** The window of events to resample: those that lie completely in the given window. */
function checkedWindow(
  { id, timezone }: Sensor,
  { fromMs, toMs }: Pick<BeliefResampling, 'fromMs' | 'toMs'>,
  { startMs, endMs }: EventWindow,
): EventWindow {
  if (!areCompatibleLengths(fromMs, toMs)) {
    const message = `Sensor ${id} has a resolution of ${formatDuration(fromMs)}: one resolution must be a multiple of the other.`;
    throw new DomainError('INCOMPATIBLE_RESOLUTION', message, 'event_resolution');
  }
  if (toMs < fromMs) return { startMs, endMs: endMs === undefined ? undefined : endMs - fromMs + 1 };
  for (const moment of [startMs, endMs]) {
    if (moment === undefined || isOnStep(moment, toMs, timezone)) continue;
    const message = `${formatInstant(moment, timezone)} is not a step of the new resolution ${formatDuration(toMs)}.`;
    throw new DomainError('OFF_GRID', message);
  }
  return { startMs, endMs };
}
