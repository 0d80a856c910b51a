import { Inject, Injectable } from '@nestjs/common';
import { isAllowed, type Actor, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, type Asset, type Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { SensorAccess, SensorsService, type Sensor } from '#lib/sensors';
import { customSchedulerOf } from '../custom/custom-schedulers';
import type { SiteProblem } from '../model';
import type { FlexWindow } from '../model/flex/readers/flex-reader';
import {
  buildSiteProblem,
  type DeviceDescription,
  type SiteDescription,
} from '../model/flex/build-site-problem';
import { assertKnownFields, deviceKind } from '../model/flex/check-fields';
import { findDueTargets } from '../model/flex/readers/soc-reader';
import { findSensorIdsOfSite, inflexibleSensorIds } from '../model/flex/sensor-references';
import { resolveWindow } from '../model/flex/window';
import { type Reader, WindowSeries } from '../reading/window-series';
import { checkPermissions, checkUnits, devicesOf, sourcesOf } from '../requests/request-references';
import { pathOfDevice, type SiteScheduleRequest } from '../requests/schedule-request';
import { isOneWayCharger, isStorageType } from '../model/flex/asset-kinds';
import { stepsOf } from './schedulable-sensors';

/** A request of which everything is known but the data. */
export interface SiteFrame extends Reader {
  asset: Asset;
  /** In the order of the request. */
  sensors: Sensor[];
  window: FlexWindow;
  /** Whether a scheduler of the host's own makes the schedule, of one sensor alone. */
  isCustom: boolean;
  /** Sentences on what of the request was moved. */
  notes: string[];
}

/** Everything about schedules to be computed. */
export interface SiteInput extends SiteFrame {
  /** Its devices are in the order of the sensors; there may be one more for what is inflexible. */
  problem: SiteProblem;
  currency: string;
  warnings: string[];
  /** Ids of the sensors whose data was read. */
  readIds: number[];
}

/** Turns a request with sensor references and quantities into arrays and numbers. */
@Injectable()
export class SiteInputs {
  constructor(
    private readonly assets: AssetsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Reads a request as far as that needs no data.
   * @param requester the user who asks, where that is known already
   * @throws DomainError naming the field that cannot be used, or that names a sensor which may not be read
   */
  async check(request: SiteScheduleRequest, requester?: Requester): Promise<SiteFrame> {
    const frame = await this.frame(request, requester);
    if (frame.isCustom) return frame;
    await this.read(request, frame, undefined).catch((error: unknown) => {
      // Clients of a sensor's trigger know this as a reason for which its job fails.
      const isForJob = error instanceof DomainError && error.code === 'UNKNOWN_MARKET';
      if (!isForJob || request.assetId !== undefined) throw error;
    });
    return frame;
  }

  /** @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async collect(request: SiteScheduleRequest, frame: SiteFrame): Promise<SiteInput> {
    const { warnings, ...input } = await this.read(request, frame, request.beliefTimeMs);
    return { ...frame, ...input, warnings: [...new Set([...frame.notes, ...warnings])] };
  }

  /**
   * The sensors and the window. What is said to a scheduler of the host's own is not looked at, except for the sensors
   * that it names.
   * @param requester as `check`
   * @throws as `check`
   */
  async frame(request: SiteScheduleRequest, requester?: Requester): Promise<SiteFrame> {
    const { assetId, flexModel, flexContext } = request;
    const devices = devicesOf(request);
    const sources = sourcesOf(request);
    const found = await this.access.find([...devices, ...sources]);
    const fields = devices.map(({ field }) => field);
    const sensors = devices.map(({ id }) => found.get(id)!);
    const asset = assetId === undefined ? sensors[0]!.asset : await this.assets.get(assetId);
    const actor = requester ?? (await this.access.actorOf(request.userId, asset));
    if (assetId !== undefined) requireAsset(actor, asset);
    checkPermissions({ devices, sources, found }, actor);
    checkUnits({ devices, sources, found });
    const isCustom = isScheduledByCustom(sensors, fields);
    if (assetId === undefined && !isCustom) checkType(flexModel[0]!, asset);
    const { stepMs, gridMs } = stepsOf(sensors, fields, request.resolutionMs);
    if (!isCustom) assertKnownFields(flexContext, 'flex-context', '');
    const known = isCustom ? [] : flexModel;
    known.forEach((model, i) => assertKnownFields(model, 'flex-model', pathOfDevice(request, i)));
    const { timezone } = sensors[0]!;
    const { window, notes } = resolveWindow({
      ...this.settings,
      startMs: request.startMs,
      duration: request.duration,
      stepMs,
      gridMs,
      timezone,
      devices: sensors.length,
      targets: known.flatMap((model, i) =>
        findDueTargets(model['soc-targets'], `${pathOfDevice(request, i)}soc-targets`, timezone, stepMs),
      ),
    });
    return {
      ...{ asset, sensors, actor, named: [...found.values()] },
      ...{ window: { ...window, timezone }, isCustom, notes },
    };
  }

  /** @param knownByMs undefined to check the request without reading data */
  private async read(request: SiteScheduleRequest, frame: SiteFrame, knownByMs: number | undefined) {
    const { window } = frame;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const series = new WindowSeries(this.sensors, this.beliefs, window, knownByMs, frame);
    const description = await this.describe(request, frame, series, warn);
    await series.lookUp(findSensorIdsOfSite(description));
    const readSensor = series.readFor(frame.asset);
    const isCheck = knownByMs === undefined;
    const { problem, currency } = await buildSiteProblem(description, { window, readSensor, warn, isCheck });
    return { problem, currency, warnings, readIds: [...series.readIds] };
  }

  private async describe(
    request: SiteScheduleRequest,
    { asset, sensors }: SiteFrame,
    series: WindowSeries,
    warn: (message: string) => void,
  ): Promise<SiteDescription> {
    const { flexContext, flexModel } = request;
    const devices: DeviceDescription[] = [];
    for (const [i, sensor] of sensors.entries()) {
      const path = pathOfDevice(request, i);
      devices.push({
        id: deviceIdOf(sensor),
        name: deviceNameOf(sensor),
        path,
        flexModel: flexModel[i]!,
        attributes: { ...(await this.attributesOf(sensor.asset)), ...sensor.attributes },
        socUnit: sensor.unit === 'kW' ? 'kWh' : 'MWh',
        isStorageType: isStorageType(sensor.asset),
        neverProduces: isOneWayCharger(sensor.asset),
        readSensor: series.readFor(sensor.asset),
        readPower: () => series.power([sensor.id], `${path}sensor`, warn),
      });
    }
    const inflexible = inflexibleSensorIds(flexContext);
    const market = request.assetId === undefined ? sensors[0]!.attributes['market_id'] : undefined;
    return {
      devices,
      flexContext,
      attributes: {
        ...(await this.attributesOf(asset)),
        ...(market === undefined ? {} : { market_id: market }),
      },
      inflexiblePowerMw:
        inflexible.length > 0 ? await series.power(inflexible, 'inflexible-device-sensors', warn) : undefined,
      unitOfSensor: series.unitsFor(asset),
    };
  }

  /** Attributes of an asset, on top of those of the assets that it is a part of. */
  async attributesOf(asset: Asset): Promise<Attributes> {
    if (asset.parentAssetId === null) return asset.attributes;
    const parent = await this.assets.get(asset.parentAssetId);
    return { ...(await this.attributesOf(parent)), ...asset.attributes };
  }
}

/** The attributes of a site's asset count for its schedules. @throws DomainError NOT_PERMITTED */
function requireAsset(actor: Actor, asset: Asset): void {
  if (isAllowed(actor, 'read', assetRules(asset))) return;
  throw new DomainError('NOT_PERMITTED', `User ${actor.id} may not read asset ${asset.id}.`);
}

/** @throws DomainError FLEX_MODEL_INVALID where a sensor has a scheduler of its own and is not alone */
function isScheduledByCustom(sensors: readonly Sensor[], fields: readonly string[]): boolean {
  const index = sensors.findIndex((sensor) => customSchedulerOf(sensor) !== undefined);
  if (index < 0 || sensors.length === 1) return index >= 0;
  const message = `Sensor ${sensors[index]!.id} has a custom scheduler, which schedules it alone.`;
  throw new DomainError('FLEX_MODEL_INVALID', message, fields[index]);
}

/** The id in optimisation problems of the device of a power sensor. */
export const deviceIdOf = ({ id }: Sensor): string => String(id);

/** The name of a device for users. */
export const deviceNameOf = ({ id, asset }: Sensor): string => `${asset.name} (sensor ${id})`;

/** A sensor alone is scheduled where its asset stores energy, or its flex-model says what else it is. */
function checkType(flexModel: Record<string, unknown>, asset: Asset): void {
  if (
    isStorageType(asset) ||
    ['process', 'curtailable'].includes(deviceKind({ flexModel, isStorageType: false }))
  )
    return;
  const message = `Scheduling is not (yet) supported for asset type ${asset.assetType.name}.`;
  throw new DomainError('UNSUPPORTED_ASSET_TYPE', message, 'sensor');
}
