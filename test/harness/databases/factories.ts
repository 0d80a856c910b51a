import { AssetsService, type Asset, type DetailedAsset } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import type { TestApp } from '../servers/app';

let counter = 0;
const unique = (name: string): string => `${name} ${++counter}`;

/** Creates an asset of the given type, public unless an account is given. */
export async function anAsset(
  app: TestApp,
  {
    type = 'battery',
    attributes = {},
    accountId = null as number | null,
    parentAssetId = undefined as number | undefined,
  } = {},
): Promise<DetailedAsset> {
  const assets = app.get(AssetsService);
  const { id: assetTypeId } = await assets.ensureType(type, type);
  return assets.create({ name: unique(type), assetTypeId, accountId, attributes, parentAssetId });
}

/** Creates a sensor; by default it is quarter-hourly, in MW and on a new asset. */
export async function aSensor(
  app: TestApp,
  {
    asset = undefined as Asset | undefined,
    unit = 'MW',
    eventResolutionMs = 15 * 60_000,
    timezone = 'Europe/Amsterdam',
    attributes = {},
    ...rest
  }: {
    asset?: Asset;
    unit?: string;
    eventResolutionMs?: number;
    timezone?: string;
    attributes?: Record<string, unknown>;
    knowledgeHorizonFnc?: string;
    knowledgeHorizonPar?: Record<string, unknown>;
  } = {},
): Promise<Sensor> {
  const { id: assetId } = asset ?? (await anAsset(app));
  const name = unique('sensor');
  return app
    .get(SensorsService)
    .create({ name, unit, eventResolutionMs, timezone, attributes, assetId, ...rest });
}

/** Creates a data source. */
export const aSource = (app: TestApp): Promise<number> =>
  app.get(SourcesService).findOrCreate({ name: unique('source'), type: 'CLI script' });

/** Saves one value per event from `start` on, without NaN values. By default they are measurements (horizon 0). */
export async function saveValues(
  app: TestApp,
  sensor: Sensor,
  start: string,
  values: number[],
  options: SaveOptions = {},
): Promise<void> {
  const events = values.map((value, index) => ({
    startMs: Date.parse(start) + index * sensor.eventResolutionMs,
    value,
  }));
  await saveEvents(
    app,
    sensor,
    events.filter(({ value }) => !Number.isNaN(value)),
    options,
  );
}

interface SaveOptions {
  sourceId?: number;
  horizonMs?: number;
}

/** Saves one value per event. */
export async function saveEvents(
  app: TestApp,
  sensor: Sensor,
  events: readonly { startMs: number; value: number }[],
  { sourceId, horizonMs = 0 }: SaveOptions = {},
): Promise<void> {
  const source = sourceId ?? (await aSource(app));
  await app.get(BeliefsService).save(sensor, {
    eventStarts: Float64Array.from(events, ({ startMs }) => startMs),
    beliefHorizons: new Float64Array(events.length).fill(horizonMs),
    sourceIds: new Int32Array(events.length).fill(source),
    cumulativeProbabilities: new Float64Array(events.length).fill(0.5),
    values: Float64Array.from(events, ({ value }) => value),
  });
}
