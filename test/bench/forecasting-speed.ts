import 'reflect-metadata';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BeliefsService } from '#lib/beliefs';
import { ConfigModule, readSettings } from '#lib/config';
import { databaseUri, DatabaseModule, EmbeddedPostgres, Migrator } from '#lib/database';
import { ForecastingModule, ForecastingService } from '#lib/forecasting';
import { rollingForecasts, type ForecastData } from '#lib/forecasting/model';
import type { Sensor } from '#lib/sensors';
import { SolverThreadsModule } from '#lib/solver';
import { aSensor, aSource, beliefs, DAY_MS, QUARTER_MS, START } from './bench-app';
import { measure, type Figure } from './figures';

const HORIZON_HOURS = [1, 6, 24, 48];
const HISTORY_DAYS = 30;
const DAY = 96;
/** Events of 48 hours, for each horizon. */
const FORECAST = 2 * DAY;
/** As a worker does. */
const JOBS_AT_ONCE = availableParallelism() + 2;
/** How many sensors one worker forecasts in a row; BENCH_SHARE=0.1 does a tenth. */
const SENSORS = 1000 * Number(process.env['BENCH_SHARE'] ?? 1);

/** How long forecasts take. */
export async function benchForecastingSpeed(): Promise<Figure[]> {
  return [await oneSensor(), await manySensors()];
}

/** Fits models and makes 48 hours of forecasts by each of four horizons; without the database. */
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

/** The same through the service, from the database and into it, sensor after sensor. */
async function manySensors(): Promise<Figure> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const settings = { ...readSettings(), home };
  const uri = await databaseUri(settings);
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
    const sensors = await measuredSensors(app);
    const startedAt = performance.now();
    const memory: number[] = [];
    const jobs = sensors.flatMap((sensor) => HORIZON_HOURS.map((hours) => ({ sensor, hours })));
    let next = 0;
    const takeJobs = async (): Promise<void> => {
      while (next < jobs.length) {
        if (next > 0 && next % (jobs.length / 4) === 0) memory.push(residentMb());
        await forecast(app, jobs[next++]!);
      }
    };
    await Promise.all(Array.from({ length: JOBS_AT_ONCE }, takeJobs));
    memory.push(residentMb());
    const ms = (performance.now() - startedAt) / SENSORS;
    const note =
      `${((ms * SENSORS) / 1000).toFixed(0)} s in all; ` +
      `memory after each quarter of them: ${memory.join(', ')} MB`;
    const name = `${SENSORS} such sensors by one worker, with the database, per sensor`;
    return { name, medianMs: ms, minMs: ms, maxMs: ms, runs: 1, note };
  } finally {
    await app.close();
    if (settings.databaseUri === undefined) {
      new EmbeddedPostgres(home).stop();
      rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    }
    rmSync(home, { recursive: true });
  }
}

async function measuredSensors(app: INestApplicationContext): Promise<Sensor[]> {
  const sourceId = await aSource(app);
  const sensors: Sensor[] = [];
  for (let i = 0; i < SENSORS; i++) {
    const sensor = await aSensor(app);
    await app.get(BeliefsService).save(sensor, beliefs(HISTORY_DAYS * DAY, sourceId, START, 0, i % 7));
    sensors.push(sensor);
  }
  return sensors;
}

async function forecast(
  app: INestApplicationContext,
  { sensor: { id: sensorId }, hours }: { sensor: Sensor; hours: number },
): Promise<void> {
  const endMs = START + HISTORY_DAYS * DAY_MS;
  const horizonMs = hours * 4 * QUARTER_MS;
  const untilMs = endMs + horizonMs;
  const fromMs = untilMs - FORECAST * QUARTER_MS;
  const request = { sensorId, fromMs, untilMs, horizonMs };
  const report = await app.get(ForecastingService).createForecasts(request, endMs);
  if (report.linear !== FORECAST) throw new Error(`${report.missing} forecasts are missing.`);
}

const residentMb = (): number => Math.round(process.memoryUsage().rss / 1_000_000);
