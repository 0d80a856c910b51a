import type { Capacity, CurtailableDevice, ProcessDevice, ProcessType, StorageDevice } from '..';
import type { BreachPrices } from './context-fields';
import { flexError } from './flex-error';
import type { FlexFields } from './flex-fields';
import { neverDone } from './sign';
import { readSoc } from './soc-fields';
import { isRecord, parseTimes } from './variable-quantity';

/**
 * A storage as its flex-model and attributes describe it.
 * @param socUnit unit of states of charge where the user gives none
 * @throws DomainError naming the field
 */
export async function readStorage(
  name: string,
  fields: FlexFields,
  breachPrices: BreachPrices,
  socUnit = 'MWh',
): Promise<StorageDevice> {
  const { socMinimaMwh, socMaximaMwh, ...soc } = await readSoc(fields, socUnit);
  return {
    kind: 'storage',
    name,
    ...(await readPower(fields, breachPrices)),
    ...soc,
    ...(socMinimaMwh ? { socMinima: { mwh: socMinimaMwh, breach: breachPrices.socMinima } } : {}),
    ...(socMaximaMwh ? { socMaxima: { mwh: socMaximaMwh, breach: breachPrices.socMaxima } } : {}),
    roundtripEfficiency: roundtripEfficiency(fields),
    chargingEfficiency: await efficiency(fields, 'charging-efficiency', Infinity),
    dischargingEfficiency: await efficiency(fields, 'discharging-efficiency', 1),
    storageEfficiency: await efficiency(fields, 'storage-efficiency', 1),
    stockInflowMw: await stockInflow(fields),
    preferChargingSooner: fields.flag('prefer-charging-sooner', true),
  };
}

/** What the device can charge and discharge; the sign attributes speak of the stored sign. */
async function readPower(fields: FlexFields, breachPrices: BreachPrices) {
  const power = await fields.series('power-capacity', 'MW', { precedence: 'lowest' });
  const consumption = await readCapacity(fields, 'consumption-capacity', power);
  const production = await readCapacity(fields, 'production-capacity', power);
  const unknown = power?.findIndex((mw) => !(mw >= 0)) ?? -1;
  if (unknown >= 0) throw flexError('power-capacity', `not known, or negative, in step ${unknown}.`);
  if (!power && (!consumption || !production)) {
    const message =
      'needed, because neither the sensor nor its asset has an attribute capacity_in_mw that is not negative.';
    throw flexError('power-capacity', message);
  }
  const never = neverDone(fields.attributes);
  const most = (limit: Float64Array | undefined, isOff: boolean) => (isOff ? 0 : (power ?? limit!));
  const capacity = (mw: Float64Array | undefined, breach: Capacity['breach']) =>
    mw && { mw, breach: power ? breach : undefined };
  return {
    chargePowerMaxMw: most(consumption, never.consumes),
    dischargePowerMaxMw: most(production, never.produces),
    consumptionCapacity: capacity(consumption, breachPrices.consumption),
    productionCapacity: capacity(production, breachPrices.production),
  };
}

/** MW, not negative; where a series tells nothing, the power capacity holds. */
async function readCapacity(fields: FlexFields, field: string, power: Float64Array | undefined) {
  const capacity = power ? `${power[0]} MW` : undefined;
  const known = await fields.series(field, 'MW', { precedence: 'lowest', capacity });
  const missing = known?.findIndex((mw) => Number.isNaN(mw) && !power) ?? -1;
  if (missing >= 0) throw flexError(field, `unknown in step ${missing}, and there is no power-capacity.`);
  if (known?.some((mw) => mw < 0)) throw flexError(field, 'a capacity is not negative.');
  return known?.map((mw, t) => (Number.isNaN(mw) ? power![t]! : mw));
}

function roundtripEfficiency(fields: FlexFields): number {
  const value = fields.fixed('roundtrip-efficiency', '') ?? 1;
  if (value > 0 && value <= 1) return value;
  throw flexError('roundtrip-efficiency', 'Must be greater than 0 and less than or equal to 1.');
}

async function efficiency(
  fields: FlexFields,
  field: string,
  most: number,
): Promise<Float64Array | undefined> {
  const known = await fields.series(field, '');
  const filled = known?.map((one) => (Number.isNaN(one) ? 1 : one));
  if (!filled || filled.every((one) => one > 0 && one <= most && one < 100)) return filled;
  const limit = most === 1 ? ' and less than or equal to 1' : '';
  throw flexError(field, `Must be greater than 0${limit}.`);
}

