import { Injectable } from '@nestjs/common';
import type { Permission, Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { assetRules, AssetTree } from '#lib/assets';
import { SensorsService, type Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { rejected, unauthorized } from '../../http/errors/api-error';
import { Connections } from '../exchange/connections.service';
import { Owners } from '../exchange/owners.service';
import { toLegacyAsset } from './assets.mapper';

export type LegacyAsset = ReturnType<typeof toLegacyAsset>;

const ADMIN = 'admin';

/** Assets of version 2.0. Each is a power sensor with its asset, and has the id of the sensor. */
@Injectable()
export class LegacyAssets {
  constructor(
    private readonly connections: Connections,
    private readonly owners: Owners,
    private readonly sensors: SensorsService,
    private readonly tree: AssetTree,
    private readonly removal: AssetRemovalService,
  ) {}

  /** The assets that the requester can read, or those of an owner. @throws ApiError 403 for another owner, unless by an admin */
  async list(ownerId: number | undefined, requester: Requester): Promise<LegacyAsset[]> {
    if (ownerId !== undefined && ownerId !== requester.id && !requester.roles.includes(ADMIN))
      throw unauthorized();
    const sensors = await this.connections.list(requester);
    const ownerOf = await this.owners.of(sensors);
    return sensors
      .filter((sensor) => ownerId === undefined || ownerOf(sensor) === ownerId)
      .map((sensor) => toLegacyAsset(sensor, ownerOf(sensor)));
  }

  /** @throws ApiError 404, 403 */
  async get(id: number, requester: Requester): Promise<LegacyAsset> {
    return this.show(await this.find(id, 'read', requester));
  }

  /** Deletes the sensor with its data, and the asset if nothing else is left of it. @throws ApiError 404, 403 */
  async delete(id: number, requester: Requester): Promise<void> {
    const { assetId } = await this.find(id, 'delete', requester);
    const sensors = await this.sensors.listByAsset(assetId);
    const below = await this.tree.findTree([assetId]);
    if (sensors.length === 1 && below.length === 1) await this.removal.removeAsset(assetId);
    else await this.removal.removeSensors([id]);
  }

  /** The answer about an asset. */
  async show(sensor: Sensor): Promise<LegacyAsset> {
    return toLegacyAsset(sensor, (await this.owners.of([sensor]))(sensor));
  }

  /** The power sensor of an asset. @throws ApiError 404, 403 without the permission */
  async find(id: number, permission: Permission, requester: Requester): Promise<Sensor> {
    const sensor = await this.sensors.find(id);
    if (!sensor || !isPowerUnit(sensor.unit)) throw rejected(404, 'NOT_FOUND', `Asset ${id} was not found.`);
    requirePermission(requester, permission, assetRules(sensor.asset));
    return sensor;
  }
}
