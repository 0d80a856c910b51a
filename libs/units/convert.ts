import { shown } from '#lib/errors';
import { parseUnit } from './parse-unit';
import { divide, hasSameDimension, isDimensionless, raise } from './parsed-unit';
import { leastCommonDenominator, Rational, ZERO } from './rational';
import { UnitError } from './unit-error';
import { findUnit, isEnergyUnit, isPowerUnit } from './unit-kinds';

export interface ConversionOptions {
  /** Duration of an event in milliseconds; needed between a stock (kWh) and its flow (kW). */
  eventResolutionMs?: number;
  /** The quantity of 100 %, such as `50 kWh`; needed between % and a quantity. */
  capacity?: string;
}

/** An exact map y = x * factor + offset. */
interface AffineMap {
  readonly factor: Rational;
  readonly offset: Rational;
}

/** The same in floats: y = (x * multiplier + summand) / divisor. */
interface FloatMap {
  readonly multiplier: number;
  readonly summand: number;
  readonly divisor: number;
}

const SECOND_MS = 1_000;
const MAX_CACHED_MAPS = 1_000;
const cache = new Map<string, AffineMap & FloatMap>();

/**
 * A function that converts numbers from one unit to another.
 *
 * Units of the same dimension are converted with a factor and, for temperatures, an offset. A stock is converted to a flow by
 * dividing by the duration of the event, and a flow to a stock by multiplying. A dimensionless number (%) is converted to the
 * share of the capacity, and the other way around. NaN stays NaN, and zero has no sign.
 *
 * @throws UnitError INVALID_UNIT, INCONVERTIBLE_UNITS, MISSING_RESOLUTION, MISSING_CAPACITY, INVALID_CAPACITY
 */
export function converter(
  from: string,
  to: string,
  options: ConversionOptions = {},
): (value: number) => number {
  const { multiplier, summand, divisor } = getMap(from, to, options);
  return (value) => (value * multiplier + summand) / divisor;
}

/** Converts a column of values into a new one; see converter. */
export function convertValues(
  values: Float64Array,
  from: string,
  to: string,
  options: ConversionOptions = {},
): Float64Array {
  const { multiplier, summand, divisor } = getMap(from, to, options);
  const converted = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) converted[i] = (values[i]! * multiplier + summand) / divisor;
  return converted;
}

/**
 * The factor between two units.
 *
 * @throws UnitError as converter does, and OFFSET_UNIT for units that differ by an offset (°C and K)
 */
export function conversionFactor(from: string, to: string, options: ConversionOptions = {}): number {
  const map = getMap(from, to, options);
  if (!map.offset.equals(ZERO)) throw offsetError(from, to);
  return map.factor.toNumber();
}

/**
 * Whether values of one unit can be converted into the other, given the options. Events are taken to have a duration,
 * so that a stock and its flow (`toe` and `W`) are convertible, unless `eventResolutionMs` is 0.
 */
export function isConvertible(from: string, to: string, options: ConversionOptions = {}): boolean {
  try {
    findMap(from, to, { ...options, eventResolutionMs: options.eventResolutionMs ?? SECOND_MS });
    return true;
  } catch (error) {
    if (error instanceof UnitError) return false;
    throw error;
  }
}

function getMap(from: string, to: string, options: ConversionOptions): AffineMap & FloatMap {
  const key = `${from}\0${to}\0${options.eventResolutionMs ?? ''}\0${options.capacity ?? ''}`;
  let map = cache.get(key);
  if (map === undefined) {
    const exact = findMap(from, to, options);
    map = { ...exact, ...toFloats(exact) };
    if (cache.size >= MAX_CACHED_MAPS) cache.clear();
    cache.set(key, map);
  }
  return map;
}

function findMap(from: string, to: string, options: ConversionOptions): AffineMap {
  const source = parseUnit(from);
  const target = parseUnit(to);
  if (hasSameDimension(source, target)) {
    const offset = source.offset.minus(target.offset).over(target.factor);
    return { factor: source.factor.over(target.factor), offset };
  }
  if (options.capacity !== undefined && isDimensionless(source) !== isDimensionless(target)) {
    return throughCapacity(from, to, options.capacity, options);
  }
  const second = parseUnit('s');
  const ratio = divide(source, target);
  const isStockToFlow = hasSameDimension(ratio, second);
  if (!isStockToFlow && !hasSameDimension(ratio, raise(second, -1))) throw inconvertibleError(from, to);
  if (!source.offset.equals(target.offset)) throw offsetError(from, to);
  const seconds = getSeconds(from, to, options.eventResolutionMs);
  return { factor: isStockToFlow ? ratio.factor.over(seconds) : ratio.factor.times(seconds), offset: ZERO };
}

/** Converts between a share (%) and a quantity. The capacity (`50 kWh`) is used as a unit. */
function throughCapacity(from: string, to: string, capacity: string, options: ConversionOptions): AffineMap {
  const whole = findUnit(capacity);
  if (whole === undefined || whole.factor.numerator <= 0n || isDimensionless(whole)) {
    throw new UnitError(
      'INVALID_CAPACITY',
      `"${shown(capacity)}" is not a capacity. Give a positive one, such as "50 kWh".`,
    );
  }
  const withoutCapacity = { ...options, capacity: undefined };
  const source = parseUnit(from);
  const isShare = isDimensionless(source);
  const map = isShare ? findMap(capacity, to, withoutCapacity) : findMap(from, capacity, withoutCapacity);
  if (!map.offset.equals(ZERO)) throw offsetError(from, to);
  return {
    factor: isShare ? map.factor.times(source.factor) : map.factor.over(parseUnit(to).factor),
    offset: ZERO,
  };
}

function getSeconds(from: string, to: string, resolutionMs: number | undefined): Rational {
  const milliseconds = Rational.parse(String(resolutionMs));
  if (milliseconds === undefined || milliseconds.numerator <= 0n) {
    const reason = `Converting ${quote(from)} to ${quote(to)} needs the duration of the events.`;
    throw new UnitError('MISSING_RESOLUTION', reason);
  }
  return milliseconds.over(Rational.of(BigInt(SECOND_MS)));
}

/**
 * The numbers are integers if they fit into doubles, to avoid rounding errors: 35 % is 35 / 100 = 0.35, but 35 * 0.01 is not.
 */
function toFloats({ factor, offset }: AffineMap): FloatMap {
  const divisor = leastCommonDenominator(factor, offset);
  const [multiplier, summand] = [factor.times(divisor).toNumber(), offset.times(divisor).toNumber()];
  const integers = { multiplier, summand, divisor: divisor.toNumber() };
  if (Object.values(integers).every(Number.isSafeInteger)) return integers;
  return { multiplier: factor.toNumber(), summand: offset.toNumber(), divisor: 1 };
}

function inconvertibleError(from: string, to: string): UnitError {
  const [source, target] = [parseUnit(from), parseUnit(to)];
  const isQuantity = (unit: string): boolean => isEnergyUnit(unit) || isPowerUnit(unit);
  const reason = `${quote(from)} cannot be converted to ${quote(to)}`;
  if ((isDimensionless(source) && isQuantity(to)) || (isDimensionless(target) && isQuantity(from))) {
    return new UnitError('MISSING_CAPACITY', `${reason} without a capacity.`);
  }
  return new UnitError('INCONVERTIBLE_UNITS', `${reason}.`);
}

function offsetError(from: string, to: string): UnitError {
  const reason = `${quote(from)} to ${quote(to)}: offset units cannot be converted by a multiplier.`;
  return new UnitError('OFFSET_UNIT', reason);
}

function quote(unit: string): string {
  return `"${shown(unit)}"`;
}
