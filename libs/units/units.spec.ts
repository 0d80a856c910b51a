import { parseDurationMs } from '#lib/time';
import golden from '../../test/golden/unit-cases.json';
import {
  conversionFactor,
  converter,
  convertValues,
  flowUnitOf,
  isConvertible,
  isEnergyUnit,
  isPowerUnit,
  sameDimension,
  stockUnitOf,
} from './index';

/** The fields of all kinds of cases; missing fields are undefined. */
interface UnitCase {
  id: string;
  kind: string;
  unit: string;
  time_unit: string | null;
  from_unit: string;
  to_unit: string;
  event_resolution: string | null;
  capacity: string;
  values: number[];
  multiplier: number;
  a: string;
  b: string;
  expected: unknown;
  expected_error?: string;
}

const resolutionOf = (unitCase: UnitCase): number | undefined =>
  unitCase.event_resolution ? parseDurationMs(unitCase.event_resolution) : undefined;

const checks: Record<string, (unitCase: UnitCase) => void> = {
  convert: (unitCase) => {
    const { from_unit: from, to_unit: to, values, capacity } = unitCase;
    const options = { eventResolutionMs: resolutionOf(unitCase), capacity };
    expect(Array.from(convertValues(Float64Array.from(values), from, to, options))).toEqual(
      unitCase.expected,
    );
    expect(values.map(converter(from, to, options))).toEqual(unitCase.expected);
    expect(conversionFactor(from, to, options)).toBe(unitCase.multiplier);
  },
  multiplier: (unitCase) => {
    const { from_unit: from, to_unit: to, expected, expected_error: error } = unitCase;
    const factor = (): number => conversionFactor(from, to, { eventResolutionMs: resolutionOf(unitCase) });
    if (error === undefined) expect(factor()).toBe(expected);
    else expect(factor).toThrow(error);
  },
  flow_unit_of_stock: ({ unit, time_unit: time, expected }) => {
    expect(flowUnitOf(unit, time ?? undefined)).toBe(expected);
  },
  stock_unit_of_flow: ({ unit, time_unit: time, expected }) => {
    expect(stockUnitOf(unit, time ?? undefined)).toBe(expected);
  },
  is_convertible: ({ from_unit: from, to_unit: to, expected }) => {
    expect(isConvertible(from, to)).toBe(expected);
  },
  is_power_unit: ({ unit, expected }) => {
    expect(isPowerUnit(unit)).toBe(expected);
  },
  is_energy_unit: ({ unit, expected }) => {
    expect(isEnergyUnit(unit)).toBe(expected);
  },
  dimension_equal: ({ a, b, expected }) => {
    expect(sameDimension(a, b)).toBe(expected);
  },
};

describe('the recorded unit cases', () => {
  it.each(
    (golden.cases as unknown as UnitCase[]).map(
      (unitCase) => [unitCase.id, unitCase.kind, unitCase] as const,
    ),
  )('%s: %s', (_, kind, unitCase) => {
    const check = checks[kind];
    if (check === undefined) throw new Error(`No check for cases of kind ${kind}`);
    check(unitCase);
  });
});
