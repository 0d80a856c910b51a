import { Injectable } from '@nestjs/common';
import { AssetTree, type AssetFlexibility } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { accountActor, SensorAccess, SensorsService, type Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';
import { nameCustomScheduler } from '../custom/custom-schedulers';
import { flexError } from '../model/flex/flex-error';
import { findPowerSensor } from '../model/flex/power-sensor';
import { findSensorReferences } from '../model/flex/references/sensor-references';
import { isOutputField } from '../model/flex/outputs';
import { isRecord } from '../model/flex/values/variable-quantity';
import { requireWritable } from '../outputs/schedule-outputs';
import { type FlexModelInput, type FlexPartInput, partKind } from '../requests/schedule-request';
import { placeOf, storedContext, usableFields, type Fields, type Origin } from './stored-fields';

/** A request for schedules as it was sent: fields that assets store may be missing. */
export interface SentRequest {
  /** The asset whose connection the devices share. Undefined for requests of one sensor, which use its asset. */
  assetId?: number;
  /** One per device; `asset` in place of `sensor` takes the power sensor of the asset. */
  flexModel: (Fields & { sensor?: number; asset?: number })[];
  flexContext: Fields;
  /** What the asset of the request stores, in place of what it does; to try it. */
  tried?: TriedFlexibility;
}

/** Flexibility that is tried before it is stored; what is missing is as it is stored. */
export interface TriedFlexibility {
  flexModel?: Fields;
  flexContext?: Fields;
}

/** A request with everything that assets store for it. */
export interface CompletedRequest {
  /** The devices of the request, in its order, then those that assets store. */
  flexModel: FlexModelInput[];
  /** By device: index among all entries. Undefined if there are only devices. */
  positions?: number[];
  /** Entries that are not devices to schedule: groups, shared storages and measured devices. */
  parts?: FlexPartInput[];
  flexContext: Fields;
  /** Sentences about stored devices that are left out. */
  notes: string[];
  /** The asset that stores a field, by the path of the field in the completed request. */
  origins: ReadonlyMap<string, Origin>;
}

/** Completes requests for schedules with the flexibility that assets store. */
@Injectable()
export class StoredFlexibility {
  constructor(
    private readonly tree: AssetTree,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
  ) {}

  /**
   * Completes a request and does some work with it. Errors of the work about a stored field say where it is stored.
   *
   * It adds the flex-contexts of the asset and the assets above it, and the flex-models of the devices and, for a site, of all
   * assets below it. Fields of the request have priority. Requests of one sensor use the flex-model of its asset, unless
   * that names another power sensor.
   * @throws DomainError with the path of the field: a stored field that schedules cannot use, a device without a power
   *   sensor, no device at all; NOT_PERMITTED for a stored sensor that the account of its asset cannot read
   */
  async use<Result>(
    request: SentRequest,
    work: (completed: CompletedRequest) => Promise<Result>,
  ): Promise<Result> {
    const completed = await this.complete(request);
    return work(completed).catch((error: unknown) => {
      const field = error instanceof DomainError ? error.field : undefined;
      const origin = field === undefined ? undefined : findOrigin(completed.origins, field);
      throw origin ? withPlace(error, origin) : error;
    });
  }

  private async complete(request: SentRequest): Promise<CompletedRequest> {
    const origins = new Map<string, Origin>();
    const notes: string[] = [];
    const contextId = request.assetId ?? (await this.findAssetOf(request.flexModel[0]!.sensor!));
    const layers = withTried(await this.tree.findFlexibilityUpToRoot(contextId), request.tried);
    const context = storedContext(request.flexContext, layers);
    for (const [name, origin] of Object.entries(context.origins)) {
      origins.set(name, origin);
      await this.checkAccess({ [name]: context.fields[name] }, origin, '');
    }
    const flexModel: FlexModelInput[] = [];
    const positions: number[] = [];
    const parts: FlexPartInput[] = [];
    const devices = await this.devicesOf(request, layers);
    const groupKeys = groupKeysIn(devices);
    for (const device of devices) {
      const position = flexModel.length + parts.length;
      const path = request.assetId === undefined ? '' : `flex-model.${position}.`;
      if (request.assetId !== undefined && (await this.isPart(device, groupKeys))) {
        parts.push({ ...(await this.completePart(device, path, origins)), position });
        continue;
      }
      if (await this.isWithoutSensor(device)) {
        const { id, name } = device.stored!;
        notes.push(
          `Asset ${id} (${name}) is not scheduled: it stores a flex-model, but has no power sensor.`,
        );
        continue;
      }
      positions.push(position);
      flexModel.push(await this.completeDevice(device, path, origins));
    }
    if (flexModel.length === 0)
      throw new DomainError('FLEX_MODEL_INVALID', 'Missing data for required field.', 'flex-model');
    const flexContext = { ...context.fields, ...request.flexContext };
    return { flexModel, ...(parts.length > 0 ? { parts, positions } : {}), flexContext, notes, origins };
  }

  /** Whether an entry is not a device to schedule: a group, a measured device, or a storage without a power sensor. */
  private async isPart(device: Device, groupKeys: ReadonlySet<string>): Promise<boolean> {
    const { sent, stored, assetId } = device;
    const fields: Fields = { ...stored?.flexModel, ...sent };
    if (
      sent.sensor === undefined ? groupKeys.has(`asset ${assetId}`) : groupKeys.has(`sensor ${sent.sensor}`)
    )
      return true;
    const kind = partKind(fields);
    if (kind === 'measured device') return true;
    const hasSensor = sent.sensor !== undefined || findPowerSensor(fields) !== undefined;
    if (kind === 'group' || hasSensor) return false;
    return assetId === undefined || !(await this.sensors.listByAsset(assetId)).some(isSchedulable);
  }

  private async completePart(
    { sent, assetId, stored }: Device,
    path: string,
    origins: Map<string, Origin>,
  ): Promise<Fields> {
    const identity = sent.sensor === undefined && assetId !== undefined ? { asset: assetId } : {};
    const given = { ...withoutAsset(sent), ...identity };
    return stored ? this.withStoredFields(given, stored, path, origins) : given;
  }

  /** @throws DomainError SENSOR_NOT_FOUND */
  private async findAssetOf(sensorId: number): Promise<number> {
    const found = await this.access.find([{ id: sensorId, field: 'sensor' }]);
    return found.get(sensorId)!.assetId;
  }

  /** The devices of a request with what their assets store, then other assets below a site that store a flex-model. */
  private async devicesOf(request: SentRequest, layers: readonly AssetFlexibility[]): Promise<Device[]> {
    const { assetId, flexModel } = request;
    if (assetId === undefined) {
      const sent = flexModel[0]!;
      const [own] = layers;
      const named = own && findPowerSensor(own.flexModel);
      const isOther = named?.field === 'sensor' && named.id !== sent.sensor;
      return [{ isSent: true, sent, stored: isOther ? undefined : own }];
    }
    await this.checkBelow(assetId, flexModel);
    const below = await this.tree.findFlexModelsBelow(assetId);
    const stored = request.tried ? withFirst(layers[0]!, below) : below;
    const ids = flexModel.flatMap(({ sensor }) => sensor ?? []);
    const assetOf = new Map((await this.sensors.listByIds(ids)).map((sensor) => [sensor.id, sensor.assetId]));
    const devices = flexModel.map((sent): Device => {
      const { sensor, asset = sensor === undefined ? undefined : assetOf.get(sensor) } = sent;
      return { isSent: true, sent, assetId: asset, stored: stored.find(({ id }) => id === asset) };
    });
    const covered = new Set(devices.map((device) => device.assetId));
    return [
      ...devices,
      ...stored
        .filter(({ id }) => !covered.has(id))
        .map((one) => ({ isSent: false, sent: {}, assetId: one.id, stored: one })),
    ];
  }

  /** @throws DomainError FLEX_MODEL_INVALID for a device whose asset is not the site or below it */
  private async checkBelow(siteId: number, flexModel: SentRequest['flexModel']): Promise<void> {
    if (flexModel.every(({ asset }) => asset === undefined)) return;
    const tree = new Set(await this.tree.findTree([siteId]));
    const index = flexModel.findIndex(({ asset }) => asset !== undefined && !tree.has(asset));
    if (index >= 0)
      throw flexError(`flex-model.${index}.asset`, `must be asset ${siteId} or an asset below it.`);
  }

  /** Whether a device that the request does not have has no sensor for its schedule either. */
  private async isWithoutSensor({ isSent, stored }: Device): Promise<boolean> {
    if (isSent || !stored || findPowerSensor(stored.flexModel)) return false;
    return !(await this.sensors.listByAsset(stored.id)).some(isSchedulable);
  }

  private async completeDevice(
    { sent, assetId, stored }: Device,
    path: string,
    origins: Map<string, Origin>,
  ): Promise<FlexModelInput> {
    const given = withoutAsset(sent);
    const sensor = sent.sensor ?? (await this.findPowerSensor(stored, assetId, given, path));
    if (!stored) return { ...given, sensor };
    if (sent.sensor === undefined) origins.set(`${path}sensor`, originOf(stored));
    return { ...(await this.withStoredFields(given, stored, path, origins)), sensor };
  }

  /** The fields of an entry with those that its asset stores. */
  private async withStoredFields(
    given: Fields,
    stored: AssetFlexibility,
    path: string,
    origins: Map<string, Origin>,
  ): Promise<Fields> {
    const origin = originOf(stored);
    const missing = Object.fromEntries(Object.entries(stored.flexModel).filter(([name]) => !(name in given)));
    // Only a custom scheduler knows its fields.
    const usable = nameCustomScheduler(stored.attributes) ? missing : usableFields('flex-model', missing);
    for (const name of Object.keys(usable)) origins.set(path + name, origin);
    await this.checkAccess(usable, origin, path);
    return { ...usable, ...given };
  }

  /** The power sensor that a stored flex-model names, or else the only one of the asset. */
  private async findPowerSensor(
    stored: AssetFlexibility | undefined,
    assetId: number | undefined,
    given: Fields,
    path: string,
  ): Promise<number> {
    const named = findPowerSensor({ ...stored?.flexModel, ...given });
    if (named) {
      const field = `${path}${named.field}`;
      const sensor = await this.sensors.get(named.id, field);
      if (stored && given[named.field] === undefined)
        requireWritable(accountActor(originOf(stored)), sensor, field);
      return sensor.id;
    }
    const id = stored?.id ?? assetId;
    if (id === undefined)
      throw new DomainError('FLEX_MODEL_INVALID', 'Missing data for required field.', `${path}sensor`);
    const powerSensors = (await this.sensors.listByAsset(id)).filter(isSchedulable);
    if (powerSensors.length === 1) return powerSensors[0]!.id;
    const count = powerSensors.length === 0 ? 'no power sensor' : `${powerSensors.length} power sensors`;
    const message = `asset ${id} has ${count}: name one as \`sensor\` in the request, or in the flex_model of the asset.`;
    throw flexError(`${path}sensor`, message);
  }

  /** The account of the asset must be able to read what it stores, and to write to it, whoever stored it. */
  private async checkAccess(fields: Fields, origin: Origin, path: string): Promise<void> {
    const references = findSensorReferences(fields).map(({ id, field }) => ({ id, field: path + field }));
    const actor = accountActor(origin);
    await this.access.checkReadable(references, actor).catch((error: unknown) => {
      throw withPlace(error, origin);
    });
    const outputs = references.filter(({ field }) => isOutputField(field.slice(path.length)));
    for (const { id, field } of outputs) {
      const sensor = await this.sensors.find(id);
      try {
        if (sensor) requireWritable(actor, sensor, field);
      } catch (error) {
        throw withPlace(error, origin);
      }
    }
  }
}

/** The fields that were sent, without the asset. */
const withoutAsset = (sent: Device['sent']): Fields =>
  Object.fromEntries(Object.entries(sent).filter(([name]) => name !== 'asset'));

/** The assets of a request and above it, with the flexibility that is tried. */
function withTried(
  [own, ...above]: readonly AssetFlexibility[],
  tried: TriedFlexibility | undefined,
): AssetFlexibility[] {
  if (!own) return above;
  return [tried ? { ...own, ...tried } : own, ...above];
}

/** Assets that store a flex-model, with an asset as it is given instead of as it is stored. */
const withFirst = (own: AssetFlexibility, stored: readonly AssetFlexibility[]): AssetFlexibility[] => [
  ...(Object.keys(own.flexModel).length > 0 ? [own] : []),
  ...stored.filter(({ id }) => id !== own.id),
];

const originOf = ({ id, name, accountId }: AssetFlexibility): Origin => ({ id, name, accountId });

/** The asset that stores a field, or a field that contains it. */
function findOrigin(origins: CompletedRequest['origins'], field: string): Origin | undefined {
  const steps = field.split('.');
  for (let length = steps.length; length > 0; length--) {
    const origin = origins.get(steps.slice(0, length).join('.'));
    if (origin) return origin;
  }
  return undefined;
}

/** What identifies the groups that entries name. Those that are invalid are found when the entries are read. */
function groupKeysIn(devices: readonly Device[]): Set<string> {
  return new Set(
    devices.flatMap(({ sent, stored }) => {
      const group = sent['group'] ?? stored?.flexModel['group'];
      const { sensor, asset } = isRecord(group) ? group : {};
      if (typeof sensor === 'number') return [`sensor ${sensor}`];
      return typeof asset === 'number' ? [`asset ${asset}`] : [];
    }),
  );
}

/** A device of a request, and what its asset stores. */
interface Device {
  /** Whether the request has the device. */
  isSent: boolean;
  sent: SentRequest['flexModel'][number];
  assetId?: number;
  stored?: AssetFlexibility;
}

/** Adds to an error about a field where the field is stored. */
function withPlace(error: unknown, origin: Origin): unknown {
  if (!(error instanceof DomainError)) return error;
  return new DomainError(error.code, `${error.message} The field is ${placeOf(origin)}.`, error.field);
}

const isSchedulable = ({ unit, eventResolutionMs }: Sensor): boolean =>
  isPowerUnit(unit) && eventResolutionMs > 0;
