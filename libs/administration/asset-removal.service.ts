import { Injectable } from '@nestjs/common';
import { AssetsService, AssetTree } from '#lib/assets';
import { BeliefMaintenanceService } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { AnnotationsService, SensorsService } from '#lib/sensors';

/**
 * Deletes assets and sensors with the beliefs about them. Beliefs have no foreign key to their sensor. Sensors are therefore
 * locked first, so that nobody saves beliefs about them in the meantime.
 */
@Injectable()
export class AssetRemovalService {
  constructor(
    private readonly assets: AssetsService,
    private readonly tree: AssetTree,
    private readonly sensors: SensorsService,
    private readonly annotations: AnnotationsService,
    private readonly maintenance: BeliefMaintenanceService,
    private readonly transactions: Transactions,
  ) {}

  /** Deletes sensors, all or nothing. @returns the number of deleted beliefs. @throws DomainError SENSOR_NOT_FOUND */
  removeSensors(ids: number[]): Promise<number> {
    return this.transactions.run(async () => {
      const found = await this.sensors.lock(ids);
      const missing = ids.find((id) => !found.includes(id));
      if (missing !== undefined) {
        throw new DomainError('SENSOR_NOT_FOUND', `There is no sensor with id ${missing}.`, 'id');
      }
      const beliefs = await this.maintenance.deleteAboutLocked(ids);
      await this.sensors.delete(ids);
      return beliefs;
    });
  }

  /**
   * Deletes an asset, all its descendants and their sensors, all or nothing.
   * @returns the number of deleted beliefs. @throws DomainError ASSET_NOT_FOUND
   */
  removeAsset(id: number): Promise<number> {
    return this.transactions.run(async () => {
      await this.assets.get(id);
      return this.removeTrees([id]);
    });
  }

  /** As `removeAsset`, for all assets of an account. The caller must have locked the account. */
  removeAssetsOfAccount(accountId: number): Promise<number> {
    return this.transactions.run(async () => {
      const assets = await this.assets.listByAccount(accountId);
      return this.removeTrees(assets.map(({ id }) => id));
    });
  }

  /** Deletes all assets, asset types, sensors, annotations and beliefs, all or nothing. */
  removeAll(): Promise<void> {
    return this.transactions.run(async () => {
      await this.annotations.deleteAll();
      await this.sensors.deleteAll();
      await this.assets.deleteAll();
      // Last, when no writer can hold a lock on a sensor, to prevent deadlocks.
      await this.maintenance.deleteAll();
    });
  }

  private async removeTrees(assetIds: number[]): Promise<number> {
    // Lock sensors before their assets, in the same order as saving a schedule does, to prevent deadlocks.
    await this.sensors.lockOfAssets(await this.tree.findTree(assetIds));
    const tree = await this.tree.lockTree(assetIds);
    // Lock again, for sensors that were added before the assets were locked.
    const sensorIds = await this.sensors.lockOfAssets(tree);
    const beliefs = await this.maintenance.deleteAboutLocked(sensorIds);
    await this.sensors.delete(sensorIds);
    await this.assets.delete(assetIds);
    return beliefs;
  }
}
