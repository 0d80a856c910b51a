import { Injectable } from '@nestjs/common';
import { UsersService, type User } from '#lib/accounts';
import { isAllowed, type Permission, type Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { assetRules, AssetsService, AssetTree, type Attributes } from '#lib/assets';
import { SensorChangesService } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import { sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import { MINUTE_MS } from '#lib/time';
import { isPowerUnit, isPriceUnit } from '#lib/units';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { rejected, unauthorized, unprocessable } from '../../http/errors/api-error';
import { AttributeReferences } from '../../v3/assets/attribute-references.service';
import { Connections } from '../exchange/connections.service';
import { Owners } from '../exchange/owners.service';
import type { LegacyAssetPatch, LegacyAssetPost } from './assets.dto';
import { attributesOf, toLegacyAsset } from './assets.mapper';

type LegacyAsset = ReturnType<typeof toLegacyAsset>;

const ADMIN = 'admin';

/** Assets of version 2.0. Each is a power sensor with its asset, and has the id of the sensor. */
@Injectable()
export class LegacyAssets {
  constructor(
    private readonly connections: Connections,
    private readonly owners: Owners,
    private readonly users: UsersService,
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly tree: AssetTree,
    private readonly changes: SensorChangesService,
    private readonly removal: AssetRemovalService,
    private readonly references: AttributeReferences,
    private readonly transactions: Transactions,
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

  /** Creates an asset in the account of its owner. @throws ApiError 422; DomainError as AssetsService.create, SensorsService.create */
  async create(fields: LegacyAssetPost, requester: Requester): Promise<LegacyAsset> {
    const owner = await this.getOwner(fields.owner_id);
    const attributes = attributesOf(fields);
    checkStorage(attributes);
    await this.checkMarket(fields.market_id);
    await this.references.check(attributes, requester);
    const { name, unit, latitude, longitude } = fields;
    const assetTypeId = await this.getTypeId(fields.asset_type);
    return this.transactions.run(async () => {
      const asset = await this.assets.create({
        ...{ name, assetTypeId, latitude, longitude, attributes, accountId: owner.accountId },
      });
      const eventResolutionMs = fields.event_resolution * MINUTE_MS;
      const sensor = await this.sensors.create({
        ...{ name, unit, eventResolutionMs, timezone: 'UTC', assetId: asset.id },
      });
      return this.show(sensor);
    });
  }

  /**
   * Changes the fields that are given.
   * @throws ApiError 404, 403, 422, 400 for an owner of another account; DomainError as AssetsService.update,
   *   SensorChangesService.update
   */
  async update(id: number, fields: LegacyAssetPatch, requester: Requester): Promise<LegacyAsset> {
    const sensor = await this.find(id, 'update', requester);
    const { name, unit, event_resolution: minutes, latitude, longitude, owner_id: ownerId } = fields;
    const isOfSensor = name !== undefined || unit !== undefined || minutes !== undefined;
    if (isOfSensor) requirePermission(requester, 'update', sensorRules(sensor));
    if (ownerId !== undefined && (await this.getOwner(ownerId)).accountId !== sensor.asset.accountId)
      throw rejected(400, 'INVALID_REQUEST', `Owner ${ownerId} belongs to another account than the asset.`);
    const asset = await this.assets.get(sensor.assetId);
    const given = attributesOf(fields);
    checkStorage({ ...asset.attributes, ...sensor.attributes, ...given });
    if (fields.market_id !== undefined) await this.checkMarket(fields.market_id);
    await this.references.check({ ...asset.attributes, ...given }, requester, asset.attributes);
    const assetTypeId = fields.asset_type === undefined ? undefined : await this.getTypeId(fields.asset_type);
    // Attributes of the sensor have priority over those of its asset, so that both are set.
    const own = Object.fromEntries(Object.entries(given).filter(([key]) => key in sensor.attributes));
    return this.transactions.run(async () => {
      await this.assets.update(asset, {
        ...{ name, latitude, longitude, assetTypeId },
        attributes: withChanges(asset.attributes, given),
      });
      await this.changes.update(sensor, {
        ...{ name, unit, attributes: withChanges(sensor.attributes, own) },
        ...(minutes !== undefined && { eventResolutionMs: minutes * MINUTE_MS }),
      });
      return this.show(await this.sensors.get(id));
    });
  }

  /** Deletes the sensor with its data, and the asset if nothing else is left of it. @throws ApiError 404, 403 */
  async delete(id: number, requester: Requester): Promise<void> {
    const { assetId } = await this.find(id, 'delete', requester);
    const sensors = await this.sensors.listByAsset(assetId);
    const below = await this.tree.findTree([assetId]);
    if (sensors.length === 1 && below.length === 1) await this.removal.removeAsset(assetId);
    else await this.removal.removeSensors([id]);
  }

  private async show(sensor: Sensor): Promise<LegacyAsset> {
    return toLegacyAsset(sensor, (await this.owners.of([sensor]))(sensor));
  }

  private async find(id: number, permission: Permission, requester: Requester): Promise<Sensor> {
    const sensor = await this.sensors.find(id);
    if (!sensor || !isPowerUnit(sensor.unit)) throw rejected(404, 'NOT_FOUND', `Asset ${id} was not found.`);
    if (!isAllowed(requester, permission, assetRules(sensor.asset))) throw unauthorized();
    return sensor;
  }

  private async getOwner(id: number): Promise<User> {
    const owner = id > MAX_ID ? null : await this.users.findById(id);
    if (!owner) throw unprocessable('json', { owner_id: [`Owner with id ${id} doesn't exist.`] });
    return owner;
  }

  private async checkMarket(id: number): Promise<void> {
    const market = await this.sensors.find(id);
    if (!market || !isPriceUnit(market.unit))
      throw unprocessable('json', { market_id: [`Market with id ${id} doesn't exist.`] });
  }

  private async getTypeId(name: string): Promise<number> {
    const type = (await this.assets.listTypes()).find((one) => one.name === name);
    if (!type) throw unprocessable('json', { asset_type: [`Asset type ${name} doesn't exist.`] });
    return type.id;
  }
}

/** Attributes with some of them changed; undefined if there are no changes. */
const withChanges = (attributes: Attributes, changes: Attributes): Attributes | undefined =>
  Object.keys(changes).length === 0 ? undefined : { ...attributes, ...changes };

/** The largest id that the database can store. */
const MAX_ID = 2_147_483_647;

/** @throws ApiError 422 if the highest state of charge is below the lowest */
function checkStorage({ max_soc_in_mwh: max, min_soc_in_mwh: min }: Readonly<Record<string, unknown>>): void {
  if (typeof max !== 'number' || typeof min !== 'number' || max >= min) return;
  const reason = 'This value must be equal or higher than the minimum soc.';
  throw unprocessable('json', { max_soc_in_mwh: [reason] });
}
