import { flexError } from '../flex-error';
import {
  isRecord,
  parseSensorId,
  parseVariableQuantity,
  type VariableQuantity,
} from '../values/variable-quantity';
import type { FlexSources } from './flex-sources';

/** The fields that name measured devices, with the sign of their values as consumption. */
const SIDES = [
  ['inflexible-consumption', 1],
  ['inflexible-production', -1],
] as const;

/** A reader of a flex-model or a flex-context. */
interface MeasuredReader {
  raw(name: (typeof SIDES)[number][0]): unknown;
  seriesOf(quantity: VariableQuantity, path: string, unit: string): Promise<Float64Array>;
  sources: FlexSources;
}

/** What is known of the sensors of measured devices. */
export interface MeasuredSensors {
  /**
   * Checks that a sensor does not record the other direction as positive.
   * @throws DomainError FLEX_MODEL_INVALID naming the field
   */
  checkDirection: (sensorId: number, field: string, sign: 1 | -1) => Promise<void>;
  /** Whether a sensor is that of a device to schedule: its earlier power does not count then. */
  isScheduled: (sensorId: number) => boolean;
}

/**
 * The total power of the measured devices in `inflexible-consumption` and `inflexible-production`, in MW per step, consumption
 * positive. Unknown values count as 0, with a warning.
 * @param counted ids of sensors that count already; those that are read are added
 * @returns undefined if there are none
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readMeasured(
  reader: MeasuredReader,
  sensors: MeasuredSensors,
  counted: Set<number>,
): Promise<Float64Array | undefined> {
  const { window, warn, isCheck } = reader.sources;
  let total: Float64Array | undefined;
  for (const [name, sign] of SIDES) {
    const raw = reader.raw(name);
    if (raw === undefined) continue;
    total ??= new Float64Array(window.steps);
    for (const { path, value } of referencesIn(raw, name)) {
      const sensorId = parseSensorId(value['sensor']);
      if (sensorId === undefined) throw flexError(path, 'a sensor is needed, such as {"sensor": 5}.');
      if (counted.has(sensorId)) throw flexError(path, `sensor ${sensorId} counts already.`);
      counted.add(sensorId);
      if (sensors.isScheduled(sensorId)) {
        warn(
          `Sensor ${sensorId} is scheduled: its earlier power does not count as that of an inflexible device.`,
        );
        continue;
      }
      await sensors.checkDirection(sensorId, path, sign);
      const quantity = parseVariableQuantity({ ...value, sensor: sensorId }, path, window.timezone);
      const powerMw = await reader.seriesOf(quantity, path, 'MW');
      const unknown = powerMw.filter(Number.isNaN).length;
      if (unknown > 0 && !isCheck)
        warn(`${path} (sensor ${sensorId}) has ${unknown} unknown value(s). 0 was assumed.`);
      powerMw.forEach((mw, t) => (total![t]! += Number.isNaN(mw) ? 0 : sign * mw));
    }
  }
  return total;
}

/** One reference, or those in a list. */
function referencesIn(raw: unknown, name: string): { path: string; value: Record<string, unknown> }[] {
  const items = Array.isArray(raw)
    ? raw.map((value: unknown, i) => ({ path: `${name}.${i}`, value }))
    : [{ path: name, value: raw }];
  return items.map(({ path, value }) => {
    if (!isRecord(value)) throw flexError(path, 'a sensor is needed, such as {"sensor": 5}.');
    return { path, value };
  });
}
