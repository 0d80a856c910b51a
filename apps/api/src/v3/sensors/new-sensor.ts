import { parseKnowledgeHorizon } from '#lib/beliefs/model';
import type { NewSensor, SensorPatchFields } from '#lib/sensors';
import { MINUTE_MS, parseDurationMs } from '#lib/time';
import { parseAttributes } from '../assets/attributes';
import type { SensorPatch, SensorPost } from './sensors.dto';

/**
 * Converts a request body to a new sensor.
 * @throws KnowledgeHorizonInvalid if the parameters do not match the function of the knowledge horizon
 */
export function toNewSensor(body: SensorPost): NewSensor {
  const { name, unit, event_resolution: resolution, timezone = 'UTC' } = body;
  const { knowledge_horizon_fnc: rule = 'ex_post', knowledge_horizon_par: parameters = {} } = body;
  const { fnc, par } = parseKnowledgeHorizon(rule, parameters);
  return {
    name,
    unit,
    timezone,
    eventResolutionMs: toResolutionMs(resolution),
    assetId: body.generic_asset_id,
    attributes: parseAttributes(body.attributes),
    knowledgeHorizonFnc: fnc,
    knowledgeHorizonPar: par,
  };
}

/** The fields of a sensor that a request body changes. */
export function toSensorPatch({
  event_resolution: resolution,
  attributes,
  ...fields
}: SensorPatch): SensorPatchFields {
  return {
    ...fields,
    attributes: parseAttributes(attributes),
    ...(resolution !== undefined && { eventResolutionMs: toResolutionMs(resolution) }),
  };
}

/** @param resolution minutes, or an ISO 8601 duration */
const toResolutionMs = (resolution: number | string): number =>
  typeof resolution === 'string' ? parseDurationMs(resolution) : resolution * MINUTE_MS;
