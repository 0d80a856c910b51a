import type { SourceFilter } from '../values/source-filter';
import type { ValueInterval } from '../values/intervals';

/** Window of a schedule, and the time zone in which days are counted. */
export interface FlexWindow {
  startMs: number;
  /** The start that was asked for, if it is within the first step. */
  askedStartMs?: number;
  stepMs: number;
  steps: number;
  timezone: string;
}

/**
 * Reads the known values of a sensor that touch the window, its end included, in the unit that is asked for: ascending,
 * with the intervals of their events. If none holds at the start, the last one before the window is the first. Nothing is known while a request is only checked.
 * @param field that refers to the sensor, for errors
 * @param filter which sources count; all if undefined
 */
export type ReadSensor = (
  sensorId: number,
  unit: string,
  field: string,
  filter?: SourceFilter,
) => Promise<ValueInterval[]>;

/** A state of charge that a sensor recorded, in the unit of the sensor. */
export interface RecordedState {
  value: number;
  unit: string;
  timeMs: number;
}

/**
 * Reads the latest state of charge at or before the start of the window; undefined if none is known. While a request is only
 * checked, its value is NaN.
 * @param field that refers to the sensor, for errors
 */
export type ReadState = (
  sensorId: number,
  field: string,
  filter?: SourceFilter,
) => Promise<RecordedState | undefined>;

/** What is needed to read fields. */
export interface FlexSources {
  window: FlexWindow;
  readSensor: ReadSensor;
  /** Needed for states of charge that sensors record. */
  readState?: ReadState;
  /** Whether limits of the site and of states of charge are soft if the flex-context does not say so. */
  relaxConstraints?: boolean;
  /** Collects sentences on what was assumed. */
  warn: (message: string) => void;
  /** Collects sentences on what was used, about which nothing is wrong. By default, `warn`. */
  remark?: (message: string) => void;
  /** Whether a request is only checked: no data is read, and all values of sensors are unknown. */
  isCheck?: boolean;
}
