import { Inject, Injectable } from '@nestjs/common';
import { accountRules, isAllowed, type Requester } from '#lib/accounts/model';
import { AssetsService } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import { canRead, SensorsService, type Sensor } from '#lib/sensors';
import type { EntityAddress } from '#lib/sensors/model';
import { unrecognizedSensor } from '../messages/rejections';
import { normalisedKind, unitsOfKind } from './weather-kinds';

/** A place where a quantity is measured; degrees. */
export type WeatherPlace = Extract<EntityAddress, { kind: 'weather-sensor' }>;

/** Weather sensors by what they measure, and where. */
@Injectable()
export class WeatherSensors {
  constructor(
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'mode' | 'timezone'>,
  ) {}

  /**
   * The sensor at a place whose name, or the type of whose asset, is the quantity. In play mode, it is created in the account of
   * the user if there is none, for users who may create assets there.
   * @param resolutionMs of a new sensor
   * @throws ApiError UNRECOGNIZED_SENSOR with the place of the nearest one
   */
  async findAt(place: WeatherPlace, user: Requester, resolutionMs: number): Promise<Sensor> {
    const kind = normalisedKind(place.sensorType);
    const there = (await this.sensors.listAt(place)).filter(canRead(user));
    const found = there.filter(
      ({ name, asset }) => normalisedKind(name) === kind || normalisedKind(asset.assetType.name) === kind,
    );
    // Of several sensors, that of the own account.
    const sensor = found.find(({ asset }) => asset.accountId === user.accountId) ?? found[0];
    if (sensor) return sensor;
    if (this.mayCreate(user) && unitsOfKind(kind)) return this.create(kind, place, user, resolutionMs);
    const nearest = await this.sensors.findNearest(kind, { ...place, accountId: user.accountId });
    throw unrecognizedSensor(nearest && canRead(user)(nearest) ? nearest.asset : undefined);
  }

  private mayCreate(user: Requester): boolean {
    if (this.settings.mode !== 'play' || user.assetIds !== undefined) return false;
    return isAllowed(user, 'create-children', accountRules({ id: user.accountId }));
  }

  private async create(
    kind: string,
    { latitude, longitude }: WeatherPlace,
    { accountId }: Requester,
    eventResolutionMs: number,
  ): Promise<Sensor> {
    const type = await this.assets.ensureType('weather station', 'weather station');
    const asset = await this.assets.create({
      name: `Weather sensor for ${kind} at latitude ${latitude} and longitude ${longitude}`,
      ...{ assetTypeId: type.id, accountId, latitude, longitude },
    });
    return this.sensors.create({
      ...{ name: kind, unit: unitsOfKind(kind)![0], timezone: this.settings.timezone, assetId: asset.id },
      eventResolutionMs,
    });
  }
}
