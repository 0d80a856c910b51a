import type { ThemeName } from './themes';

/** A sensor as charts show it. */
export interface ShownSensor {
  id: number;
  name: string;
  unit: string;
  /** Length of the events; 0 for instantaneous sensors. */
  resolutionMs: number;
  /** Its name, with that of its asset where the chart does not tell the asset anyway. */
  label: string;
}

/** How a chart shall look. */
export interface ChartOptions {
  /** Pixels; by default that of the element which holds the chart. */
  width?: number;
  /** Pixels, of each panel. */
  height: number;
  theme: ThemeName;
  /** Where the time axis begins, epoch milliseconds; by default with the data. */
  startMs?: number;
  /** Where it ends. */
  endMs?: number;
}

/** Name of the data in the chart of a sensor. */
export const sensorDataset = (sensorId: number): string => `sensor_${sensorId}`;

/** Name of the annotations in the chart of a sensor. */
export const annotationsDataset = (sensorId: number): string => `sensor_${sensorId}_annotations`;

/** Name of the data in the chart of an asset. */
export const assetDataset = (assetId: number): string => `asset_${assetId}`;

/** A text as charts can hold it: Vega writes texts into expressions, where these two end a line. */
export const oneLine = (text: string): string => text.replace(/[\u2028\u2029]/g, ' ');

/** A sensor with names that charts can hold. */
export const plain = (sensor: ShownSensor): ShownSensor => ({
  ...sensor,
  name: oneLine(sensor.name),
  label: oneLine(sensor.label),
});
