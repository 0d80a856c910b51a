/** Chart data as columns, as the API answers it. */
export interface ChartColumns {
  sources: ChartSource[];
  series: ColumnSeries[];
}

export interface ChartSource {
  id: number;
  name: string;
  model: string;
  type: string;
  description: string;
}

/** Values of one source about one sensor. */
export interface ColumnSeries {
  sensor: number;
  source: number;
  cumulative_probability: number;
  /** Length of the buckets in milliseconds; null for single events. */
  bucket: number | null;
  /** Epoch milliseconds, ascending. */
  event_starts: number[];
  /** Milliseconds; only for single events. */
  belief_horizons?: number[];
  /** Values, or means of buckets. */
  event_values: (number | null)[];
  minima?: number[];
  maxima?: number[];
}

/** A sensor of a panel, as the page describes it. */
export interface PanelSensor {
  id: number;
  label: string;
  /** Unit in which the panel shows the values: value times factor plus offset. */
  unit: string;
  factor: number;
  offset: number;
  resolutionMs: number;
}

/** One chart of several with a common time axis. */
export interface Panel {
  title: string;
  /** The unit of its axis. */
  unit: string;
  /** Whether the axis includes zero. */
  hasZero: boolean;
  sensors: PanelSensor[];
}

/** An annotation of a period, as the API answers it. */
export interface ChartAnnotation {
  start: number;
  end: number;
  content: string[];
  type: string;
}
