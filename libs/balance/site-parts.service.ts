import { Injectable } from '@nestjs/common';
import { AssetsService, AssetTree, type DetailedAsset } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { findPowerSensor, findSensorReferences, sensorIdOf, signOfSensor } from '#lib/scheduling';
import { SensorsService, type Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';
import type { PartKind } from './model';

/** A part of a site, whose power one sensor records. */
export interface SitePart {
  sensor: Sensor;
  kind: PartKind;
  /** Factor from stored power to power with consumption positive. */
  sign: 1 | -1;
  /** Whether schedules decide its power. */
  isScheduled: boolean;
}

/** What a site consists of. */
export interface SiteParts {
  parts: SitePart[];
  /** Power sensors that are in no description of flexibility, so that they count for nothing. */
  unusedSensors: Sensor[];
}

/** A larger site is refused. */
const MAX_ASSETS = 500;

const KIND_OF_TYPE: Record<string, PartKind> = {
  solar: 'production',
  wind: 'production',
  battery: 'storage',
  'two-way_evse': 'storage',
  'one-way_evse': 'flexible',
  process: 'flexible',
  'heat-pump': 'flexible',
};

/** Finds the parts of sites. */
@Injectable()
export class SitePartsService {
  constructor(
    private readonly assets: AssetsService,
    private readonly tree: AssetTree,
    private readonly sensors: SensorsService,
  ) {}

  /**
   * The parts of an asset and everything below it: the devices and the measured sensors that flex-models and flex-contexts
   * name. If these name none, each asset with exactly one power sensor is a part, by its type.
   * @throws DomainError TOO_MUCH_DATA for a site with very many assets
   */
  async find(site: Pick<DetailedAsset, 'id'>): Promise<SiteParts> {
    const ids = await this.tree.findTree([site.id]);
    checkSize(ids.length);
    const [parts] = await this.findIn([await this.assets.listByIds(ids)]);
    return parts!;
  }

  /**
   * As `find`, for several sites at once.
   * @param sites the assets of each
   */
  async findIn(sites: readonly (readonly DetailedAsset[])[]): Promise<SiteParts[]> {
    for (const assets of sites) checkSize(assets.length);
    const powers = await this.listPowerSensors(sites.flat());
    const named = sites.map((assets) => namedParts(assets, powers));
    const sensors = await this.listById(named.flatMap((parts) => [...parts.keys()]));
    return sites.map((assets, site) => toSiteParts(assets, powers, describedParts(named[site]!, sensors)));
  }

  /** The part that an asset is by itself: its device, or else its only power sensor. Undefined if it is not clear. */
  async findOwn(asset: DetailedAsset): Promise<SitePart | undefined> {
    return (await this.findOwnOf([asset])).get(asset.id);
  }

  /** As `findOwn`, for several assets at once: by the id of the asset. */
  async findOwnOf(assets: readonly DetailedAsset[]): Promise<Map<number, SitePart>> {
    const powers = await this.listPowerSensors(assets);
    const recorded = new Map(
      assets.flatMap((asset) => {
        const [device] = devicesOf(asset, powers.get(asset.id) ?? []);
        const own = device ?? sitePowerOf(asset.flexContext);
        return own ? [[asset.id, own] as const] : [];
      }),
    );
    const sensors = await this.listById([...recorded.values()].map(({ id }) => id));
    return new Map(
      assets.flatMap((asset) => {
        const own = recorded.get(asset.id);
        const sensor = own && sensors.get(own.id);
        const part = own ? sensor && toPart(own, sensor) : undescribedParts([asset], powers)[0];
        return part ? [[asset.id, part] as const] : [];
      }),
    );
  }

  /** Power sensors by the id of their asset. */
  private async listPowerSensors(assets: readonly DetailedAsset[]): Promise<Map<number, Sensor[]>> {
    const all = await this.sensors.listByAssets(assets.map(({ id }) => id));
    const powers = all.filter(({ unit, eventResolutionMs }) => isPowerUnit(unit) && eventResolutionMs > 0);
    // With their assets, which the list does not have.
    const sensors = await this.listById(powers.map(({ id }) => id));
    const byAsset = new Map<number, Sensor[]>(assets.map(({ id }) => [id, []]));
    for (const sensor of sensors.values()) byAsset.get(sensor.assetId)?.push(sensor);
    return byAsset;
  }

  private async listById(ids: readonly number[]): Promise<Map<number, Sensor>> {
    if (ids.length === 0) return new Map();
    return new Map((await this.sensors.listByIds(ids)).map((sensor) => [sensor.id, sensor]));
  }
}

/** @throws DomainError TOO_MUCH_DATA */
function checkSize(assets: number): void {
  if (assets <= MAX_ASSETS) return;
  throw new DomainError(
    'TOO_MUCH_DATA',
    `The site has ${assets} assets, more than ${MAX_ASSETS}: ask for one of the assets below it.`,
  );
}

function toSiteParts(
  assets: readonly DetailedAsset[],
  powers: ReadonlyMap<number, Sensor[]>,
  described: readonly SitePart[],
): SiteParts {
  const parts = described.length > 0 ? [...described] : undescribedParts(assets, powers);
  const named = new Set([
    ...parts.map(({ sensor }) => sensor.id),
    ...assets.flatMap(({ flexContext, flexModel }) =>
      [flexContext, flexModel].flatMap((fields) => findSensorReferences(fields).map(({ id }) => id)),
    ),
  ]);
  const recording = assets.flatMap(({ id }) => powers.get(id) ?? []);
  return { parts, unusedSensors: recording.filter(({ id }) => !named.has(id)) };
}

/** The parts that the flexibility of the assets names, by sensor id; of several that name a sensor, the first. */
function namedParts(
  assets: readonly DetailedAsset[],
  powers: ReadonlyMap<number, Sensor[]>,
): Map<number, NamedPart> {
  const named = assets.flatMap((asset) => [
    ...devicesOf(asset, powers.get(asset.id) ?? []),
    ...measuredOf(asset.flexContext),
  ]);
  return new Map(named.map((one) => [one.id, one] as const).reverse());
}

/** The parts whose sensors exist. */
const describedParts = (
  named: ReadonlyMap<number, NamedPart>,
  sensors: ReadonlyMap<number, Sensor>,
): SitePart[] =>
  [...named.values()].flatMap((part) => {
    const sensor = sensors.get(part.id);
    return sensor && sensor.eventResolutionMs > 0 ? [toPart(part, sensor)] : [];
  });

const toPart = ({ kind, sign, isScheduled }: NamedPart, sensor: Sensor): SitePart => ({
  ...{ sensor, kind, isScheduled },
  sign: sign ?? signOfSensor(sensor),
});

/** A part by the id of its sensor; without a sign, the sensor tells it. */
type NamedPart = Pick<SitePart, 'kind' | 'isScheduled'> & { id: number; sign?: 1 | -1 };

/** The device that a flex-model describes: its power, or its consumption and production. */
function devicesOf({ flexModel, assetType }: DetailedAsset, powers: readonly Sensor[]): NamedPart[] {
  if (Object.keys(flexModel).length === 0) return [];
  const measured = measuredOf(flexModel);
  if (measured.length > 0) return measured;
  const device = { kind: kindOfDevice(flexModel, assetType.name), isScheduled: true };
  const named = findPowerSensor(flexModel);
  if (!named) return powers.length === 1 ? [{ ...device, id: powers[0]!.id }] : [];
  if (named.field === 'sensor') return [{ ...device, id: named.id }];
  return (['consumption', 'production'] as const).flatMap((field) => {
    const id = sensorIdOf(flexModel[field]);
    return id === undefined ? [] : [{ ...device, id, sign: field === 'consumption' ? 1 : -1 }];
  });
}

function kindOfDevice(flexModel: Record<string, unknown>, type: string): PartKind {
  const ofType = KIND_OF_TYPE[type];
  if (ofType) return ofType;
  const isStorage = Object.keys(flexModel).some(
    (name) => name.startsWith('soc-') || name === 'state-of-charge',
  );
  return isStorage ? 'storage' : 'flexible';
}

/** The measured sensors that a flex-context, or the flex-model of a measured device, names. */
function measuredOf(fields: Record<string, unknown>): NamedPart[] {
  const idsIn = (name: string): number[] => [fields[name]].flat().flatMap((value) => sensorIdOf(value) ?? []);
  return [
    ...idsIn('inflexible-consumption').map((id) => ({ id, kind: 'load' as const, sign: 1 as const })),
    ...idsIn('inflexible-production').map((id) => ({ id, kind: 'production' as const, sign: -1 as const })),
    ...[...idsIn('inflexible-device-sensors'), ...idsIn('inflexible-device-sensor')].map((id) => ({
      id,
      kind: 'load' as const,
    })),
  ].map((part) => ({ ...part, isScheduled: false }));
}

/** The sensor that records the power of a site. */
function sitePowerOf(flexContext: Record<string, unknown>): NamedPart | undefined {
  const id = sensorIdOf(flexContext['aggregate-power']);
  return id === undefined ? undefined : { id, kind: 'load', isScheduled: true };
}

function undescribedParts(
  assets: readonly DetailedAsset[],
  powers: ReadonlyMap<number, Sensor[]>,
): SitePart[] {
  return assets.flatMap(({ id, assetType }) => {
    const [sensor, other] = powers.get(id) ?? [];
    if (!sensor || other) return [];
    const kind = KIND_OF_TYPE[assetType.name] ?? 'load';
    return [
      { sensor, kind, sign: signOfSensor(sensor), isScheduled: kind === 'storage' || kind === 'flexible' },
    ];
  });
}
