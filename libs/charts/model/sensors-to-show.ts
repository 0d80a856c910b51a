/** Ids of the sensors of one panel. */
export type PanelOfIds = number[];

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0;

/** Names of the attribute; the second stands in the documentation of FlexMeasures. */
export const SENSORS_TO_SHOW = ['sensors_to_show', 'sensor_to_show'] as const;

/** The attribute with the sensors to show, and its name. */
export function findSensorsToShow(attributes: Record<string, unknown>): { field: string; value: unknown } {
  const field = SENSORS_TO_SHOW.find((name) => attributes[name] !== undefined) ?? SENSORS_TO_SHOW[0];
  return { field, value: attributes[field] };
}

/**
 * Reads the panels of an asset chart from the attribute `sensors_to_show`: a list of sensor ids. A nested list of ids is a
 * shared panel. Invalid ids are ignored.
 *
 * @returns undefined if the attribute contains no sensor id
 */
export function readSensorsToShow(attribute: unknown): PanelOfIds[] | undefined {
  if (!Array.isArray(attribute)) return undefined;
  const panels = attribute
    .map((entry: unknown) => [...new Set((Array.isArray(entry) ? entry : [entry]).filter(isId))])
    .filter((ids) => ids.length > 0);
  return panels.length > 0 ? panels : undefined;
}
