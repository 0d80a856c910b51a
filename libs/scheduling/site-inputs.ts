import { Inject, Injectable } from '@nestjs/common';
import { AssetsService, type Asset, type Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import type { FlexWindow } from './flex/flex-fields';
import { type DeviceDescription, kindOf, type SiteDescription, siteProblemOf } from './flex/site-problem-of';
import { momentsOfTargets } from './flex/soc-fields';
import { checkWords, inflexibleSensors } from './flex/vocabulary';
import type { SiteProblem } from './model';
import { stepsOf } from './schedulable-sensors';
import { pathOfDevice, type SiteScheduleRequest } from './schedule-request';
import { resolveWindow } from './window';
import { WindowSeries } from './window-series';

/** A request of which everything is known but the data. */
export interface SiteFrame {
  asset: Asset;
  /** In the order of the request. */
  sensors: Sensor[];
  window: FlexWindow;
  /** Sentences on what of the request was moved. */
  notes: string[];
}

/** Everything about schedules to be computed. */
export interface SiteInput extends SiteFrame {
  /** Its devices are in the order of the sensors; there may be one more for what is inflexible. */
  problem: SiteProblem;
  currency: string;
  warnings: string[];
}

/** Types of assets that store energy. */
const STORAGE_TYPES = ['battery', 'one-way_evse', 'two-way_evse'];

/** Turns a request with sensor references and quantities into arrays and numbers. */
@Injectable()
export class SiteInputs {
  constructor(
    private readonly assets: AssetsService,
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Reads a request as far as that needs no data.
   * @throws DomainError naming the field that cannot be used
   */
  async check(request: SiteScheduleRequest): Promise<SiteFrame> {
    const frame = await this.frame(request);
    await this.read(request, frame, undefined).catch((error: unknown) => {
      // Clients of a sensor's trigger know this as a reason for which its job fails.
      const isForJob = error instanceof DomainError && error.code === 'UNKNOWN_MARKET';
      if (!isForJob || request.assetId !== undefined) throw error;
    });
    return frame;
  }

  /** @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async collect(request: SiteScheduleRequest): Promise<SiteInput> {
    const frame = await this.frame(request);
    const { warnings, ...input } = await this.read(request, frame, request.beliefTimeMs);
    return { ...frame, ...input, warnings: [...new Set([...frame.notes, ...warnings])] };
  }

  private async frame(request: SiteScheduleRequest): Promise<SiteFrame> {
    const { assetId, flexModel, flexContext } = request;
    const fields = flexModel.map((_, i) =>
      assetId === undefined ? 'sensor' : `${pathOfDevice(request, i)}sensor`,
    );
    const sensors: Sensor[] = [];
    for (const [i, { sensor: id }] of flexModel.entries())
      sensors.push(await this.sensors.get(id, fields[i]));
    const asset = assetId === undefined ? sensors[0]!.asset : await this.assets.get(assetId);
    if (assetId === undefined) checkType(flexModel[0]!, asset);
    const { stepMs, gridMs } = stepsOf(sensors, fields, request.resolutionMs);
    checkWords(flexContext, 'flex-context', '');
    flexModel.forEach((words, i) => checkWords(words, 'flex-model', pathOfDevice(request, i)));
    const { timezone } = sensors[0]!;
    const { window, notes } = resolveWindow({
      ...this.settings,
      startMs: request.startMs,
      duration: request.duration,
      stepMs,
      gridMs,
      timezone,
      targets: flexModel.flatMap((words, i) =>
        momentsOfTargets(words['soc-targets'], `${pathOfDevice(request, i)}soc-targets`, timezone, stepMs),
      ),
    });
    return { asset, sensors, window: { ...window, timezone }, notes };
  }

  /** @param knownByMs undefined where no data are wanted */
  private async read(request: SiteScheduleRequest, frame: SiteFrame, knownByMs: number | undefined) {
    const { window, sensors } = frame;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const series = new WindowSeries(this.sensors, this.beliefs, window, knownByMs, sensors);
    const description = await this.describe(request, frame, series, warn);
    const { problem, currency } = await siteProblemOf(description, { window, readSensor: series.read, warn });
    return { problem, currency, warnings };
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
        name: nameOfDevice(sensor),
        path,
        flexModel: flexModel[i]!,
        attributes: { ...(await this.attributesOf(sensor.asset)), ...sensor.attributes },
        socUnit: sensor.unit === 'kW' ? 'kWh' : 'MWh',
        isStorageType: isStorageType(sensor.asset),
        readPower: () => series.power([sensor.id], `${path}sensor`, warn),
      });
    }
    const inflexible = inflexibleSensors(flexContext);
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
      unitOfSensor: series.unitOf,
    };
  }

  /** Attributes of an asset, on top of those of the assets that it is a part of. */
  private async attributesOf(asset: Asset): Promise<Attributes> {
    if (asset.parentAssetId === null) return asset.attributes;
    const parent = await this.assets.get(asset.parentAssetId);
    return { ...(await this.attributesOf(parent)), ...asset.attributes };
  }
}

/** What a device is called, uniquely. */
export const nameOfDevice = (sensor: Sensor): string => `${sensor.asset.name} (sensor ${sensor.id})`;

const isStorageType = ({ assetType }: Asset): boolean => STORAGE_TYPES.includes(assetType.name);

/** A sensor alone is scheduled where its asset stores energy, or its flex-model says what else it is. */
function checkType(flexModel: Record<string, unknown>, asset: Asset): void {
  if (
    isStorageType(asset) ||
    ['process', 'curtailable'].includes(kindOf({ flexModel, isStorageType: false }))
  )
    return;
  const message = `Scheduling is not (yet) supported for asset type ${asset.assetType.name}.`;
  throw new DomainError('UNSUPPORTED_ASSET_TYPE', message, 'sensor');
}
