import { Injectable } from '@nestjs/common';
import {
  getSensorsToShow,
  type Asset,
  type AssetReference,
  type Attributes,
  type DetailedAsset,
} from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SensorsService, type Sensor, type SensorReference } from '#lib/sensors';
import { isTimeZone } from '#lib/time';
import {
  explainKpi,
  explainShown,
  findSensorsToShow,
  readKpis,
  readPanels,
  readSensorsToShow,
  readShownAssets,
  SENSORS_TO_SHOW,
  type TitledPanel,
} from './model';

/** References to sensors in the attribute `sensors_to_show`. */
export function shownReferences(attributes: Attributes): SensorReference[] {
  return SENSORS_TO_SHOW.flatMap((field) =>
    (readSensorsToShow(attributes[field]) ?? []).flat().map((id) => ({ id, field })),
  );
}

/** Each is read anew for each request. */
const MAX_KPIS = 100;

type ShownFields = Partial<Pick<DetailedAsset, 'sensorsToShow' | 'sensorsToShowAsKpis'>>;

/** Reasons against invalid entries of `sensors_to_show` and `sensors_to_show_as_kpis`, by field path. */
export function checkShown({ sensorsToShow, sensorsToShowAsKpis }: ShownFields): Record<string, string[]> {
  const reasonsOf = (
    field: string,
    entries: readonly unknown[],
    explain: (entry: unknown) => string | undefined,
  ) =>
    entries.flatMap((entry, i): [string, string[]][] => {
      const reason = explain(entry);
      return reason === undefined ? [] : [[`${field}.${i}`, [reason]]];
    });
  if ((sensorsToShowAsKpis?.length ?? 0) > MAX_KPIS)
    return { sensors_to_show_as_kpis: [`Longer than maximum length ${MAX_KPIS}.`] };
  return Object.fromEntries([
    ...reasonsOf('sensors_to_show', sensorsToShow ?? [], explainShown),
    ...reasonsOf('sensors_to_show_as_kpis', sensorsToShowAsKpis ?? [], explainKpi),
  ]);
}

/** References to sensors in the fields `sensors_to_show` and `sensors_to_show_as_kpis`. */
export const shownReferencesIn = ({ sensorsToShow, sensorsToShowAsKpis }: ShownFields): SensorReference[] => [
  ...(readSensorsToShow(sensorsToShow) ?? []).flat().map((id) => ({ id, field: 'sensors_to_show' })),
  ...readKpis(sensorsToShowAsKpis ?? []).map(({ sensor: id }) => ({ id, field: 'sensors_to_show_as_kpis' })),
];

/** References to assets in the field `sensors_to_show`, by field path. */
export const shownAssetsIn = ({ sensorsToShow }: ShownFields): AssetReference[] =>
  readShownAssets(sensorsToShow).map(({ id, position }) => ({ id, field: `sensors_to_show.${position}` }));

/** Tells whether the user can read a sensor. */
export type CanRead = (sensor: Sensor) => boolean;

/** From the start of the first event to the end of the last one, epoch milliseconds. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

/** Finds the sensors of an asset chart and the time range of their data. */
@Injectable()
export class ShownSensors {
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * The sensors of each panel: those of `sensors_to_show`, or one panel per sensor of the asset. Sensors that
   * do not exist or that the user cannot read are omitted.
   */
  async findPanels(asset: DetailedAsset, canRead: CanRead): Promise<Sensor[][]> {
    return (await this.findTitledPanels(asset, canRead)).map(({ sensors }) => sensors);
  }

  /** As `findPanels`, with the titles of panels that have one. */
  async findTitledPanels(
    asset: DetailedAsset,
    canRead: CanRead,
  ): Promise<{ title?: string; sensors: Sensor[] }[]> {
    const panels: TitledPanel[] =
      readPanels(getSensorsToShow(asset)) ??
      readPanels(findSensorsToShow(asset.attributes).value) ??
      (await this.sensors.listByAsset(asset.id)).map(({ id }) => ({ ids: [id] }));
    const found = await this.sensors.listByIds(panels.flatMap(({ ids }) => ids));
    const readable = new Map(found.filter(canRead).map((sensor) => [sensor.id, sensor]));
    return panels
      .map(({ title, ids }) => ({ title, sensors: ids.flatMap((id) => readable.get(id) ?? []) }))
      .filter(({ sensors }) => sensors.length > 0);
  }

  /** The common time range of the data of sensors; from `nowMs` to `nowMs` without data. */
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

  /** The time zone of an asset: its attribute `timezone`, or the time zone of its first sensor, or UTC. */
  async getTimezone(asset: Asset): Promise<string> {
    const { timezone } = asset.attributes;
    if (typeof timezone === 'string' && isTimeZone(timezone)) return timezone;
    return (await this.sensors.listByAsset(asset.id))[0]?.timezone ?? 'UTC';
  }
}
