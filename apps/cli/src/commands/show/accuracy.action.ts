import { AccuracyService, type ForecastAccuracy } from '#lib/forecasting';
import { openHost } from '#lib/plugins';
import { SensorsService } from '#lib/sensors';
import { addDuration, formatDuration, formatInstant, HOUR_MS, parseDuration } from '#lib/time';
import { withServices } from '../../app/services';
import { endOption, dateOrInstantOption } from '../../options/parse-times';
import { formatTable, formatTitle } from '../../terminal/table';

export interface ShowAccuracyOptions {
  sensorId: number;
  start?: string;
  duration: string;
  horizon?: number[];
  source?: number;
}

/** Shows the accuracy of the forecasts of a sensor. */
export function showAccuracy(options: ShowAccuracyOptions): Promise<void> {
  return withServices(async (services) => {
    const sensor = await services(SensorsService).get(options.sensorId, '--sensor-id');
    const window = windowOf(options, sensor.timezone);
    const horizonsMs = options.horizon?.map((hours) => hours * HOUR_MS);
    const request = { ...window, sourceId: options.source, horizonsMs };
    const found = await services(AccuracyService).compute(sensor, request);
    const [start, end] = [window.startMs, window.endMs].map((ms) => formatInstant(ms, sensor.timezone));
    console.log(formatTitle(`Forecasts of ${sensor.name} (sensor ${sensor.id})`));
    console.log(`\nFrom ${start} to ${end}; absolute errors in ${sensor.unit}.\n`);
    if (found.length === 0) {
      console.log('No forecasts with measurements to compare.');
      return;
    }
    const { hidesNan } = openHost().settings;
    console.log(
      formatTable(
        HEADERS,
        found.flatMap((one) => rowsOf(one, hidesNan ? '' : 'nan')),
      ),
    );
  });
}

function windowOf({ start, duration }: ShowAccuracyOptions, timezone: string) {
  if (start === undefined) {
    const endMs = Date.now();
    const lengthMs = endOption('--duration', duration, endMs, timezone) - endMs;
    return {
      startMs: addDuration(endMs, parseDuration(`-PT${Math.round(lengthMs / 1000)}S`), timezone),
      endMs,
    };
  }
  const startMs = dateOrInstantOption('--start', start, timezone);
  return { startMs, endMs: endOption('--duration', duration, startMs, timezone) };
}

const HEADERS = ['Horizon', 'Source', 'Events', 'MAE', 'RMSE', 'WAPE', '1 - WAPE', 'In interval'];

function rowsOf({ source, horizonMs, coverage, baselines, ...accuracy }: ForecastAccuracy, nan: string) {
  const percent = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : nan);
  const figure = (value: number): string =>
    Number.isFinite(value) ? String(Number(value.toPrecision(4))) : nan;
  const cells = ({ count, mae, rmse, wape }: Pick<ForecastAccuracy, 'count' | 'mae' | 'rmse' | 'wape'>) => [
    String(count),
    figure(mae),
    figure(rmse),
    percent(wape),
    percent(1 - wape),
  ];
  const model = source.model === null ? '' : ` (${source.model} v${source.version ?? '?'})`;
  return [
    [formatDuration(horizonMs), `${source.name}${model}`, ...cells(accuracy), percent(coverage)],
    ...baselines.map(({ method, ...baseline }) => [
      '',
      `- ${method.replaceAll('-', ' ')}`,
      ...cells(baseline),
      '',
    ]),
  ];
}
