import type { Sensor } from '#lib/sensors';
import { ValueConversion } from './value-conversion';

function conversion(unit: string, to: string): ValueConversion {
  const attributes = { capacity_in_mw: 2 };
  return new ValueConversion({ unit: to, attributes, asset: { attributes } } as unknown as Sensor, unit);
}

describe('ValueConversion', () => {
  it.each(['datetime', 'timedelta', 'h', 'min'])(
    'accepts %s for sensors of times, and rejects it for others',
    (unit) => {
      expect(conversion(unit, 'h').needsLength).toBe(false);
      expect(conversion(unit, 's').needsLength).toBe(false);
      for (const to of ['', '%', 'MW', 'EUR']) {
        const target = to === '' ? 'a number without unit' : to;
        expect(() => conversion(unit, to)).toThrow(`Unit '${unit}' does not convert into ${target}.`);
      }
    },
  );
});
