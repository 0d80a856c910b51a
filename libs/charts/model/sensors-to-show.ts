/** Ids of the sensors of one panel. */
export type PanelOfIds = number[];

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of the attribute; the second stands in the documentation of FlexMeasures. */
export const SENSORS_TO_SHOW = ['sensors_to_show', 'sensor_to_show'] as const;

/** The attribute with the sensors to show, and its name. */
export function findSensorsToShow(attributes: Record<string, unknown>): { field: string; value: unknown } {
  const field = SENSORS_TO_SHOW.find((name) => attributes[name] !== undefined) ?? SENSORS_TO_SHOW[0];
  return { field, value: attributes[field] };
}

/**
 * Reads the panels of an asset chart: a list of sensor ids. A nested list of ids is a shared panel, and so is an object with
 * `sensor`, `sensors` or `plots`, whose entries have `sensor` or `sensors`. Anything else is ignored.
 *
 * @returns undefined if there is no sensor id
 */
export function readSensorsToShow(shown: unknown): PanelOfIds[] | undefined {
  if (!Array.isArray(shown)) return undefined;
  const panels = shown.map((entry: unknown) => [...new Set(idsIn(entry))]).filter((ids) => ids.length > 0);
  return panels.length > 0 ? panels : undefined;
}

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

/** Functions that make one key figure of daily values. */
export const KPI_FUNCTIONS = ['sum', 'min', 'max', 'mean'] as const;

/** A daily sensor whose key figure is shown. */
export interface ShownKpi {
  title: string;
  sensor: number;
  /** Default: sum. */
  function?: (typeof KPI_FUNCTIONS)[number];
}

/** Why an entry of `sensors_to_show_as_kpis` is invalid; undefined for a valid one. */
export function explainKpi(entry: unknown): string | undefined {
  if (!isRecord(entry)) return 'Must be an object with title, sensor and function.';
  const { title, sensor, function: name } = entry;
  const unknown = Object.keys(entry).find((key) => !['title', 'sensor', 'function'].includes(key));
  if (unknown !== undefined) return `Unknown field: ${unknown}.`;
  if (typeof title !== 'string') return "'title' must be a text.";
  if (!isId(sensor)) return "'sensor' must be the id of a sensor.";
  return name === undefined || KPI_FUNCTIONS.some((one) => one === name)
    ? undefined
    : `'function' must be one of: ${KPI_FUNCTIONS.join(', ')}.`;
}

/** The valid entries of `sensors_to_show_as_kpis`. */
export const readKpis = (shown: readonly unknown[]): ShownKpi[] =>
  shown.filter((entry): entry is ShownKpi => explainKpi(entry) === undefined);

/** Removes deleted sensors and assets from what is shown. @returns the same list if nothing refers to them */
export function pruneShown(
  shown: readonly unknown[],
  deleted: { sensors: ReadonlySet<number>; assets: ReadonlySet<number> },
): readonly unknown[] {
  const kept = shown.map((entry) => pruneEntry(entry, deleted)).filter((entry) => entry !== undefined);
  return kept.length === shown.length && kept.every((entry, i) => entry === shown[i]) ? shown : kept;
}

type Deleted = Parameters<typeof pruneShown>[1];

/** The entry without what was deleted; undefined if nothing is left to show. */
function pruneEntry(entry: unknown, deleted: Deleted): unknown {
  if (isId(entry)) return deleted.sensors.has(entry) ? undefined : entry;
  if (Array.isArray(entry)) {
    const ids = entry.filter((id: unknown) => !(isId(id) && deleted.sensors.has(id)));
    return ids.length === entry.length ? entry : ids.length === 0 ? undefined : ids;
  }
  if (!isRecord(entry)) return entry;
  const { sensor, sensors, plots, asset } = entry;
  if ((isId(sensor) && deleted.sensors.has(sensor)) || (isId(asset) && deleted.assets.has(asset)))
    return undefined;
  const before = (Array.isArray(sensors) ? sensors : plots) as unknown[] | undefined;
  if (!Array.isArray(before)) return entry;
  const after = pruneShown(before, deleted);
  if (after === before) return entry;
  return after.length === 0 ? undefined : { ...entry, [Array.isArray(sensors) ? 'sensors' : 'plots']: after };
}
