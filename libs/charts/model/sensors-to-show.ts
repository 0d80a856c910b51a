/** Ids of the sensors of one panel. */
export type PanelOfIds = number[];

/** Whether a value can be the id of a sensor or an asset. */
export const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of the attribute; the second stands in the documentation of FlexMeasures. */
export const SENSORS_TO_SHOW = ['sensors_to_show', 'sensor_to_show'] as const;

/** The attribute with the sensors to show, and its name. */
export function findSensorsToShow(attributes: Record<string, unknown>): { field: string; value: unknown } {
  const field = SENSORS_TO_SHOW.find((name) => attributes[name] !== undefined) ?? SENSORS_TO_SHOW[0];
  return { field, value: attributes[field] };
}

/** Sensors of one panel, with a title if it has one. */
export interface TitledPanel {
  title?: string;
  ids: PanelOfIds;
}

/**
 * Reads the panels of an asset chart: a list of sensor ids. A nested list of ids is a shared panel, and so is an object with
 * `sensor`, `sensors` or `plots`, whose entries have `sensor` or `sensors`, and perhaps `title`. Anything else is ignored.
 *
 * @returns undefined if there is no sensor id
 */
export function readPanels(shown: unknown): TitledPanel[] | undefined {
  if (!Array.isArray(shown)) return undefined;
  const panels = shown
    .map((entry: unknown) => ({ title: titleOf(entry), ids: [...new Set(idsIn(entry))] }))
    .filter(({ ids }) => ids.length > 0);
  return panels.length > 0 ? panels : undefined;
}

/** As `readPanels`, without titles. */
export const readSensorsToShow = (shown: unknown): PanelOfIds[] | undefined =>
  readPanels(shown)?.map(({ ids }) => ids);

const titleOf = (entry: unknown): string | undefined =>
  isRecord(entry) && typeof entry['title'] === 'string' ? entry['title'] : undefined;

function idsIn(entry: unknown): number[] {
  if (Array.isArray(entry)) return entry.filter(isId);
  if (!isRecord(entry)) return isId(entry) ? [entry] : [];
  const { sensor, sensors, plots } = entry;
  return [
    ...(isId(sensor) ? [sensor] : []),
    ...(Array.isArray(sensors) ? sensors.filter(isId) : []),
    ...(Array.isArray(plots)
      ? plots.filter(isRecord).flatMap((plot) => idsIn({ ...plot, plots: undefined }))
      : []),
  ];
}

/** Ids of the assets whose flexibility is shown, and the positions of the entries. */
export function readShownAssets(shown: unknown): { id: number; position: string }[] {
  if (!Array.isArray(shown)) return [];
  return shown.flatMap((entry: unknown, i) => {
    const plots = isRecord(entry) && Array.isArray(entry['plots']) ? (entry['plots'] as unknown[]) : [];
    return plots.flatMap((plot, j) =>
      isRecord(plot) && isId(plot['asset']) ? [{ id: plot['asset'], position: `${i}.plots.${j}.asset` }] : [],
    );
  });
}

/** Why an entry of `sensors_to_show` is invalid; undefined for a valid one. */
export function explainShown(entry: unknown): string | undefined {
  if (isId(entry)) return undefined;
  if (Array.isArray(entry))
    return entry.every(isId) ? undefined : 'All items of a list must be ids of sensors.';
  if (!isRecord(entry))
    return 'Must be the id of a sensor, a list of ids, or an object with title and sensors.';
  const { title, sensor, sensors, plots } = entry;
  const unknown = Object.keys(entry).find((name) => !SHOWN_FIELDS.includes(name));
  if (unknown !== undefined) return `Unknown field: ${unknown}.`;
  if (title != null && typeof title !== 'string') return "'title' must be a text.";
  if (sensor === undefined && sensors === undefined && plots === undefined)
    return "Must have one of 'sensor', 'sensors' and 'plots'.";
  if (plots === undefined) return explainSensors(entry);
  if (!Array.isArray(plots)) return "'plots' must be a list.";
  return plots.map(explainPlot).find((reason) => reason !== undefined) ?? explainSensors(entry);
}

const SHOWN_FIELDS = ['title', 'y-axis', 'sensor', 'sensors', 'plots'];
const PLOT_FIELDS = ['sensor', 'sensors', 'asset', 'flex-model', 'flex-context'];

function explainPlot(plot: unknown): string | undefined {
  if (!isRecord(plot)) return "Each of 'plots' must be an object.";
  const unknown = Object.keys(plot).find((name) => !PLOT_FIELDS.includes(name));
  if (unknown !== undefined) return `Unknown field: ${unknown}.`;
  if (plot['sensor'] === undefined && plot['sensors'] === undefined && plot['asset'] === undefined)
    return "Each of 'plots' must have one of 'sensor', 'sensors' and 'asset'.";
  if (plot['asset'] !== undefined) {
    if (!isId(plot['asset'])) return "'asset' must be the id of an asset.";
    if (typeof plot['flex-model'] !== 'string' && typeof plot['flex-context'] !== 'string')
      return "With 'asset', 'flex-model' or 'flex-context' must be the name of a field.";
  }
  return explainSensors(plot);
}

function explainSensors({ sensor, sensors }: Record<string, unknown>): string | undefined {
  if (sensor !== undefined && !isId(sensor)) return "'sensor' must be the id of a sensor.";
  if (sensors !== undefined && !(Array.isArray(sensors) && sensors.every(isId)))
    return "'sensors' must be a list of ids of sensors.";
  return undefined;
}
