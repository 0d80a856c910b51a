import { Injectable } from '@nestjs/common';
import type { Asset, Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SensorsService, type Sensor, type SensorReference } from '#lib/sensors';
import { isTimeZone } from '#lib/time';
import { readSensorsToShow } from './model';

const ATTRIBUTE = 'sensors_to_show';

/** The sensors that attributes of an asset name for its chart. */
export const shownReferences = (attributes: Attributes): SensorReference[] =>
  (readSensorsToShow(attributes[ATTRIBUTE]) ?? []).flat().map((id) => ({ id, field: ATTRIBUTE }));

/** Whether whoever asks may read a sensor. */
export type MayRead = (sensor: Sensor) => boolean;

/** From the first to the last event, epoch milliseconds. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

/** Which sensors an asset shows, and when they have data. */
@Injectable()
export class ShownSensors {
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * The sensors of each panel: those of attribute `sensors_to_show`, or one panel for each of the asset's own. What
   * does not exist is left out, and so is what may not be read: an asset may name sensors of others.
   */
  async panelsOf(asset: Asset, mayRead: MayRead): Promise<Sensor[][]> {
    const panels =
      readSensorsToShow(asset.attributes[ATTRIBUTE]) ??
      (await this.sensors.listByAsset(asset.id)).map(({ id }) => [id]);
    const found = await this.sensors.listByIds(panels.flat());
    const readable = new Map(found.filter(mayRead).map((sensor) => [sensor.id, sensor]));
    return panels
      .map((ids) => ids.flatMap((id) => readable.get(id) ?? []))
      .filter((sensors) => sensors.length > 0);
  }

  /** From the first to the last event of any of the sensors; the moment `nowMs` while they have none. */
  async timeRange(sensors: readonly Sensor[], nowMs: number): Promise<TimeRange> {
    const ranges = await this.beliefs.eventRanges(sensors.map(({ id }) => id));
    if (ranges.size === 0) return { startMs: nowMs, endMs: nowMs };
    const ends = sensors.flatMap(({ id, eventResolutionMs }) => {
      const range = ranges.get(id);
      return range ? range.lastStartMs + eventResolutionMs : [];
    });
    return {
      startMs: Math.min(...Array.from(ranges.values(), ({ firstStartMs }) => firstStartMs)),
      endMs: Math.max(...ends),
    };
  }

  /** The zone of an asset: its attribute `timezone`, or that of its first sensor, or UTC. */
  async timezoneOf(asset: Asset): Promise<string> {
    const { timezone } = asset.attributes;
    if (typeof timezone === 'string' && isTimeZone(timezone)) return timezone;
    return (await this.sensors.listByAsset(asset.id))[0]?.timezone ?? 'UTC';
  }
}
