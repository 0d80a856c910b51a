import type { components } from '../../../../../openapi/generated/schema';

type Schemas = components['schemas'];

/** Chart data as columns, as the API answers it. */
export type ChartColumns = Pick<Schemas['ChartColumns'], 'sources' | 'series'>;
export type ChartSource = Schemas['ChartSource'];
/** Values of one source about one sensor. */
export type ColumnSeries = Schemas['ChartColumnsSeries'];
/** An annotation of a period, as the API answers it. */
export type ChartAnnotation = Schemas['ChartAnnotation'];

/** A sensor of a panel, as the page describes it: `PagePanelSensor` of libs/charts. */
export interface PanelSensor {
  id: number;
  label: string;
  /** Unit in which the panel shows the values: value times factor plus offset. */
  unit: string;
  factor: number;
  offset: number;
  resolutionMs: number;
}

/** One chart of several with a common time axis: `PagePanel` of libs/charts. */
export interface Panel {
  title: string;
  /** The unit of its axis. */
  unit: string;
  /** Whether the axis includes zero. */
  hasZero: boolean;
  sensors: PanelSensor[];
}
