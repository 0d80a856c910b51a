import { Inject, Injectable } from '@nestjs/common';
import { isAllowed, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, AssetTree, type DetailedAsset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { deviceKind, isStorageType } from '#lib/scheduling/model/flex';
import { canRead, SensorsService } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { localOf } from '../forms/local-times';
import type { PlannedDevice, StartForm } from './starting-conditions';

/** The devices of a site, and the clock on which its times are shown. */
export interface PlannedSite {
  /** Those that store a flex-model; the asset itself if none does. */
  devices: PlannedDevice[];
  /** Whether a device stores a flex-model, so that schedules have it without being told. */
  isStored: (device: PlannedDevice) => boolean;
  timezone: string;
  nowMs: number;
  /** What a form suggests: the next quarter of an hour, and a day. */
  suggested: StartForm;
}

/** More devices are planned, but not asked about. */
const MAX_DEVICES = 20;

const QUARTER_MS = 900_000;

/** Finds what a form about a plan of a site asks for. */
@Injectable()
export class SiteDevices {
  constructor(
    private readonly tree: AssetTree,
    private readonly assets: AssetsService,
    private readonly charts: ChartsService,
    private readonly sensors: SensorsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param ownModel the flex-model of the asset itself; by default the stored one */
  async of(
    asset: DetailedAsset,
    user: Requester,
    ownModel: Record<string, unknown> = asset.flexModel,
  ): Promise<PlannedSite> {
    const below = await this.tree.findFlexModelsBelow(asset.id);
    const others = below.filter(({ id }) => id !== asset.id).slice(0, MAX_DEVICES);
    const isOwn = Object.keys(ownModel).length > 0 || others.length === 0;
    const devices: PlannedDevice[] = isOwn ? [deviceOf(asset, ownModel)] : [];
    for (const { id, flexModel } of others) {
      const found: DetailedAsset | null = await this.assets.find(id);
      if (found && isAllowed(user, 'read', assetRules(found))) devices.push(deviceOf(found, flexModel));
    }
    const timezone = await this.timezoneOf(asset, devices, user);
    const nowMs = this.clock.now();
    const start = localOf(Math.ceil(nowMs / QUARTER_MS) * QUARTER_MS, timezone);
    const stored = new Set(below.map(({ id }) => id));
    return {
      ...{ devices, timezone, nowMs, isStored: ({ assetId }) => stored.has(assetId) },
      suggested: { start, duration: 'PT24H', storages: {} },
    };
  }

  /** The time zone of what the asset shows; of an asset that shows nothing, that of its first device with a sensor. */
  private async timezoneOf(
    asset: DetailedAsset,
    devices: readonly PlannedDevice[],
    user: Requester,
  ): Promise<string> {
    const { sensors, timezone } = await this.charts.getAssetInfo(asset, canRead(user));
    if (sensors.length > 0) return timezone;
    for (const { assetId } of devices) {
      const [sensor] = await this.sensors.listByAsset(assetId);
      if (sensor) return sensor.timezone;
    }
    return timezone;
  }
}

const deviceOf = (asset: DetailedAsset, flexModel: Record<string, unknown>): PlannedDevice => ({
  assetId: asset.id,
  name: asset.name,
  isStorage: deviceKind({ flexModel, isStorageType: isStorageType(asset) }) === 'storage',
});
