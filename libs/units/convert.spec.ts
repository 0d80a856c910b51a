import * as fc from 'fast-check';
import { conversionFactor, converter, convertValues, flowUnitOf, isConvertible, stockUnitOf } from './index';
import { seedOrDefault } from '../../test/harness/effort';

const QUARTER_MS = 900_000;
const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('converter', () => {
  it.each([
    ['°C', 'K', 20.5, 293.65],
    ['°C', '°F', 100, 212],
    ['°F', '°C', 32, 0],
    ['K', '°F', 0, -459.67],
    ['kWh/°C', 'Wh/K', 2, 2000],
    ['W/°F', 'W/K', 1, 1.8],
    ['EUR/kWh', 'EUR/MWh', 0.123, 123],
    ['kEUR', 'EUR', 1.5, 1500],
    ['cEUR/kWh', 'EUR/MWh', 12.5, 125],
    ['mEUR/kWh', 'EUR/kWh', 125, 0.125],
    ['cGBP/kWh', 'GBP/kWh', 12.5, 0.125],
    ['ct/kWh', 'EUR/kWh', 12.5, 0.125],
    ['p/kWh', 'GBP/MWh', 12.5, 125],
    ['€/MWh', 'EUR/kWh', 125, 0.125],
    ['£/kWh', 'p/kWh', 0.125, 12.5],
    ['kgCO2', 'tCO2', 500, 0.5],
    ['cent/kWh', 'EUR/MWh', 12.5, 125],
    ['counts/h', 'count/h', 3, 3],
    ['kWp', 'MW', 5, 0.005],
    ['kgCO2/MWh', 'gCO2/kWh', 350, 350],
    ['gCO2eq/kWh', 'kg/MWh', 350, 350],
    ['m/s', 'km/h', 10, 36],
    ['knot', 'km/h', 1, 1.852],
    ['toe', 'MWh', 1, 11.63],
    ['t', 'kg', 0.3, 300],
    ['kW/m²', 'W/cm²', 1, 0.1],
    ['-W', 'kW', 500, -0.5],
    ['d', 'h', 1, 24],
    ['', '%', 0.5, 50],
    ['%', '', 7, 0.07],
    ['watthour', 'J', 1, 3600],
  ])('converts %s to %s', (from, to, value, expected) => {
    expect(converter(from, to)(value)).toBe(expected);
  });

  it.each([
    ['kWh', 'kW', 1, 4],
    ['MW', 'kWh', 2, 500],
    ['m³', 'l/s', 0.9, 1],
    ['J', 'W', 900, 1],
    ['%', 'kWh', 10, 5],
    ['kWh', '%', 10, 20],
    ['%', 'kW', 10, 20],
    ['MW', '‰', 0.1, 500],
    ['', 'kWh', 0.5, 25],
  ])('converts %s to %s with events of 15 minutes and a capacity of 50 kWh', (from, to, value, expected) => {
    expect(converter(from, to, { eventResolutionMs: QUARTER_MS, capacity: '50 kWh' })(value)).toBe(expected);
  });

  it('keeps NaN and returns zero without a sign', () => {
    const [zero, none] = convertValues(Float64Array.of(0, NaN), '-MW', 'kW');
    expect(zero).toBe(0);
    expect(none).toBeNaN();
    expect(converter('W', 'W')(-0)).toBe(0);
  });

  it('does not change the given column', () => {
    const values = Float64Array.of(1, 2);
    expect(convertValues(values, 'MW', 'MW')).not.toBe(values);
    expect(values).toEqual(Float64Array.of(1, 2));
  });

  it.each([
    ['kWh', 'kW', {}, 'MISSING_RESOLUTION'],
    ['kWh', 'kW', { eventResolutionMs: 0 }, 'MISSING_RESOLUTION'],
    ['%', 'kW', {}, 'MISSING_CAPACITY'],
    ['kWh', '%', {}, 'MISSING_CAPACITY'],
    ['%', 'kW', { capacity: '0 kW' }, 'INVALID_CAPACITY'],
    ['%', 'kW', { capacity: '-1 kW' }, 'INVALID_CAPACITY'],
    ['%', 'kW', { capacity: '80 %' }, 'INVALID_CAPACITY'],
    ['%', 'kW', { capacity: '5 m' }, 'INCONVERTIBLE_UNITS'],
    ['EUR', 'USD', {}, 'INCONVERTIBLE_UNITS'],
    ['p/kWh', 'ct/kWh', {}, 'INCONVERTIBLE_UNITS'],
    ['£/kWh', '€/kWh', {}, 'INCONVERTIBLE_UNITS'],
    ['°C', 'W', { eventResolutionMs: QUARTER_MS }, 'INCONVERTIBLE_UNITS'],
    ['°C', 'K/h', { eventResolutionMs: QUARTER_MS }, 'OFFSET_UNIT'],
    ['nonsense', 'nonsense', {}, 'INVALID_UNIT'],
  ])('rejects %s to %s with %j', (from, to, options, code) => {
    expect(() => converter(from, to, options)).toThrow(withCode(code));
  });

  it('conversionFactor rejects units with an offset', () => {
    expect(conversionFactor('°C', '°C')).toBe(1);
    expect(conversionFactor('kWh', 'MW', { eventResolutionMs: QUARTER_MS })).toBe(0.004);
    expect(() => conversionFactor('°F', 'K')).toThrow(withCode('OFFSET_UNIT'));
  });
});

