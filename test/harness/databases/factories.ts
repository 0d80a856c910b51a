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
  { sourceId = undefined as number | undefined, horizonMs = 0 } = {},
): Promise<void> {
  const known = values.map((value, index) => ({ value, index })).filter(({ value }) => !Number.isNaN(value));
  const source = sourceId ?? (await aSource(app));
  await app.get(BeliefsService).save(sensor, {
    eventStarts: Float64Array.from(
      known,
      ({ index }) => Date.parse(start) + index * sensor.eventResolutionMs,
    ),
    beliefHorizons: new Float64Array(known.length).fill(horizonMs),
    sourceIds: new Int32Array(known.length).fill(source),
    cumulativeProbabilities: new Float64Array(known.length).fill(0.5),
    values: Float64Array.from(known, ({ value }) => value),
  });
}
