import type { ForecastAccuracy } from '#lib/forecasting';
import type { Accuracy } from '#lib/forecasting/model';
import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant } from '#lib/time';

/** NaN is no JSON. */
const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);

const toAccuracy = ({ count, mae, rmse, wape }: Accuracy) => ({
  count,
  mae: figure(mae),
  rmse: figure(rmse),
  wape: figure(wape),
  accuracy: figure(1 - wape),
});

/** How well a sensor was forecast, as the API shows it. */
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
    coverage: figure(coverage),
    baselines: baselines.map(({ method, ...baseline }) => ({ method, ...toAccuracy(baseline) })),
  })),
});
