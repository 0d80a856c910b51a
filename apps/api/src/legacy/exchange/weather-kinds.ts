/** A quantity of weather that old messages know. */
interface WeatherKind {
  /** Names of the unit in messages; the first one is the unit. */
  units: readonly [string, ...string[]];
}

const KINDS: Readonly<Record<string, WeatherKind>> = {
  temperature: { units: ['°C', '0C'] },
  irradiance: { units: ['kW/m²', 'kW/m2'] },
  'wind speed': { units: ['m/s'] },
};

/** A name of a quantity as it is compared: case does not matter, and underscores are spaces. */
export const normalisedKind = (name: string): string => name.toLowerCase().replaceAll('_', ' ');

/** The units in which a quantity is posted, by its name; undefined for unknown quantities. */
export const unitsOfKind = (name: string): readonly [string, ...string[]] | undefined =>
  Object.hasOwn(KINDS, normalisedKind(name)) ? KINDS[normalisedKind(name)]?.units : undefined;

/** The unit for a name of it in messages. */
export function unitNamed(name: string): string {
  const kind = Object.values(KINDS).find(({ units }) => units.includes(name));
  return kind?.units[0] ?? name;
}
