import { knowledgeHorizonOf, type SensorStatus, type SourceFigures } from '#lib/beliefs';
import { describeSource } from '#lib/charts/model';
import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant } from '#lib/time';
import type { SourceStats } from './sensor-stats.dto';

const MINUTE_MS = 60_000;

/** A sensor of a list; the event resolution is in minutes, as in FlexMeasures 0.12. */
export const toSensorResponse = (sensor: Sensor, entityAddress: string) => ({
  entity_address: entityAddress,
  event_resolution: sensor.eventResolutionMs / MINUTE_MS,
  generic_asset_id: sensor.assetId,
  id: sensor.id,
  name: sensor.name,
  timezone: sensor.timezone,
  unit: sensor.unit,
});

/** A sensor with all its fields; the event resolution is an ISO 8601 duration, as in FlexMeasures since 0.13. */
export function toSensorDetails(sensor: Sensor, entityAddress: string) {
  const { fnc, par } = knowledgeHorizonOf(sensor);
  return {
    ...toSensorResponse(sensor, entityAddress),
    event_resolution: formatDuration(sensor.eventResolutionMs),
    attributes: JSON.stringify(sensor.attributes),
    knowledge_horizon_fnc: fnc,
    knowledge_horizon_par: par,
  };
}

/**
 * Statistics of a sensor's data as a response of the API; times are in the sensor's time zone.
 * @param isSorted whether the figures with the names of FlexMeasures are sorted by name
 */
export function toSensorStats(sensor: Sensor, figures: SourceFigures[], isSorted: boolean) {
  const format = (ms: number): string => formatInstant(ms, sensor.timezone);
  const sources = figures.map(({ source, count, min, max, mean, sum, ...times }) => ({
    source,
    count,
    first_event_start: format(times.firstEventStartMs),
    last_event_end: format(times.lastEventStartMs + sensor.eventResolutionMs),
    last_belief_time: format(times.lastBeliefTimeMs),
    min,
    max,
    mean,
    sum,
  }));
  return {
    sensor: sensor.id,
    sources,
    unit: sensor.unit,
    ...Object.fromEntries(sources.map((one) => [nameOf(one), figuresInWords(one, isSorted)])),
  };
}

/** The key of a source in the statistics of FlexMeasures. */
const nameOf = ({ source }: SourceStats): string =>
  `${describeSource(source).description} (ID: ${source.id})`;

/** Figures with the names of FlexMeasures: sorted by name in an object, or in their own order in a list of pairs. */
function figuresInWords(stats: SourceStats, isSorted: boolean) {
  const pairs: [string, string | number][] = [
    ['First event start', stats.first_event_start],
    ['Last event end', stats.last_event_end],
    ['Last recorded', stats.last_belief_time],
    ['Min value', stats.min],
    ['Max value', stats.max],
    ['Mean value', stats.mean],
    ['Sum over values', stats.sum],
    ['Number of values', stats.count],
  ];
  return isSorted ? Object.fromEntries(pairs.sort(([one], [other]) => (one < other ? -1 : 1))) : pairs;
}

/** The status of a sensor's data as a response of the API; times are in the sensor's time zone. */
export const toSensorStatus = ({ asset, ...sensor }: Sensor, statuses: SensorStatus[]) => ({
  sensors_data: statuses.map(({ sourceType, isStale, sinceMs, stalenessMs, reason }) => ({
    id: sensor.id,
    name: sensor.name,
    asset_name: asset.name,
    resolution: formatDuration(sensor.eventResolutionMs),
    source_type: sourceType,
    stale: isStale,
    staleness: stalenessMs === null ? null : formatDuration(stalenessMs),
    staleness_since: sinceMs === null ? null : formatInstant(sinceMs, sensor.timezone),
    reason,
    relation: 'sensor belongs to this asset',
  })),
});
