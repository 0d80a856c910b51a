/** One or more sensors that share a panel, by id. */
export type PanelOfIds = number[];

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0;

/**
 * The panels of an asset's chart, as its attribute `sensors_to_show` has them: a list of sensor ids, in which a list of
 * ids stands for sensors that share a panel. Whatever is no id is left out.
 *
 * @returns undefined when the attribute names no sensor
 */
export function readSensorsToShow(attribute: unknown): PanelOfIds[] | undefined {
  if (!Array.isArray(attribute)) return undefined;
  const panels = attribute
    .map((entry: unknown) => [...new Set((Array.isArray(entry) ? entry : [entry]).filter(isId))])
    .filter((ids) => ids.length > 0);
  return panels.length > 0 ? panels : undefined;
}
