import { Injectable } from '@nestjs/common';
import { UsersService, type User } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { AssetsService, type Attributes } from '#lib/assets';
import { SensorChangesService } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import { sensorRules, SensorsService } from '#lib/sensors';
import { MINUTE_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { unprocessable } from '../../http/errors/api-error';
import { AttributeReferences } from '../../v3/assets/attribute-references.service';
import type { LegacyAssetPatch, LegacyAssetPost } from './assets.dto';
import { attributesOf } from './assets.mapper';
import { LegacyAssets, type LegacyAsset } from './legacy-assets.service';

/** Creates and changes assets of version 2.0. */
@Injectable()
export class LegacyAssetChanges {
  constructor(
    private readonly known: LegacyAssets,
    private readonly users: UsersService,
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly changes: SensorChangesService,
    private readonly references: AttributeReferences,
    private readonly transactions: Transactions,
  ) {}

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
      return this.known.show(sensor);
    });
  }

  /**
   * Changes the fields that are given.
   * @throws ApiError 404, 403, 422, also for an owner of another account; DomainError as AssetsService.update,
   *   SensorChangesService.update
   */
  async update(id: number, fields: LegacyAssetPatch, requester: Requester): Promise<LegacyAsset> {
    const sensor = await this.known.find(id, 'update', requester);
    const { name, unit, event_resolution: minutes, latitude, longitude, owner_id: ownerId } = fields;
    const given = attributesOf(fields);
    // Attributes of the sensor have priority over those of its asset, so that both are set.
    const own = Object.fromEntries(Object.entries(given).filter(([key]) => key in sensor.attributes));
    const ofSensor = { ...own, name, unit, minutes };
    if (Object.values(ofSensor).some((value) => value !== undefined))
      requirePermission(requester, 'update', sensorRules(sensor));
    if (ownerId !== undefined) await this.getOwner(ownerId, sensor.asset.accountId);
    const asset = await this.assets.get(sensor.assetId);
    checkStorage({ ...asset.attributes, ...sensor.attributes, ...given });
    if (fields.market_id !== undefined) await this.checkMarket(fields.market_id);
    await this.references.check({ ...asset.attributes, ...given }, requester, asset.attributes);
    const assetTypeId = fields.asset_type === undefined ? undefined : await this.getTypeId(fields.asset_type);
    return this.transactions.run(async () => {
      await this.assets.update(asset, {
        // An asset with several sensors has a name of its own.
        name: asset.name === sensor.name ? name : undefined,
        ...{ latitude, longitude, assetTypeId },
      });
      await this.changes.update(sensor, {
        ...{ name, unit },
        ...(minutes !== undefined && { eventResolutionMs: minutes * MINUTE_MS }),
      });
      // Attributes that others change meanwhile stay.
      if (!isEmpty(given)) await this.assets.changeAttributes(asset.id, given);
      if (!isEmpty(own)) await this.sensors.changeAttributes(id, own);
      return this.known.show(await this.sensors.get(id));
    });
  }

  /** A user, of the account if one is given. The answer is the same for users of other accounts and those who do not exist. */
  private async getOwner(id: number, accountId?: number | null): Promise<User> {
    const owner = await this.users.findById(id);
    if (owner && (accountId === undefined || owner.accountId === accountId)) return owner;
    throw unprocessable('json', { owner_id: [`Owner with id ${id} doesn't exist.`] });
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

const isEmpty = (attributes: Attributes): boolean => Object.keys(attributes).length === 0;

/** @throws ApiError 422 if the highest state of charge is below the lowest */
function checkStorage({ max_soc_in_mwh: max, min_soc_in_mwh: min }: Readonly<Record<string, unknown>>): void {
  if (typeof max !== 'number' || typeof min !== 'number' || max >= min) return;
  const reason = 'This value must be equal or higher than the minimum soc.';
  throw unprocessable('json', { max_soc_in_mwh: [reason] });
}
