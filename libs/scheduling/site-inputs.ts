import { Inject, Injectable } from '@nestjs/common';
import { AssetsService, type Asset, type Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import type { Duration } from '#lib/time';
import { convertValues, isPowerUnit } from '#lib/units';
import { resolveWindow, type ScheduleWindow } from './flex-model';
import { flexError } from './flex/flex-error';
import type { FlexSources, ReadSensor } from './flex/flex-fields';
import { type DeviceDescription, siteProblemOf } from './flex/site-problem-of';
import { parseVariableQuantity } from './flex/variable-quantity';
import type { SiteProblem } from './model';
import { SiteSeries } from './site-series';
import { STORAGE_TYPES } from './storage-inputs';

export interface SiteScheduleRequest {
  /** The asset whose connection the devices share. */
  assetId: number;
  startMs: number;
  /** The default planning horizon when not given. */
  duration?: Duration;
  /** One per device: its power sensor's id as `sensor`, and the fields of a flex-model by their names on the wire. */
  flexModel: (Record<string, unknown> & { sensor: number })[];
  flexContext: Record<string, unknown>;
  /** Whether devices are scheduled one after another. */
  sequential?: boolean;
  /** Moment of scheduling: only what was known by then counts. Epoch milliseconds. */
  beliefTimeMs: number;
}

/** Everything about schedules to be computed. */
export interface SiteInput {
  /** In the order of the request; the problem may have one more device for what is inflexible. */
  sensors: Sensor[];
  window: ScheduleWindow;
  problem: SiteProblem;
  currency: string;
  warnings: string[];
}

/** Turns a site's request with sensor references and quantities into arrays and numbers. */
@Injectable()
export class SiteInputs {
  constructor(
    private readonly assets: AssetsService,
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
    private readonly site: SiteSeries,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Reads a request as far as that needs no data.
   * @returns what of it was moved
   * @throws DomainError naming the field that cannot be used
   */
  async check(request: SiteScheduleRequest): Promise<{ notes: string[] }> {
    const { notes } = await this.read(request, async (sensor, unit, { steps }) => {
      convertValues(new Float64Array(1), sensor.unit, unit);
      return Promise.resolve(new Float64Array(steps).fill(unit === 'MWh' ? NaN : 1));
    });
    return { notes };
  }

  /** @throws DomainError naming the field that cannot be used, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async collect(request: SiteScheduleRequest): Promise<SiteInput> {
    const { notes, warnings, ...input } = await this.read(request, async (sensor, unit, window) => {
      const known = { beliefsBeforeMs: request.beliefTimeMs };
      const stored = await this.beliefs.latestOnSteps(sensor, window, known);
      const values = convertValues(stored, sensor.unit, unit);
      // What a sensor of production or consumption records counts as a capacity by its size.
      return unit === 'MW' ? values.map(Math.abs) : values;
    });
    return { ...input, warnings: [...new Set([...notes, ...warnings])] };
  }

  private async read(
    request: SiteScheduleRequest,
    valuesOf: (sensor: Sensor, unit: string, window: ScheduleWindow) => Promise<Float64Array>,
  ) {
    const asset = await this.assets.get(request.assetId);
    const sensors = await this.devicesOf(request);
    const { timezone } = sensors[0]!;
    const { window, notes } = resolveWindow({
      ...this.settings,
      startMs: request.startMs,
      duration: request.duration,
      stepMs: sensors[0]!.eventResolutionMs,
      timezone,
      targets: targetsOf(request, timezone),
    });
    const warnings: string[] = [];
    const readSensor: ReadSensor = async (sensorId, unit, field, atEnds) => {
      const sensor = await this.sensors.get(sensorId, field);
      try {
        const startMs = window.startMs + (atEnds ? window.stepMs : 0);
        return await valuesOf(sensor, unit, { ...window, startMs });
      } catch (error) {
        throw error instanceof Error && error.name === 'UnitError' ? flexError(field, error.message) : error;
      }
    };
    const warn = (message: string) => warnings.push(message);
    const sources: FlexSources = { window: { ...window, timezone }, readSensor, warn };
    const { problem, currency } = await siteProblemOf(
      await this.describe(request, asset, sensors, window, warn),
      sources,
    );
    return { sensors, window, problem, currency, warnings, notes };
  }

  private async describe(
    request: SiteScheduleRequest,
    asset: Asset,
    sensors: Sensor[],
    window: ScheduleWindow,
    warn: (message: string) => void,
  ) {
    const { flexContext, beliefTimeMs } = request;
    const powerOf = async (sensorIds: number[]) => {
      const { powerMw, warnings } = await this.site.inflexiblePower(sensorIds, window, beliefTimeMs);
      warnings.forEach(warn);
      return powerMw;
    };
    const devices: DeviceDescription[] = [];
    for (const [i, sensor] of sensors.entries()) {
      devices.push({
        name: `${sensor.asset.name} (sensor ${sensor.id})`,
        flexModel: request.flexModel[i]!,
        attributes: { ...(await this.attributesOf(sensor.asset)), ...sensor.attributes },
        isStorageType: STORAGE_TYPES.includes(sensor.asset.assetType.name),
        readPower: () => powerOf([sensor.id]),
      });
    }
    const inflexible = inflexibleSensors(flexContext);
    return {
      devices,
      flexContext,
      attributes: await this.attributesOf(asset),
      inflexiblePowerMw: inflexible.length > 0 ? await powerOf(inflexible) : undefined,
      unitOfSensor: async (id: number, field: string) => (await this.sensors.get(id, field)).unit,
    };
  }

  private async devicesOf({ flexModel }: SiteScheduleRequest): Promise<Sensor[]> {
    const sensors: Sensor[] = [];
    for (const [i, { sensor: id }] of flexModel.entries()) {
      const field = `flex-model.${i}.sensor`;
      const sensor = await this.sensors.get(id, field);
      if (!isPowerUnit(sensor.unit)) {
        const message = `Sensor ${id} is in ${sensor.unit || 'no unit'}: only power sensors are scheduled.`;
        throw new DomainError('INVALID_UNIT', message, field);
      }
      const resolutionMs = sensors[0]?.eventResolutionMs ?? sensor.eventResolutionMs;
      if (sensor.eventResolutionMs <= 0 || sensor.eventResolutionMs !== resolutionMs) {
        const message = 'Sensors of devices scheduled together record at one and the same resolution.';
        throw new DomainError('INVALID_RESOLUTION', message, field);
      }
      if (sensors.some((other) => other.id === id)) {
        throw new DomainError('FLEX_MODEL_INVALID', `Sensor ${id} has two flex-models.`, field);
      }
      sensors.push(sensor);
    }
    return sensors;
  }

  /** Attributes of an asset, on top of those of the assets that it is a part of. */
  private async attributesOf(asset: Asset): Promise<Attributes> {
    if (asset.parentAssetId === null) return asset.attributes;
    const parent = await this.assets.get(asset.parentAssetId);
    return { ...(await this.attributesOf(parent)), ...asset.attributes };
  }
}

/** When targets are due, for the length of the window. */
function targetsOf({ flexModel }: SiteScheduleRequest, timezone: string) {
  return flexModel.flatMap((model) => {
    const raw = model['soc-targets'];
    if (raw === undefined || raw === null) return [];
    const targets = parseVariableQuantity(raw, 'soc-targets', timezone);
    return targets.kind === 'series'
      ? targets.entries.map(({ endMs }) => ({ socMwh: 0, datetimeMs: endMs }))
      : [];
  });
}

function inflexibleSensors(flexContext: Record<string, unknown>): number[] {
  const ids = flexContext['inflexible-device-sensors'] ?? [];
  if (Array.isArray(ids) && ids.every((id): id is number => Number.isInteger(id))) return ids;
  throw flexError('inflexible-device-sensors', 'a list of sensor ids is needed.');
}
