import { FLEX_FIELDS, writesSensor } from './fields';
import { sensorIdOf } from './power-sensor';
import { commodityIn } from './readers/context/commodities-reader';
import { isRecord } from './values/variable-quantity';

/**
 * What a sensor records of a schedule: power with the sign that the sensor has for stored power, all power with consumption or
 * production positive, only consumption or only production (then not negative), or states of charge.
 */
export type RecordedAs =
  'power' | 'consumption' | 'production' | 'consumption-part' | 'production-part' | 'state-of-charge';

/** A field that names a sensor to which a schedule is recorded. */
export interface FlexOutput {
  sensorId: number;
  /** The name of the field, or its path in `commodities`. */
  field: string;
  recordedAs: RecordedAs;
  /** The commodity whose power it is; electricity if undefined. */
  commodity?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The sensors that record what is planned for a device, besides its power sensor. */
export function findDeviceOutputs(flexModel: Fields): FlexOutput[] {
  return [
    ...outputsByDirection(flexModel, 'consumption', 'production'),
    ...outputOf(flexModel, 'state-of-charge', 'state-of-charge'),
  ];
}

/** The sensors that record the planned power of a site, of each commodity. */
export function findSiteOutputs(flexContext: Fields): FlexOutput[] {
  const { commodities } = flexContext;
  const contexts = Array.isArray(commodities) ? (commodities as unknown[]) : [];
  return [
    ...aggregatesIn(flexContext),
    ...contexts.flatMap((context, i) => {
      if (!isRecord(context)) return [];
      const commodity = commodityIn(context);
      return aggregatesIn(context).map((one) => ({
        ...one,
        field: `commodities.${i}.${one.field}`,
        commodity,
      }));
    }),
  ];
}

const aggregatesIn = (context: Fields): FlexOutput[] => [
  ...outputsByDirection(context, 'aggregate-consumption', 'aggregate-production'),
  ...outputOf(context, 'aggregate-power', 'power'),
];

/** With one of both fields, its sensor records all power; with both, each records its part. */
function outputsByDirection(fields: Fields, consumption: string, production: string): FlexOutput[] {
  const hasBoth = [consumption, production].every((name) => sensorIdOf(fields[name]) !== undefined);
  return [
    ...outputOf(fields, consumption, hasBoth ? 'consumption-part' : 'consumption'),
    ...outputOf(fields, production, hasBoth ? 'production-part' : 'production'),
  ];
}

function outputOf(fields: Fields, field: string, recordedAs: RecordedAs): FlexOutput[] {
  const sensorId = sensorIdOf(fields[field]);
  return sensorId === undefined ? [] : [{ sensorId, field, recordedAs }];
}

/**
 * Factor between recorded values and power with consumption positive, valid both ways.
 * @param sensorSign that of the stored power of the sensor
 */
export function recordedSign(recordedAs: RecordedAs, sensorSign: 1 | -1): 1 | -1 {
  if (recordedAs === 'power') return sensorSign;
  return recordedAs.startsWith('production') ? -1 : 1;
}

/** The part of planned power that is recorded. @param powerMw consumption positive; the result as well */
export function recordedPart(recordedAs: RecordedAs, powerMw: Float64Array): Float64Array {
  if (recordedAs === 'consumption-part') return powerMw.map((power) => Math.max(0, power));
  if (recordedAs === 'production-part') return powerMw.map((power) => Math.min(0, power));
  return powerMw;
}

const OUTPUT_FIELDS: readonly string[] = Object.values(FLEX_FIELDS).flatMap((table) =>
  Object.entries(table).flatMap(([name, field]) => (writesSensor(field) ? [name] : [])),
);

/** Whether schedules are recorded to the sensor that a field of a flex-model or flex-context refers to. @param path of the reference */
export const isOutputField = (path: string): boolean =>
  OUTPUT_FIELDS.includes(path.replace(/^commodities\.\d+\./, '').split('.')[0]!);
