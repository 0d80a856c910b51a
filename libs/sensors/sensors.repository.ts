import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Attributes } from '#lib/assets';
import { holding, listed, Transactions, type Listed, type Listing } from '#lib/database';
import { Sensor } from './sensor.entity';
import { SENSORS_BY_ID, toSensor, type SensorRow } from './sensor.sql';

/** The columns of a new sensor. */
export type NewSensor = Pick<Sensor, 'name' | 'unit' | 'eventResolutionMs' | 'timezone' | 'assetId'> &
  Partial<Pick<Sensor, 'attributes' | 'knowledgeHorizonFnc' | 'knowledgeHorizonPar'>>;

/** Which sensors are listed. */
export interface SensorListing extends Listing {
  /** Account of their assets; public assets count as well where one asset is named. */
  accountId: number;
  assetId?: number;
  unit?: string;
}

/** What can be changed of a sensor; unit and resolution give stored beliefs their meaning. */
export type SensorPatchFields = Partial<Pick<Sensor, 'name' | 'timezone' | 'attributes'>>;

@Injectable()
export class SensorsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** With their assets, and the types of those. */
  async findByIds(ids: number[]): Promise<Sensor[]> {
    return (await this.transactions.ask<SensorRow>(SENSORS_BY_ID, [ids])).map(toSensor);
  }

  findByAsset(assetId: number): Promise<Sensor[]> {
    return this.sensors.find({ where: { assetId }, order: { id: 'ASC' } });
  }

  /** By id. */
  list(listing: SensorListing): Promise<Listed<Sensor>> {
    const { accountId, assetId, unit, filter } = listing;
    const asked = {
      ...(assetId !== undefined && { assetId }),
      ...(unit !== undefined && { unit }),
      ...(filter !== undefined && { name: holding(filter) }),
    };
    const owners = assetId === undefined ? [accountId] : [accountId, IsNull()];
    const where = owners.map((owner) => ({ ...asked, asset: { accountId: owner } }));
    return listed(this.sensors, { where, order: { id: 'ASC' } }, listing);
  }

  async findIds(): Promise<number[]> {
    const sensors = await this.sensors.find({ select: { id: true }, order: { id: 'ASC' } });
    return sensors.map(({ id }) => id);
  }

  findByName(name: string, assetId: number): Promise<Sensor | null> {
    return this.sensors.findOneBy({ name, assetId });
  }

  /**
   * Id of the sensor of a name whose asset lies nearest, of an account or public; of equally near ones the oldest.
   * Nearness is that of the haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984).
   */
  async findNearestId(
    name: string,
    place: { latitude: number; longitude: number; accountId: number | null },
  ): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      `SELECT sensor.id
       FROM sensor JOIN generic_asset asset ON asset.id = sensor.generic_asset_id
       WHERE replace(lower(sensor.name), '_', ' ') = replace(lower($1), '_', ' ')
         AND asset.latitude IS NOT NULL AND asset.longitude IS NOT NULL
         AND (asset.account_id IS NULL OR asset.account_id = $4)
       ORDER BY sind((asset.latitude - $2) / 2) ^ 2
         + cosd(asset.latitude) * cosd($2) * sind((asset.longitude - $3) / 2) ^ 2, sensor.id
       LIMIT 1`,
      [name, place.latitude, place.longitude, place.accountId],
    );
    return row?.id;
  }

  /** Ids of those of the sensors that exist, which nobody else may change or write to; in a transaction. */
  lock(ids: number[]): Promise<number[]> {
    return this.lockWhere('id', ids);
  }

  /** As `lock`, for all sensors of the assets. */
  lockOfAssets(assetIds: number[]): Promise<number[]> {
    return this.lockWhere('generic_asset_id', assetIds);
  }

  async update(id: number, columns: SensorPatchFields): Promise<void> {
    await this.sensors.update({ id }, columns as Parameters<typeof this.sensors.update>[1]);
  }

  async setEventResolution(id: number, eventResolutionMs: number): Promise<void> {
    await this.sensors.update({ id }, { eventResolutionMs });
  }

  /** Sets some attributes and leaves the others, whoever writes at the same time. */
  async mergeAttributes(id: number, attributes: Attributes): Promise<void> {
    await this.transactions.query('UPDATE sensor SET attributes = attributes || $2::jsonb WHERE id = $1', [
      id,
      JSON.stringify(attributes),
    ]);
  }

  async delete(ids: number[]): Promise<void> {
    await this.transactions.query('DELETE FROM sensor WHERE id = ANY($1::int[])', [ids]);
  }

  async deleteAll(): Promise<void> {
    await this.transactions.query('DELETE FROM sensor');
  }

  insert(sensor: NewSensor): Promise<Sensor> {
    return this.sensors.save(this.sensors.create(sensor));
  }

  private async lockWhere(column: 'id' | 'generic_asset_id', values: number[]): Promise<number[]> {
    const rows = await this.transactions.query<{ id: number }>(
      `SELECT id FROM sensor WHERE ${column} = ANY($1::int[]) ORDER BY id FOR UPDATE`,
      [values],
    );
    return rows.map(({ id }) => id);
  }

  private get sensors() {
    return this.transactions.manager.getRepository(Sensor);
  }
}
