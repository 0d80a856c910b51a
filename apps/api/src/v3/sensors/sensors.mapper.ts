import { knowledgeHorizonOf, type SourceFigures } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';

const MINUTE_MS = 60_000;

/** A sensor as a response of the API; the event resolution is in minutes. */
export const toSensorResponse = (sensor: Sensor, entityAddress: string) => ({
  entity_address: entityAddress,
  event_resolution: sensor.eventResolutionMs / MINUTE_MS,
  generic_asset_id: sensor.assetId,
  id: sensor.id,
  name: sensor.name,
  timezone: sensor.timezone,
  unit: sensor.unit,
});

/** A sensor with all its fields. */
export function toSensorDetails(sensor: Sensor, entityAddress: string) {
  const { fnc, par } = knowledgeHorizonOf(sensor);
  return {
    ...toSensorResponse(sensor, entityAddress),
    attributes: JSON.stringify(sensor.attributes),
    knowledge_horizon_fnc: fnc,
    knowledge_horizon_par: par,
  };
}

/** Statistics of a sensor's data as a response of the API; times are in the sensor's time zone. */
export function toSensorStats(sensor: Sensor, figures: SourceFigures[]) {
  const format = (ms: number): string => formatInstant(ms, sensor.timezone);
  return {
    sensor: sensor.id,
    sources: figures.map(({ source, count, min, max, mean, sum, ...times }) => ({
      source,
      count,
      first_event_start: format(times.firstEventStartMs),
      last_event_end: format(times.lastEventStartMs + sensor.eventResolutionMs),
      last_belief_time: format(times.lastBeliefTimeMs),
      min,
      max,
      mean,
      sum,
    })),
    unit: sensor.unit,
  };
}
