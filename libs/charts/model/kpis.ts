import { isId, isRecord } from './sensors-to-show';

/** Functions that make one key figure of daily values. */
export const KPI_FUNCTIONS = ['sum', 'min', 'max', 'mean'] as const;

/** Name of a function that makes one key figure of several values. */
export type KpiFunction = (typeof KPI_FUNCTIONS)[number];

/** A daily sensor whose key figure is shown. */
export interface ShownKpi {
  title: string;
  sensor: number;
  /** Default: mean of shares (%), sum of anything else. */
  function?: KpiFunction;
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

/** One number from several values, without unknown ones (NaN); null without any value. */
export function summarise(values: Float64Array, name: KpiFunction): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  const sum = known.reduce((total, value) => total + value, 0);
  switch (name) {
    case 'sum':
      return sum;
    case 'mean':
      return sum / known.length;
    case 'min':
      return known.reduce((lowest, value) => Math.min(lowest, value));
    case 'max':
      return known.reduce((highest, value) => Math.max(highest, value));
  }
}
