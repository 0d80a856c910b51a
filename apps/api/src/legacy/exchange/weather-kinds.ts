/** Names of a unit in messages; the first one is the unit. */
type UnitNames = readonly [string, ...string[]];

/** The quantities of weather that old messages know, with the units in which they are posted. */
const UNITS: ReadonlyMap<string, UnitNames> = new Map<string, UnitNames>([
  ['temperature', ['°C', '0C']],
  ['irradiance', ['kW/m²', 'kW/m2']],
  ['wind speed', ['m/s']],
]);

/** A name of a quantity as it is compared: case does not matter, and underscores are spaces. */
export const normalisedKind = (name: string): string => name.toLowerCase().replaceAll('_', ' ');

/** The unit in which a quantity is posted, by the name of the quantity; undefined for unknown quantities. */
export const unitsOfKind = (name: string): UnitNames | undefined => UNITS.get(normalisedKind(name));

/** The unit for a name of it in messages. */
export const unitNamed = (name: string): string =>
  [...UNITS.values()].find((names) => names.includes(name))?.[0] ?? name;