/**
 * MW into the stock past the meter: all of soc-gain less all of soc-usage. Outside of intervals that are written down
 * there is nothing; what a sensor does not know counts as 0, with a warning.
 */
async function stockInflow(fields: FlexFields): Promise<Float64Array | undefined> {
  let inflow: Float64Array | undefined;
  for (const [field, sign] of [
    ['soc-gain', 1],
    ['soc-usage', -1],
  ] as const) {
    // prettier-ignore
    const raw = fields.raw(field);
    if (raw === undefined) continue;
    // One quantity, or a list of them that add up; a list of timed values is one quantity.
    const isList = Array.isArray(raw) && !raw.some((one) => isRecord(one) && !('sensor' in one));
    const parts: unknown[] = isList ? raw : [raw];
    for (const [i, part] of parts.entries()) {
      const own = isList ? `${field}.${i}` : field;
      const one = fields.with(own, part);
      const quantity = one.quantity(own)!;
      const series = await one.seriesOf(quantity, own, 'MW');
      if (quantity.kind === 'sensor' && series.some(Number.isNaN))
        fields.sources.warn(`${own} is not known throughout: 0 was assumed.`);
      inflow ??= new Float64Array(series.length);
      series.forEach((mw, t) => (inflow![t]! += Number.isNaN(mw) ? 0 : sign * mw));
    }
  }
  return inflow;
}

const processTypes: ProcessType[] = ['INFLEXIBLE', 'SHIFTABLE', 'BREAKABLE'];

/** A process as its flex-model describes it: process-type, power, duration and time-restrictions. */
export function readProcess(name: string, fields: FlexFields): ProcessDevice {
  const type = processTypes.find((one) => one === fields.raw('process-type'));
  if (!type) throw flexError('process-type', `must be one of: ${processTypes.join(', ')}.`);
  const powerMw = fields.fixed('power', 'MW');
  if (powerMw === undefined) throw flexError('power', 'needed for a process.');
  const { startMs, stepMs, timezone } = fields.sources.window;
  const duration = fields.raw('duration');
  const { endMs } = parseTimes({ start: new Date(startMs).toISOString(), duration }, 'duration', timezone);
  if (endMs <= startMs) throw flexError('duration', 'a process lasts for some time.');
  return {
    kind: 'process',
    name,
    type,
    powerMw,
    durationSteps: Math.ceil((endMs - startMs) / stepMs),
    forbidden: readRestrictions(fields),
    preferRunningSooner: true,
  };
}

/** The steps that a time restriction touches. */
function readRestrictions(fields: FlexFields): Uint8Array | undefined {
  const raw = fields.raw('time-restrictions');
  if (raw === undefined) return undefined;
  if (!Array.isArray(raw)) throw flexError('time-restrictions', 'a list of intervals is needed.');
  const { startMs, stepMs, steps, timezone } = fields.sources.window;
  const forbidden = new Uint8Array(steps);
  raw.forEach((one: unknown, i) => {
    const field = `time-restrictions.${i}`;
    if (!isRecord(one)) throw flexError(field, 'an interval is needed.');
    const times = parseTimes(one, field, timezone);
    const from = Math.max(0, Math.floor((times.startMs - startMs) / stepMs));
    const to = Math.min(steps, Math.ceil((times.endMs - startMs) / stepMs));
    forbidden.fill(1, from, Math.max(from, to));
  });
  return forbidden;
}

/** Production that can be turned down: what it could produce is its production-capacity. */
export async function readCurtailable(name: string, fields: FlexFields): Promise<CurtailableDevice> {
  const consumption = await fields.series('consumption-capacity', 'MW');
  if (consumption?.some((mw) => mw > 0)) {
    throw flexError(
      'consumption-capacity',
      'a device that consumes needs a flex-model of a storage or process.',
    );
  }
  const forecast = (await fields.series('production-capacity', 'MW'))!;
  if (forecast.some(Number.isNaN)) {
    fields.sources.warn(`${name}: production-capacity is not known throughout: 0 was assumed.`);
  }
  return {
    kind: 'curtailable',
    name,
    forecastMw: forecast.map((mw) => (Number.isNaN(mw) ? 0 : Math.max(0, mw))),
  };
}
