import { converter, sameDimension } from '#lib/units';
import type { ShownSensor } from './chart-options';

/** Shown units by sensor: the unit of the first sensor, for all sensors whose unit can be converted to it. */
export function shownUnits(sensors: readonly Pick<ShownSensor, 'id' | 'unit'>[]): Map<number, string> {
  const first = sensors[0]?.unit ?? '';
  return new Map(sensors.map(({ id, unit }) => [id, sameDimension(unit, first) ? first : unit]));
}

/** How a sensor's values become values in its shown unit: value times factor plus offset. */
export function conversion({ id, unit }: Pick<ShownSensor, 'id' | 'unit'>, units: Map<number, string>) {
  const convert = converter(unit, units.get(id)!);
  return { factor: convert(1) - convert(0), offset: convert(0) };
}
