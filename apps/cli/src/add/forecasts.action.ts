import { DomainError } from '#lib/errors';
import { ForecastingService, ForecastJobsService, type ForecastReport } from '#lib/forecasting';
import { SensorsService, type Sensor } from '#lib/sensors';
import { formatDuration, HOUR_MS, MINUTE_MS } from '#lib/time';
import { momentOption } from '../parse-times';
import { withJobs, withServices } from '../services';

export interface ForecastsOptions {
  sensorId?: number[];
  assetId?: number[];
  fromDate: string;
  toDate: string;
  horizon?: number[];
  resolution?: number;
  asJob?: boolean;
}

/** Creates forecasts, sensor by sensor and horizon by horizon. */
export function addForecasts(options: ForecastsOptions): Promise<void> {
  if (options.assetId) console.error('Warning: --asset-id is deprecated: use --sensor-id instead.');
  const ids = [...new Set([...(options.sensorId ?? []), ...(options.assetId ?? [])])];
  if (ids.length === 0) {
    throw new DomainError('INVALID_OPTION', '--sensor-id: at least one sensor is needed.', 'sensor-id');
  }
  const open = options.asJob ? withJobs : withServices;
  return open(async (services) => {
    const forecasting = services(ForecastingService);
    const sensors = [];
    for (const sensorId of ids) sensors.push(await services(SensorsService).get(sensorId));
    for (const sensor of sensors) checkResolution(sensor, options.resolution);
    const bar = await countingBar(sensors.length);
    for (const sensor of sensors) {
      const fromMs = momentOption('--from-date', options.fromDate, sensor.timezone);
      const untilMs = momentOption('--to-date', options.toDate, sensor.timezone);
      if (untilMs <= fromMs) {
        throw new DomainError('INVALID_OPTION', '--to-date: a day after --from-date is needed.', 'to-date');
      }
      const horizons =
        options.horizon?.map((hours) => hours * HOUR_MS) ?? forecasting.defaultHorizons(sensor);
      for (const horizonMs of horizons) {
        const request = { sensorId: sensor.id, fromMs, untilMs, horizonMs };
        if (options.asJob) {
          const job = await services(ForecastJobsService).queue(request);
          console.log(`New forecasting job ${job} has been added to the queue.`);
        } else report(await forecasting.createForecasts(request, Date.now()));
      }
      bar?.increment();
    }
    bar?.stop();
  });
}

function checkResolution(sensor: Sensor, minutes: number | undefined): void {
  if (minutes === undefined || minutes * MINUTE_MS === sensor.eventResolutionMs) return;
  const resolution = formatDuration(sensor.eventResolutionMs);
  const message = `--resolution: sensor ${sensor.id} has events of ${resolution}; its forecasts have, too.`;
  throw new DomainError('INVALID_OPTION', message, 'resolution');
}

function report({ sensor, horizonMs, linear, naive, missing, failures }: ForecastReport): void {
  const what = `${sensor.name} (sensor ${sensor.id}), ${formatDuration(horizonMs)} ahead`;
  for (const failure of failures) console.error(`Warning: ${what}: no model. ${failure}`);
  if (missing > 0) console.error(`Warning: ${what}: ${missing} event(s) could not be forecast.`);
  if (linear + naive === 0) return;
  console.log(`${what}: ${linear + naive} forecast(s) stored${naive > 0 ? `, ${naive} of them naive` : ''}.`);
}

/** A bar of sensors done, on a terminal. */
async function countingBar(total: number) {
  if (!process.stderr.isTTY || total < 2) return undefined;
  const { Presets, SingleBar } = await import('cli-progress');
  const bar = new SingleBar(
    { stream: process.stderr, format: '{bar} {value}/{total} sensors', clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}
