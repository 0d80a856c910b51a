import { Inject, Injectable } from '@nestjs/common';
import { isAllowed, type Actor, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, type Asset, type Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { SensorAccess, SensorsService, type Sensor } from '#lib/sensors';
import { CustomSchedulers, findCustomScheduler } from '../custom/custom-schedulers';
import type { SiteProblem } from '../model';
import type { FlexWindow } from '../model/flex/readers/flex-sources';
import { isOneWayCharger, isStorageType } from '../model/flex/asset-kinds';
import {
  buildSiteProblem,
  type DeviceDescription,
  type GroupDescription,
  type SiteDescription,
  type StockDescription,
} from '../model/flex/build-site-problem';
import { flexError } from '../model/flex/flex-error';
import { splitCommodities } from '../model/flex/readers/context/commodities-reader';
import { stockIdOf, stockSensorOf } from '../model/flex/relations/stocks';
import { assertKnownFields, deviceKind } from '../model/flex/check-fields';
import { findDueTargets } from '../model/flex/readers/soc-reader';
import { findSensorIdsOfSite, inflexibleSensorIds } from '../model/flex/references/sensor-references';
import { resolveWindow } from '../model/flex/values/window';
import { type Reader, WindowSeries } from '../reading/window-series';
import {
  checkPermissions,
  checkUnits,
  deviceReferences,
  groupReferences,
  sourceReferences,
} from '../requests/request-references';
import { resolveOutputs, type ScheduleOutput } from '../outputs/schedule-outputs';
import {
  devicePath,
  type FlexPartInput,
  groupIdOf,
  partKind,
  partPath,
  type SiteScheduleRequest,
} from '../requests/schedule-request';
import { resolveStep } from './schedulable-sensors';

/** A validated request, without data of sensors. */
export interface ValidatedRequest extends Reader {
  asset: Asset;
  /** In the order of the request. */
  sensors: Sensor[];
  /** Power sensors of groups, in the order of the request. */
  groupSensors: Sensor[];
  /** What else is recorded of the schedule; nothing for custom schedulers. */
  outputs: ScheduleOutput[];
  window: FlexWindow;
  /** Whether a custom scheduler makes the schedule, of one sensor. */
  isCustom: boolean;
  /** Sentences about adjustments of the request. */
  notes: string[];
}

/** All inputs of the schedules to compute. */
export interface SiteInput extends ValidatedRequest {
  /** Its devices are in the order of the sensors, followed by those without a sensor of their own. */
  problem: SiteProblem;
  /** Names for users of groups, of storages that several devices change and of devices without a sensor, by id. */
  names: ReadonlyMap<string, string>;
  /** Ids of the assets of groups and of storages that several devices change, by id. */
  assetIds?: ReadonlyMap<string, number>;
  currency: string;
  warnings: string[];
  /** Sentences on what was used, about which nothing is wrong. */
  remarks: string[];
  /** Ids of the sensors whose data was read. */
  readIds: number[];
}

/** Converts a request with sensor references and quantities to a problem of arrays and numbers. */
@Injectable()
export class SiteInputs {
  constructor(
    private readonly assets: AssetsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
    private readonly custom: CustomSchedulers,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Validates a request without reading data.
   * @param requester the user who asks, if already known
   * @throws DomainError with the field that is invalid or refers to a sensor that the user cannot read, or the attribute that
   *   names a custom scheduler that does not exist
   */
  async validate(request: SiteScheduleRequest, requester?: Requester): Promise<ValidatedRequest> {
    const frame = await this.resolve(request, requester);
    if (frame.isCustom) {
      this.custom.check(frame.sensors[0]!);
      return frame;
    }
    await this.read(request, frame, undefined).catch((error: unknown) => {
      // For requests of one sensor, clients expect that the job fails with this code, not the request.
      const isForJob = error instanceof DomainError && error.code === 'UNKNOWN_MARKET';
      if (!isForJob || request.assetId !== undefined) throw error;
    });
    return frame;
  }

  /** @throws DomainError with the invalid field, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async collect(request: SiteScheduleRequest, frame: ValidatedRequest): Promise<SiteInput> {
    const { warnings, ...input } = await this.read(request, frame, request.beliefTimeMs);
    return { ...frame, ...input, warnings: [...new Set([...frame.notes, ...warnings])] };
  }

  /**
   * Finds the sensors and the window of a request. The flex-model and flex-context for a custom scheduler are not validated,
   * except for sensor references.
   * @param requester as in `validate`
   * @throws as `validate`
   */
  async resolve(request: SiteScheduleRequest, requester?: Requester): Promise<ValidatedRequest> {
    const { assetId, flexModel, flexContext } = request;
    const devices = deviceReferences(request);
    const sources = sourceReferences(request);
    const groups = groupReferences(request);
    const found = await this.access.find([...devices, ...groups, ...sources]);
    const fields = devices.map(({ field }) => field);
    const sensors = devices.map(({ id }) => found.get(id)!);
    const groupSensors = groups.map(({ id }) => found.get(id)!);
    const asset = assetId === undefined ? sensors[0]!.asset : await this.assets.get(assetId);
    const actor = requester ?? (await this.access.getActor(request.userId, asset, request.deviceTokenId));
    if (assetId !== undefined) requireAssetPermission(actor, asset);
    checkPermissions({ devices: [...devices, ...groups], sources, found }, actor);
    checkUnits({ devices, sources, found });
    const isCustom = hasCustomScheduler(sensors, fields);
    if (assetId === undefined && !isCustom) checkAssetType(flexModel[0]!, asset);
    const { stepMs, startGridMs, gridMs } = resolveStep(
      [...sensors, ...groupSensors],
      [...fields, ...groups.map(({ field }) => field)],
      request.resolutionMs,
    );
    if (!isCustom) assertKnownContext(flexContext);
    for (const part of request.parts ?? []) assertKnownPart(part);
    const known = isCustom ? [] : flexModel;
    known.forEach((model, i) => assertKnownFields(model, 'flex-model', devicePath(request, i)));
    const { timezone } = sensors[0]!;
    const { window, notes } = resolveWindow({
      ...this.settings,
      startMs: request.startMs,
      duration: request.duration,
      stepMs,
      startGridMs,
      gridMs,
      timezone,
      devices: sensors.length,
      targets: [
        ...known.map((model, i) => ({ fields: model, path: devicePath(request, i) })),
        ...(request.parts ?? []).map((part) => ({ fields: part, path: partPath(part) })),
      ].flatMap(({ fields: entry, path }) =>
        findDueTargets(entry['soc-targets'], `${path}soc-targets`, timezone),
      ),
    });
    const outputs = isCustom ? [] : resolveOutputs(request, found, { sensors, groupSensors }, stepMs, actor);
    return {
      ...{ asset, sensors, groupSensors, outputs, actor, named: [...found.values()] },
      ...{ window: { ...window, timezone, askedStartMs: request.startMs }, isCustom, notes },
    };
  }

  /** @param knownByMs only beliefs up to this time are read; undefined to check the request without reading data */
  private async read(request: SiteScheduleRequest, frame: ValidatedRequest, knownByMs: number | undefined) {
    const { window } = frame;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const remarks: string[] = [];
    const remark = (message: string) => remarks.push(message);
    const series = new WindowSeries(this.sensors, this.beliefs, window, knownByMs, frame);
    const description = await this.describe(request, frame, series, warn);
    await series.lookUp(findSensorIdsOfSite(description));
    const readSensor = series.createReader(frame.asset);
    const isCheck = knownByMs === undefined;
    const { relaxConstraints } = this.settings;
    const sources = { window, readSensor, warn, remark, isCheck, relaxConstraints };
    const { problem, currency } = await buildSiteProblem(description, sources);
    const names = new Map(
      [...description.devices, ...description.groups].map(({ id, name }): [string, string] => [id, name]),
    );
    const assetIds = new Map([
      ...description.groups.map(({ id, assetId }): [string, number] => [id, assetId]),
      ...statesIn(frame.outputs).map(({ sensor }): [string, number] => [
        stockIdOf(sensor.id),
        sensor.assetId,
      ]),
    ]);
    return { problem, currency, names, assetIds, warnings, remarks, readIds: [...series.readIds] };
  }

  private async describe(
    request: SiteScheduleRequest,
    { asset, sensors }: ValidatedRequest,
    series: WindowSeries,
    warn: (message: string) => void,
  ): Promise<Omit<SiteDescription, 'groups'> & Pick<PartDescriptions, 'groups'>> {
    const { flexContext, flexModel } = request;
    const devices: DeviceDescription[] = [];
    for (const [i, sensor] of sensors.entries()) {
      const path = devicePath(request, i);
      devices.push({
        id: getDeviceId(sensor),
        name: getDeviceName(sensor),
        path,
        sensorId: sensor.id,
        flexModel: flexModel[i]!,
        attributes: { ...(await this.findAttributes(sensor.asset)), ...sensor.attributes },
        socUnit: sensor.unit === 'kW' ? 'kWh' : 'MWh',
        isStorageType: isStorageType(sensor.asset),
        neverProduces: isOneWayCharger(sensor.asset),
        readSensor: series.createReader(sensor.asset),
        readState: series.createStateReader(sensor.asset),
        readPower: () => series.readTotalPower([sensor.id], `${path}sensor`, warn),
      });
    }
    const parts = await this.describeParts(request, series);
    devices.push(...parts.measured);
    // The latest schedule of a device would be added to the one to compute.
    const isScheduled = (id: number): boolean => sensors.some((sensor) => sensor.id === id);
    const named = inflexibleSensorIds(splitCommodities(flexContext).electricity);
    for (const id of named.filter(isScheduled))
      warn(`Sensor ${id} is scheduled: its earlier power does not count as that of an inflexible device.`);
    const inflexible = named.filter((id) => !isScheduled(id));
    const market = request.assetId === undefined ? sensors[0]!.attributes['market_id'] : undefined;
    return {
      devices,
      groups: parts.groups,
      stocks: parts.stocks,
      flexContext,
      inflexibleIds: named,
      measured: {
        isScheduled,
        checkDirection: async (id, field, sign) => checkDirection(await series.find(id, field), field, sign),
      },
      attributes: {
        ...(await this.findAttributes(asset)),
        ...(market === undefined ? {} : { market_id: market }),
      },
      inflexiblePowerMw:
        inflexible.length > 0
          ? await series.readTotalPower(inflexible, 'inflexible-device-sensors', warn)
          : undefined,
      unitOfSensor: series.createUnitReader(asset),
    };
  }

  /** Describes the entries that are not devices to schedule. */
  private async describeParts(request: SiteScheduleRequest, series: WindowSeries): Promise<PartDescriptions> {
    const described: PartDescriptions = { groups: [], stocks: [], measured: [] };
    for (const { sensor: sensorId, asset: assetId, position, ...flexModel } of request.parts ?? []) {
      const path = partPath({ position });
      const kind = partKind(flexModel);
      const socSensorId = kind === 'shared storage' ? stockSensorOf({ path, flexModel }) : undefined;
      const ownId = kind === 'group' ? sensorId : socSensorId;
      const sensor = ownId === undefined ? undefined : await series.find(ownId, path);
      const asset = assetId === undefined ? sensor?.asset : await this.assets.get(assetId);
      const entry = {
        path,
        flexModel,
        attributes: { ...(asset && (await this.findAttributes(asset))), ...sensor?.attributes },
        ...(asset && {
          readSensor: series.createReader(asset),
          readState: series.createStateReader(asset),
        }),
      };
      if (kind === 'shared storage') {
        const socUnit = sensor?.unit === 'kWh' ? 'kWh' : 'MWh';
        described.stocks.push({ ...entry, socUnit });
      } else if (kind === 'group') {
        const key = sensorId === undefined ? `asset ${assetId}` : `sensor ${sensorId}`;
        const id = groupIdOf({ sensor: sensorId, asset: assetId });
        described.groups.push({ ...entry, id, key, name: asset!.name, assetId: asset!.id });
      } else {
        const id = `measured device ${position}`;
        const readPower = () => Promise.reject(new Error('A measured device names its sensor.'));
        const name = asset?.name ?? id;
        described.measured.push({ ...entry, id, name, isStorageType: false, readPower });
      }
    }
    return described;
  }

  /** Combined attributes of an asset and its parent assets. Those of the asset have priority. */
  async findAttributes(asset: Asset): Promise<Attributes> {
    if (asset.parentAssetId === null) return asset.attributes;
    const parent = await this.assets.get(asset.parentAssetId);
    return { ...(await this.findAttributes(parent)), ...asset.attributes };
  }
}

const statesIn = (outputs: readonly ScheduleOutput[]): ScheduleOutput[] =>
  outputs.filter(({ recordedAs }) => recordedAs === 'state-of-charge');

/** Entries that are not devices to schedule. */
interface PartDescriptions {
  groups: (GroupDescription & { name: string; assetId: number })[];
  stocks: StockDescription[];
  measured: DeviceDescription[];
}

/** Checks the names of fields, also in the flex-contexts of commodities. @throws DomainError naming the field */
function assertKnownContext(flexContext: Record<string, unknown>): void {
  assertKnownFields(flexContext, 'flex-context', '');
  for (const { fields, path } of splitCommodities(flexContext).others)
    assertKnownFields(fields, 'flex-context', path);
}

function assertKnownPart(part: FlexPartInput): void {
  const names = Object.keys(part).filter((name) => name !== 'asset' && name !== 'position');
  const fields = Object.fromEntries(names.map((name) => [name, part[name]]));
  assertKnownFields(fields, 'flex-model', partPath(part));
}

/** @throws DomainError FLEX_MODEL_INVALID for a sensor that says that it records the other direction as positive */
function checkDirection({ id, asset, attributes }: Sensor, field: string, sign: 1 | -1): void {
  const isConsumption = { ...asset.attributes, ...attributes }['consumption_is_positive'];
  if (typeof isConsumption !== 'boolean' || isConsumption === (sign === 1)) return;
  const [recorded, other] = isConsumption ? ['consumption', 'production'] : ['production', 'consumption'];
  const message = `sensor ${id} records ${recorded} as positive (attribute consumption_is_positive), not ${other}.`;
  throw flexError(field, message);
}

/** Requires read permission on the asset, as its attributes are used. @throws DomainError NOT_PERMITTED */
function requireAssetPermission(actor: Actor, asset: Asset): void {
  if (isAllowed(actor, 'read', assetRules(asset))) return;
  throw new DomainError('NOT_PERMITTED', `User ${actor.id} may not read asset ${asset.id}.`);
}

/** @throws DomainError FLEX_MODEL_INVALID if one of several sensors has a custom scheduler */
function hasCustomScheduler(sensors: readonly Sensor[], fields: readonly string[]): boolean {
  const index = sensors.findIndex((sensor) => findCustomScheduler(sensor) !== undefined);
  if (index < 0 || sensors.length === 1) return index >= 0;
  const message = `Sensor ${sensors[index]!.id} has a custom scheduler. It cannot be scheduled together with other sensors.`;
  throw new DomainError('FLEX_MODEL_INVALID', message, fields[index]);
}

/** The id of the device of a power sensor in optimisation problems. */
export const getDeviceId = ({ id }: Sensor): string => String(id);

/** The name of a device for users. */
export const getDeviceName = ({ id, asset }: Sensor): string => `${asset.name} (sensor ${id})`;

/** A single sensor can be scheduled if its asset type is a storage or its flex-model describes another kind of device. */
function checkAssetType(flexModel: Record<string, unknown>, asset: Asset): void {
  if (
    isStorageType(asset) ||
    ['process', 'flexible', 'curtailable'].includes(deviceKind({ flexModel, isStorageType: false }))
  )
    return;
  const message = `Scheduling is not (yet) supported for asset type ${asset.assetType.name}.`;
  throw new DomainError('UNSUPPORTED_ASSET_TYPE', message, 'sensor');
}
