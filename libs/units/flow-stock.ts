import { parseUnit } from './parse-unit';
import { divide, hasSameDimension, isSameUnit, multiply, ParsedUnit } from './parsed-unit';
import { UnitError } from './unit-error';
import { findUnit, sameDimension } from './unit-kinds';

const prefixes = ['', 'k', 'M', 'G', 'T', 'm'];

/**
 * The unit of the flow that adds up to one unit of the stock in one time unit: `kW` for `kWh`, `m³/h` for `m³`, and `m/s`
 * for `m` with the time unit `s`.
 *
 * @throws UnitError INVALID_UNIT, also when the time unit is not one of time
 */
export function flowUnitOf(stockUnit: string, timeUnit = 'h'): string {
  const flow = divide(parseUnit(stockUnit), getTimeUnit(timeUnit));
  if (stockUnit.endsWith(timeUnit)) {
    // Remove the time unit from the name: kWh gives kW, Ah gives A.
    const shortened = stockUnit.slice(0, -timeUnit.length).replace(/(?<![\s*·⋅])[\s*·⋅]+$/, '');
    if (isNamed(shortened, flow)) return shortened;
  }
  const watts = prefixes.map((prefix) => `${prefix}W`).find((name) => isNamed(name, flow));
  return watts ?? `${stockUnit.trim() === '' ? '1' : stockUnit}/${timeUnit}`;
}

/**
 * The unit of the stock of a flow: `kWh` for `kW` and `m³` for `m³/h`. For a flow per another time unit (`m³/s`) it is also
 * `m³`, so values must be converted with `converter`, not only multiplied by hours.
 *
 * @throws UnitError INVALID_UNIT, also when the time unit is not one of time
 */
export function stockUnitOf(flowUnit: string, timeUnit = 'h'): string {
  const stock = multiply(parseUnit(flowUnit), getTimeUnit(timeUnit));
  const [, flowing, divisor] = /^(.*)\/\s*([A-Za-z]+)\s*$/.exec(flowUnit) ?? [];
  if (flowing !== undefined && divisor !== undefined && sameDimension(divisor, timeUnit)) {
    const parsed = findUnit(flowing);
    if (parsed !== undefined && hasSameDimension(parsed, stock))
      return flowing.trim() === '1' ? '' : flowing.trim();
  }
  const energies = ['Wh', 'J'].flatMap((unit) => prefixes.map((prefix) => prefix + unit));
  const names = /^[A-Za-z]*$/.test(flowUnit) ? [flowUnit + timeUnit, ...energies] : energies;
  return names.find((name) => isNamed(name, stock)) ?? `${flowUnit}*${timeUnit}`;
}

function isNamed(name: string, unit: ParsedUnit): boolean {
  const parsed = findUnit(name);
  return parsed !== undefined && isSameUnit(parsed, unit);
}

function getTimeUnit(timeUnit: string): ParsedUnit {
  if (!sameDimension(timeUnit, 's'))
    throw new UnitError('INVALID_UNIT', `"${timeUnit}" is not a unit of time.`);
  return parseUnit(timeUnit);
}
