import { DomainError, quoted } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { HOUR_MS } from '#lib/time';
import {
  convertValues,
  converter,
  isConvertible,
  isEnergyUnit,
  parseQuantity,
  sameDimension,
  UnitError,
} from '#lib/units';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch, type ValueKind } from '../files';
import { signRuleOf, type SignRule } from '../model';

/** Units of values that are times: a moment, counted from 1970 in UTC, or a length of time. */
const TIME_KINDS: readonly string[] = ['datetime', 'timedelta'] satisfies ValueKind[];

/** Converts the values of a file into the unit of a sensor. */
export class ValueConversion {
  /** What kind of values the file holds. */
  readonly kind: ValueKind;
  /** Whether the length of the events matters, as from kWh to kW. */
  readonly needsLength: boolean;
  private readonly from: string;
  private readonly to: string;
  private readonly capacity: string | undefined;
  private readonly signRule: SignRule | undefined;

  /**
   * @param unit of the values in the file; `datetime` and `timedelta` for values that are times
   * @throws DomainError INVALID_UNIT
   */
  constructor(sensor: Sensor, unit = sensor.unit) {
    this.kind = TIME_KINDS.includes(unit) ? (unit as ValueKind) : 'number';
    this.from = this.kind === 'number' ? unit : 's';
    this.to = sensor.unit;
    this.signRule = signRuleOf(sensor);
    // Otherwise, a time would convert into a number without unit: the share of the event that it takes.
    if (sameDimension(this.from, 's') && !sameDimension(this.to, 's'))
      throw inconvertibleError(unit, this.to);
    this.capacity = capacityBetween(sensor, this.from);
    const { from, to, capacity } = this;
    if (from !== to) assertConvertible(unit, from, to, capacity);
    this.needsLength = from !== to && !isConvertible(from, to, { capacity, eventResolutionMs: 0 });
  }

  private convert(values: Float64Array, eventLengthMs: number): Float64Array {
    const { from, to, capacity } = this;
    if (from === to) return values;
    return convertValues(values, from, to, { capacity, eventResolutionMs: eventLengthMs });
  }

  /** As `convertRows`, for rows about events of different lengths (ms, one per row). */
  convertEach(rows: BeliefFileBatch, eventLengthsMs: Float64Array, file: BeliefFile): Float64Array {
    const { from, to, capacity } = this;
    if (from === to) return this.checkSign(rows.values, rows, file);
    const values = rows.values.map((value, row) =>
      converter(from, to, { capacity, eventResolutionMs: eventLengthsMs[row] })(value),
    );
    return this.checkSign(this.checkFinite(values, rows, file), rows, file);
  }

  /**
   * The values of rows about events of one length (ms), in the sensor's unit.
   *
   * @throws BeliefFileError naming the first value that is too large for a number in the sensor's unit, or has a sign that
   *   the sensor cannot have
   */
  convertRows(rows: BeliefFileBatch, eventLengthMs: number, file: BeliefFile): Float64Array {
    return this.checkSign(this.checkFinite(this.convert(rows.values, eventLengthMs), rows, file), rows, file);
  }

  private checkSign(values: Float64Array, { lines }: BeliefFileBatch, file: BeliefFile): Float64Array {
    const { signRule } = this;
    if (!signRule) return values;
    const row = values.findIndex((value) => !signRule.isAllowed(value));
    if (row < 0) return values;
    throw new BeliefFileError(
      file.valuePlace(lines[row]!),
      `the value is ${values[row]!}. ${signRule.reason}`,
    );
  }

  private checkFinite(values: Float64Array, { lines }: BeliefFileBatch, file: BeliefFile): Float64Array {
    const row = values.findIndex((value) => Math.abs(value) === Infinity);
    if (row < 0) return values;
    throw new BeliefFileError(
      file.valuePlace(lines[row]!),
      `the value is too large for a number in ${this.to === '' ? 'the unit of the sensor' : this.to}`,
    );
  }
}

function assertConvertible(unit: string, from: string, to: string, capacity: string | undefined): void {
  try {
    converter(from, to, { capacity, eventResolutionMs: HOUR_MS });
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new DomainError('INVALID_UNIT', reasonText(error, unit, to), 'unit');
  }
}

function inconvertibleError(unit: string, to: string): DomainError {
  const target = to === '' ? 'a number without unit' : to;
  return new DomainError('INVALID_UNIT', `Unit ${quoted(unit)} does not convert into ${target}.`, 'unit');
}

function reasonText(error: UnitError, unit: string, to: string): string {
  switch (error.code) {
    case 'INCONVERTIBLE_UNITS':
      return inconvertibleError(unit, to).message;
    case 'MISSING_CAPACITY':
      return `${error.message} Set attribute capacity_in_mw (or max_soc_in_mwh for energy) on the sensor or its asset.`;
    default:
      return error.message;
  }
}

/**
 * What 100 % stands for if one unit is % and the other energy or power: an attribute of the sensor, or else of its
 * asset. For energy this is the full storage, if there is one.
 */
function capacityBetween({ unit: to, attributes, asset }: Sensor, from: string): string | undefined {
  if (sameDimension(from, '') === sameDimension(to, '')) return undefined;
  const quantity = sameDimension(from, '') ? to : from;
  const names = isEnergyUnit(quantity) ? ['max_soc_in_mwh', 'capacity_in_mw'] : ['capacity_in_mw'];
  for (const name of names) {
    const attribute = attributes[name] ?? asset.attributes[name];
    if (attribute != null) return asQuantity(attribute, name, name === 'capacity_in_mw' ? 'MW' : 'MWh');
  }
  return undefined;
}

function asQuantity(attribute: unknown, name: string, unit: string): string {
  try {
    const quantity = parseQuantity(String(attribute), unit);
    return `${quantity.value} ${quantity.unit}`;
  } catch {
    const message = `Attribute ${name} is ${quoted(String(attribute))}, which is not a quantity in ${unit}.`;
    throw new DomainError('ATTRIBUTE_INVALID', message, name);
  }
}
