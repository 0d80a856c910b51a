import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AssetsModule, AssetsService } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import type { BeliefColumns } from '#lib/beliefs/model';
import { ConfigModule, readSettings, type Settings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { SensorsModule, SensorsService, SourcesService, type Sensor } from '#lib/sensors';

export const QUARTER_MS = 900_000;
export const DAY_MS = 86_400_000;
/** Quarter-hours of a year. */
export const YEAR = 35_040;
export const START = Date.parse('2020-01-01T00:00Z');

@Module({})
class BenchModule {}

/** The belief services with a migrated database. */
export function startBenchApp(
  databaseUri: string,
  settings: Partial<Settings> = {},
): Promise<INestApplicationContext> {
  const module: DynamicModule = {
    module: BenchModule,
    imports: [
      ConfigModule.forRoot({ ...readSettings(), ...settings, databaseUri }),
      DatabaseModule.forRoot(),
      AssetsModule,
      SensorsModule,
      BeliefsModule,
    ],
  };
  return NestFactory.createApplicationContext(module, { logger: ['error'] });
}

export async function aSensor(app: INestApplicationContext): Promise<Sensor> {
  const assets = app.get(AssetsService);
  const { id: assetTypeId } = await assets.ensureType('battery', 'stationary battery');
  const name = `bench ${process.pid} ${Math.random()}`;
  const { id: assetId } = await assets.create({ name, assetTypeId, accountId: null });
  const sensor = {
    name: 'power',
    unit: 'MW',
    eventResolutionMs: QUARTER_MS,
    timezone: 'Europe/Amsterdam',
    assetId,
  };
  return app.get(SensorsService).create(sensor);
}

export const aSource = (app: INestApplicationContext, name = 'bench'): Promise<number> =>
  app.get(SourcesService).findOrCreate({ name, type: 'CLI script' });

/** Beliefs about consecutive quarter-hours. */
export function beliefs(
  count: number,
  sourceId: number,
  startMs: number,
  horizonMs = 0,
  shift = 0,
): BeliefColumns {
  return {
    eventStarts: Float64Array.from({ length: count }, (_, i) => startMs + i * QUARTER_MS),
    beliefHorizons: new Float64Array(count).fill(horizonMs),
    sourceIds: new Int32Array(count).fill(sourceId),
    cumulativeProbabilities: new Float64Array(count).fill(0.5),
    values: Float64Array.from(
      { length: count },
      (_, i) => Math.round(1000 * Math.sin(i / 10)) / 1000 + shift,
    ),
  };
}
