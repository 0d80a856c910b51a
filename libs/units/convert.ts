import { LRUCache } from 'lru-cache';
import { shown } from '#lib/errors';
import { Fraction, parseFraction, ZERO } from './fraction';
import { parseUnit } from './parse-unit';
import { divide, hasSameDimension, isDimensionless, raise } from './parsed-unit';
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
  readonly factor: Fraction;
  readonly offset: Fraction;
}

/** The same in floats: y = (x * multiplier + summand) / divisor. */
interface FloatMap {
  readonly multiplier: number;
  readonly summand: number;
  readonly divisor: number;
}

const SECOND_MS = 1_000;
const MAX_CACHED_MAPS = 1_000;
const cache = new LRUCache<string, AffineMap & FloatMap>({ max: MAX_CACHED_MAPS });

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
  return map.factor.valueOf();
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
    cache.set(key, map);
  }
  return map;
}

function findMap(from: string, to: string, options: ConversionOptions): AffineMap {
  const source = parseUnit(from);
  const target = parseUnit(to);
  if (hasSameDimension(source, target)) {
    const offset = source.offset.sub(target.offset).div(target.factor);
    return { factor: source.factor.div(target.factor), offset };
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
  return { factor: isStockToFlow ? ratio.factor.div(seconds) : ratio.factor.mul(seconds), offset: ZERO };
}

/** Converts between a share (%) and a quantity. The capacity (`50 kWh`) is used as a unit. */
function throughCapacity(from: string, to: string, capacity: string, options: ConversionOptions): AffineMap {
  const whole = findUnit(capacity);
  if (whole === undefined || whole.factor.lte(0) || isDimensionless(whole)) {
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
    factor: isShare ? map.factor.mul(source.factor) : map.factor.div(parseUnit(to).factor),
    offset: ZERO,
  };
}

function getSeconds(from: string, to: string, resolutionMs: number | undefined): Fraction {
  const milliseconds = parseFraction(String(resolutionMs));
  if (milliseconds === undefined || milliseconds.lte(0)) {
    const reason = `Converting ${quote(from)} to ${quote(to)} needs the duration of the events.`;
    throw new UnitError('MISSING_RESOLUTION', reason);
  }
  return milliseconds.div(SECOND_MS);
}

/**
 * The numbers are integers if they fit into doubles, to avoid rounding errors: 35 % is 35 / 100 = 0.35, but 35 * 0.01 is not.
 */
function toFloats({ factor, offset }: AffineMap): FloatMap {
  const divisor = new Fraction(factor.d).lcm(offset.d);
  const [multiplier, summand] = [factor.mul(divisor).valueOf(), offset.mul(divisor).valueOf()];
  const integers = { multiplier, summand, divisor: divisor.valueOf() };
  if (Object.values(integers).every(Number.isSafeInteger)) return integers;
  return { multiplier: factor.valueOf(), summand: offset.valueOf(), divisor: 1 };
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
