import { convertValues } from '#lib/units';
import type { KnownSensors } from '../check-stored-field';
import { flexError } from '../flex-error';

/** Checks units of sensors. @param units of the sensors, by id */
export const knownSensors = (units: ReadonlyMap<number, string>): KnownSensors => ({
  unitOf: (id, field) => unitIn(units, id, field),
  checkUnit: (id, unit, field) => {
    const given = unitIn(units, id, field);
    try {
      convertValues(Float64Array.of(NaN), given, unit);
    } catch {
      const name = given || 'no unit';
      throw flexError(
        field,
        `sensor ${id} is in ${name}, which cannot be converted to ${unit || 'a share'}.`,
      );
    }
  },
});

function unitIn(units: ReadonlyMap<number, string>, id: number, field: string): string {
  const unit = units.get(id);
  if (unit === undefined) throw flexError(field, `No sensor found with id ${id}.`);
  return unit;
}
