import { AssetsService } from '#lib/assets';
import { DomainError } from '#lib/errors';
import {
  ForecastingService,
  ForecastJobsService,
  type FixedForecastRequest,
  type ForecastReport,
  type ForecastRequest,
} from '#lib/forecasting';
import { SensorsService, type Sensor } from '#lib/sensors';
import { formatDuration, formatInstant, HOUR_MS, MINUTE_MS } from '#lib/time';
import { type Services, withJobs, withServices } from '../../app/services';
import { dateOrInstantOption } from '../../options/parse-times';
import { invalidOption, type OptionName } from '../../options/option-error';

export interface ForecastsOptions {
  sensorId?: number[];
  assetId?: number[];
  /** Name of the asset whose sensors are forecast. */
  asset?: string;
  assetType?: string;
  fromDate?: string;
  toDate?: string;
  horizon?: number[];
  viewpoint?: string;
  regressor?: number[];
  resolution?: number;
  asJob?: boolean;
}

type Request = ForecastRequest | FixedForecastRequest;

/** Default period; the same as in the Python version. */
const FROM_DATE = '2015-02-08';
const TO_DATE = '2015-12-31';
/** Default length of the forecast period with --viewpoint. */
const DEFAULT_VIEWPOINT_RANGE_MS = 48 * HOUR_MS;

/** Creates forecasts for each sensor and horizon. */
export function addForecasts(options: ForecastsOptions): Promise<void> {
  if (options.assetId) console.error('Warning: --asset-id is deprecated: use --sensor-id instead.');
  if (options.assetType) console.error('Warning: --asset-type is deprecated: it has no effect.');
  const ids = [...new Set([...(options.sensorId ?? []), ...(options.assetId ?? [])])];
  if (ids.length === 0 && options.asset === undefined) {
    throw invalidOption('--sensor-id', 'at least one sensor is required.');
  }
  if (options.viewpoint !== undefined && options.horizon) {
    const message = 'cannot be combined with --viewpoint, from which each event has its own horizon.';
    throw invalidOption('--horizon', message);
  }
  const open = options.asJob ? withJobs : withServices;
  return open(async (services) => {
    const forecasting = services(ForecastingService);
    const named = options.asset === undefined ? [] : await sensorsOf(options.asset, services);
    const sensors = named.filter((sensor) => isForecastable(sensor, options, forecasting));
    for (const { id, name } of named.filter((sensor) => !sensors.includes(sensor)))
      console.error(
        `Warning: sensor ${id} (${name}) is skipped: no horizon is a multiple of its event resolution.`,
      );
    const others = ids.filter((id) => !sensors.some((sensor) => sensor.id === id));
    for (const sensorId of others) sensors.push(await services(SensorsService).get(sensorId, '--sensor-id'));
    for (const sensor of sensors) checkResolution(sensor, options.resolution);
    const requests = sensors.flatMap((sensor) =>
      requestsOf(sensor, options, forecasting).map((request) => ({ request, sensor })),
    );
    const beliefTimeMs = Date.now();
    for (const { request } of requests) await forecasting.validate(request, beliefTimeMs);
    const bar = await startProgressBar(requests.length);
    let hasNoForecasts = !options.asJob && requests.length > 0;
    for (const { request, sensor } of requests) {
      if (options.asJob) {
        const job = await services(ForecastJobsService).enqueue(
          { ...request, refit: true },
          { sensor, beliefTimeMs },
        );
        console.log(`New forecasting job ${job} has been added to the queue.`);
      } else {
        const made = await forecasting.createForecasts(request, Date.now());
        report(made);
        hasNoForecasts &&= countStored(made) === 0 && made.missing > 0;
      }
      bar?.increment();
    }
    bar?.stop();
    if (hasNoForecasts || requests.length === 0)
      throw new DomainError('NO_FORECASTS', 'No event could be forecast.');
  });
}

/** Whether the sensor is not instantaneous and all horizons are multiples of its event resolution. */
function isForecastable(sensor: Sensor, options: ForecastsOptions, forecasting: ForecastingService): boolean {
  const lengthMs = sensor.eventResolutionMs;
  if (options.viewpoint !== undefined) return lengthMs > 0;
  const horizons = horizonsOf(sensor, options, forecasting);
  return lengthMs > 0 && horizons.length > 0 && horizons.every((horizonMs) => horizonMs % lengthMs === 0);
}

