import type { ThemeName } from './themes';

/** A sensor in a chart. */
export interface ShownSensor {
  id: number;
  name: string;
  unit: string;
  /** Duration of an event; 0 for instantaneous sensors. */
  resolutionMs: number;
  /** Its name, with the name of its asset unless the chart is about this asset. */
  label: string;
}

/** Layout of a chart. */
export interface ChartOptions {
  /** Pixels; by default the width of the HTML element. */
  width?: number;
  /** Height of each panel in pixels. */
  height: number;
  theme: ThemeName;
  /** Start of the time axis, epoch milliseconds; by default the start of the data. */
  startMs?: number;
  /** End of the time axis. */
  endMs?: number;
}

/** Name of the data in the chart of a sensor. */
export const sensorDataset = (sensorId: number): string => `sensor_${sensorId}`;

/** Name of the annotations in the chart of a sensor. */
export const annotationsDataset = (sensorId: number): string => `sensor_${sensorId}_annotations`;

/** Name of the data in the chart of an asset. */
export const assetDataset = (assetId: number): string => `asset_${assetId}`;

/** Replaces line and paragraph separators, which would break the expressions of Vega. */
export const oneLine = (text: string): string => text.replace(/[\u2028\u2029]/g, ' ');

/** A sensor with names for use in Vega expressions. */
export const sanitiseNames = (sensor: ShownSensor): ShownSensor => ({
  ...sensor,
  name: oneLine(sensor.name),
  label: oneLine(sensor.label),
});
