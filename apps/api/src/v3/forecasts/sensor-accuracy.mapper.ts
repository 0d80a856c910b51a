import type { ForecastAccuracy } from '#lib/forecasting';
import type { Accuracy } from '#lib/forecasting/model';
import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant } from '#lib/time';

/** NaN is not valid JSON: undefined metrics become null. */
const toJsonNumber = (value: number): number | null => (Number.isFinite(value) ? value : null);

const toAccuracy = ({ count, mae, rmse, wape }: Accuracy) => ({
  count,
  mae: toJsonNumber(mae),
  rmse: toJsonNumber(rmse),
  wape: toJsonNumber(wape),
  accuracy: toJsonNumber(1 - wape),
});

/** Forecast accuracy as a response of the API. */
export const toSensorAccuracy = (
  sensor: Sensor,
  { startMs, endMs }: { startMs: number; endMs: number },
  found: ForecastAccuracy[],
) => ({
  sensor: sensor.id,
  unit: sensor.unit,
  event_starts_after: formatInstant(startMs, sensor.timezone),
  event_ends_before: formatInstant(endMs, sensor.timezone),
  forecasts: found.map(({ source, horizonMs, coverage, baselines, ...accuracy }) => ({
    source,
    horizon: formatDuration(horizonMs),
    ...toAccuracy(accuracy),
    coverage: toJsonNumber(coverage),
    baselines: baselines.map(({ method, ...baseline }) => ({ method, ...toAccuracy(baseline) })),
  })),
});