const horizonsOf = (
  sensor: Sensor,
  { horizon }: ForecastsOptions,
  forecasting: ForecastingService,
): number[] => horizon?.map((hours) => hours * HOUR_MS) ?? forecasting.defaultHorizons(sensor);

async function sensorsOf(assetName: string, services: Services): Promise<Sensor[]> {
  const [asset, other] = await services(AssetsService).listByName(assetName);
  if (!asset || other) {
    const reason = asset
      ? `several assets are named '${assetName}'. Give their sensors with --sensor-id.`
      : `there is no asset named '${assetName}'.`;
    throw invalidOption('--asset', reason);
  }
  const sensors = await services(SensorsService).listByAsset(asset.id);
  if (sensors.length > 0) return sensors;
  throw invalidOption('--asset', `'${assetName}' has no sensors.`);
}

function requestsOf(sensor: Sensor, options: ForecastsOptions, forecasting: ForecastingService): Request[] {
  const { viewpoint, fromDate, toDate, regressor: regressorIds } = options;
  const date = (option: OptionName, text: string) => dateOrInstantOption(option, text, sensor.timezone);
  const viewpointMs = viewpoint === undefined ? undefined : date('--viewpoint', viewpoint);
  const fromMs =
    viewpointMs !== undefined && fromDate === undefined
      ? viewpointMs
      : date('--from-date', fromDate ?? FROM_DATE);
  const untilMs =
    viewpointMs !== undefined && toDate === undefined
      ? viewpointMs + DEFAULT_VIEWPOINT_RANGE_MS
      : date('--to-date', toDate ?? TO_DATE);
  if (untilMs <= fromMs) {
    throw invalidOption('--to-date', 'must be later than --from-date.');
  }
  const events = { sensorId: sensor.id, fromMs, untilMs, regressorIds };
  if (viewpointMs !== undefined) return [{ ...events, viewpointMs }];
  const horizons = horizonsOf(sensor, options, forecasting);
  if (horizons.length === 0) {
    const length = formatDuration(sensor.eventResolutionMs);
    const message = `required for sensor ${sensor.id}: give multiples of its event resolution ${length}.`;
    throw invalidOption('--horizon', message);
  }
  return horizons.map((horizonMs) => ({ ...events, horizonMs }));
}

function checkResolution(sensor: Sensor, minutes: number | undefined): void {
  if (minutes === undefined || minutes * MINUTE_MS === sensor.eventResolutionMs) return;
  const resolution = formatDuration(sensor.eventResolutionMs);
  const message = `must be the event resolution of sensor ${sensor.id}, ${resolution}.`;
  throw invalidOption('--resolution', message);
}

const countStored = ({ linear, naive, custom }: ForecastReport): number => linear + naive + custom;

function report(forecasts: ForecastReport): void {
  const { sensor, made, naive, missing, known, failures } = forecasts;
  const when =
    'horizonMs' in made
      ? `${formatDuration(made.horizonMs)} ahead`
      : `from ${formatInstant(made.viewpointMs, sensor.timezone)}`;
  const what = `${sensor.name} (sensor ${sensor.id}), ${when}`;
  for (const failure of failures) console.error(`Warning: ${what}: no model. ${failure}`);
  if (missing > 0) console.error(`Warning: ${what}: ${missing} event(s) could not be forecast.`);
  if (known > 0) console.log(`${what}: ${known} event(s) were known at that time and need no forecast.`);
  const stored = countStored(forecasts);
  if (stored === 0) return;
  console.log(`${what}: ${stored} forecast(s) stored${naive > 0 ? `, ${naive} of them naive` : ''}.`);
}

/** Shows a progress bar on a terminal. */
async function startProgressBar(total: number) {
  if (!process.stderr.isTTY || total < 2) return undefined;
  const { Presets, SingleBar } = await import('cli-progress');
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {value}/{total} horizons of sensors, {eta_formatted} left',
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}
