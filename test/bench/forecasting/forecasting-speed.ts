import 'reflect-metadata';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BeliefsService } from '#lib/beliefs';
import { SolverThreadsModule } from '#lib/compute';
import { ConfigModule, readSettings } from '#lib/config';
import { getDatabaseUri, DatabaseModule, EmbeddedPostgres, Migrator } from '#lib/database';
import { ForecastingModule, ForecastingService } from '#lib/forecasting';
import { rollingForecasts, type ForecastData } from '#lib/forecasting/model';
import type { Sensor } from '#lib/sensors';
import { aSensor, aSource, beliefs, DAY_MS, QUARTER_MS, START } from '../bench-app';
import { measure, type Figure } from '../figures';
import { residentMb } from '../resident-memory';

const HORIZON_HOURS = [1, 6, 24, 48];
const HISTORY_DAYS = 30;
const DAY = 96;
/** Events of 48 hours, for each horizon. */
const FORECAST = 2 * DAY;
/** The same as in a worker. */
const JOBS_AT_ONCE = availableParallelism() + 2;
/** Number of days. On the second day, the worker has a model of each sensor, so that memory growth would be a leak. */
const DAYS = 2;
/** How many sensors one worker forecasts in a row; BENCH_SHARE=0.1 does a tenth. */
const SENSORS = 1000 * Number(process.env['BENCH_SHARE'] ?? 1);

/** Measures the time of forecasts. */
export async function benchForecastingSpeed(): Promise<Figure[]> {
  return [await oneSensor(), ...(await manySensors())];
}

/** Fits models and makes 48 hours of forecasts for each of four horizons, without the database. */
async function oneSensor(): Promise<Figure> {
  const values = Float64Array.from({ length: HISTORY_DAYS * DAY }, (_, i) =>
    Math.max(0, 3 + 2 * Math.sin((2 * Math.PI * i) / DAY) + Math.sin(i * i)),
  );
  const data: ForecastData = { series: { startMs: START, stepMs: QUARTER_MS, values }, zone: 'UTC' };
  return measure('1 sensor at 15 min, 30 days of history, 48 h of forecasts by 4 horizons', () => {
    for (const hours of HORIZON_HOURS) {
      const horizonSteps = 4 * hours;
      const until = values.length + horizonSteps;
      rollingForecasts(data, {
        ...{ horizonSteps, from: until - FORECAST, until, historySteps: 90 * DAY },
        quantiles: [0.1, 0.5, 0.9],
      });
    }
    return Promise.resolve();
  });
}

@Module({})
class ForecastingBenchModule {}

/** Makes forecasts of many sensors through the service and the database, for one day and for the next. */
async function manySensors(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const settings = { ...readSettings(), home };
  const uri = await getDatabaseUri(settings);
  await new Migrator(uri).upgrade();
  const module: DynamicModule = {
    module: ForecastingBenchModule,
    imports: [
      ConfigModule.forRoot({ ...settings, databaseUri: uri }),
      DatabaseModule.forRoot(),
      SolverThreadsModule,
      ForecastingModule,
    ],
  };
  const app = await NestFactory.createApplicationContext(module, { logger: ['error'] });
  try {
    const sourceId = await aSource(app);
    const sensors: Sensor[] = [];
    for (let i = 0; i < SENSORS; i++) sensors.push(await aSensor(app));
    const figures: Figure[] = [];
    for (let day = 0; day < DAYS; day++) {
      await measureSensors(app, sensors, sourceId, day);
      figures.push(await forecastSensors(app, sensors, day));
    }
    return figures;
  } finally {
    await app.close();
    if (settings.databaseUri === undefined) {
      new EmbeddedPostgres(home).stop();
      rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    }
    rmSync(home, { recursive: true });
  }
}

/** Saves the measurements until the end of a day: the whole history on the first day, then one more day each time. */
async function measureSensors(
  app: INestApplicationContext,
  sensors: Sensor[],
  sourceId: number,
  day: number,
): Promise<void> {
  const fromDay = day === 0 ? 0 : HISTORY_DAYS + day - 1;
  const count = (HISTORY_DAYS + day - fromDay) * DAY;
  for (const [i, sensor] of sensors.entries())
    await app.get(BeliefsService).save(sensor, beliefs(count, sourceId, START + fromDay * DAY_MS, 0, i % 7));
}

/** Makes forecasts of all sensors after a day, for which their models are fitted again. */
async function forecastSensors(
  app: INestApplicationContext,
  sensors: Sensor[],
  day: number,
): Promise<Figure> {
  const nowMs = START + (HISTORY_DAYS + day) * DAY_MS;
  const jobs = sensors.flatMap((sensor) => HORIZON_HOURS.map((hours) => ({ sensor, hours, nowMs })));
  const memory: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  const takeJobs = async (): Promise<void> => {
    while (next < jobs.length) {
      if (next > 0 && next % (jobs.length / 4) === 0) memory.push(residentMb(process.pid));
      await forecast(app, jobs[next++]!);
    }
  };
  await Promise.all(Array.from({ length: JOBS_AT_ONCE }, takeJobs));
  memory.push(residentMb(process.pid));
  const ms = (performance.now() - startedAt) / SENSORS;
  const note =
    `${((ms * SENSORS) / 1000).toFixed(0)} s in all; ` +
    `memory after each quarter of them: ${memory.join(', ')} MB`;
  const name = `${SENSORS} such sensors by one worker, with the database, per sensor, day ${day + 1}`;
  return { name, medianMs: ms, minMs: ms, maxMs: ms, runs: 1, note };
}

async function forecast(
  app: INestApplicationContext,
  { sensor: { id: sensorId }, hours, nowMs }: { sensor: Sensor; hours: number; nowMs: number },
): Promise<void> {
  const horizonMs = hours * 4 * QUARTER_MS;
  const untilMs = nowMs + horizonMs;
  const fromMs = untilMs - FORECAST * QUARTER_MS;
  const request = { sensorId, fromMs, untilMs, horizonMs };
  const report = await app.get(ForecastingService).createForecasts(request, nowMs);
  if (report.linear !== FORECAST) throw new Error(`${report.missing} forecasts are missing.`);
}