describe('isConvertible', () => {
  it.each([
    ['kWh', 'kW', {}, true],
    ['toe', 'W', {}, true],
    ['kWh', 'kW', { eventResolutionMs: 0 }, false],
    ['kWh', 'MJ', { eventResolutionMs: 0 }, true],
    ['°C', '°F', {}, true],
    ['%', 'kW', {}, false],
    ['%', 'kW', { capacity: '1 MW' }, true],
    ['EUR/MWh', 'KRW/kWh', {}, false],
    ['kW', 'm', {}, false],
  ])('from %s to %s with %j is %s', (from, to, options, expected) => {
    expect(isConvertible(from, to, options)).toBe(expected);
  });
});

describe('flowUnitOf and stockUnitOf', () => {
  it.each([
    ['MWh', undefined, 'MW'],
    ['kW*h', undefined, 'kW'],
    ['watthour', undefined, 'W'],
    ['Ah', undefined, 'A'],
    ['J', 's', 'W'],
    ['toe', undefined, 'toe/h'],
    ['m³', undefined, 'm³/h'],
    ['', undefined, '1/h'],
    ['EUR', 'd', 'EUR/d'],
  ])('return for the stock %j per %s the flow %s', (stock, time, flow) => {
    expect(flowUnitOf(stock, time)).toBe(flow);
    expect(
      converter(stock, flow, {
        eventResolutionMs: time === 's' ? 1000 : time === 'd' ? 86_400_000 : 3_600_000,
      })(1),
    ).toBe(1);
  });

  it.each([
    ['MW', 'MWh'],
    ['A', 'Ah'],
    ['J/s', 'J'],
    ['m³/s', 'm³'],
    ['kWh/h', 'kWh'],
    ['1/h', ''],
    ['kW/m²', 'kW/m²*h'],
    ['l/(100km)', 'l/(100km)*h'],
  ])('return for the flow %s the stock %j', (flow, stock) => {
    expect(stockUnitOf(flow)).toBe(stock);
    expect(isConvertible(flow, stock)).toBe(true);
  });

  it('reject units that are not units of time', () => {
    expect(() => flowUnitOf('kWh', 'm')).toThrow(withCode('INVALID_UNIT'));
    expect(() => stockUnitOf('kW', 'nonsense')).toThrow(withCode('INVALID_UNIT'));
  });
});

describe('round trips', () => {
  const families = [
    ['W', 'kW', 'MW', 'GW', 'J/s', 'hp', 'VA', 'toe/h', '-W'],
    ['kWh', 'MWh', 'J', 'GJ', 'toe', 'BTU', 'therm', 'watthour', 'eV'],
    ['°C', 'K', '°F', 'degR'],
    ['EUR/kWh', 'EUR/MWh', 'kEUR/GJ'],
    ['%', '‰', '', 'ppm'],
    ['m/s', 'km/h', 'knot', 'mile/h'],
    ['m³', 'l', 'km³', 'gal'],
    ['l/(100km)', 'l/km', 'm²'],
  ];
  const pairs = families.flatMap((family) => family.flatMap((a) => family.map((b) => [a, b] as const)));
  // Floats very close to zero are excluded: they have no significant digits to compare.
  const values = fc
    .double({ min: -1e9, max: 1e9, noNaN: true })
    .map((value) => (Math.abs(value) < 1e-9 ? 0 : value));

  it.each(pairs)('from %s to %s and back keep the value', (a, b) => {
    const there = converter(a, b);
    const back = converter(b, a);
    fc.assert(
      fc.property(values, (value) => {
        // With the offset of a temperature, a small value has only the precision of the offset.
        const tolerance = 1e-12 * Math.max(Math.abs(value), Math.abs(back(0)), Math.abs(there(0)));
        expect(Math.abs(back(there(value)) - value)).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 30, seed: seedOrDefault(20_260_101) },
    );
  });

  it('between stock and flow, and with a capacity, keep the value', () => {
    const resolutions = fc.constantFrom(60_000, QUARTER_MS, 3_600_000, 86_400_000);
    fc.assert(
      fc.property(
        values,
        resolutions,
        fc.constantFrom('kWh', '%', 'toe'),
        (value, eventResolutionMs, unit) => {
          const options = { eventResolutionMs, capacity: '37 kWh' };
          const result = converter('MW', unit, options)(converter(unit, 'MW', options)(value));
          expect(Math.abs(result - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
        },
      ),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it('are exact for integers with integer factors', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (value) => {
        expect(converter('MW', 'kW')(value)).toBe(value * 1000 + 0);
        expect(converter('kW', 'MW')(value)).toBe(value / 1000 + 0);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });
});
