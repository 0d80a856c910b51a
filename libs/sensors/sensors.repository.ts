import { Injectable } from '@nestjs/common';
import { Any, IsNull, Not, Raw, type FindOptionsWhere } from 'typeorm';
import type { Asset, Attributes } from '#lib/assets';
import { containsText, findPage, Transactions, type ListPage, type PageRequest } from '#lib/database';
import { Sensor } from './sensor.entity';
import { SENSOR_BY_ID, SENSORS_BY_IDS, toSensor, type SensorRow } from './sensor.sql';

/** The columns of a new sensor. */
export type NewSensor = Pick<Sensor, 'name' | 'unit' | 'eventResolutionMs' | 'timezone' | 'assetId'> &
  Partial<Pick<Sensor, 'attributes' | 'knowledgeHorizonFnc' | 'knowledgeHorizonPar'>>;

/** Selects the sensors to list. */
export interface SensorListing extends PageRequest {
  /** Accounts of the assets; undefined for all accounts. */
  accountIds: readonly number[] | undefined;
  /** Whether sensors of public assets are listed too. */
  isWithPublic?: boolean;
  /** Only sensors of these assets. Public assets among them are listed too. */
  assetIds?: readonly number[];
  unit?: string;
  /** List only sensors of the account's assets with these ids; undefined for all. */
  amongAssets?: ReadonlySet<number>;
}

/** A page of sensors, and how long the list is. */
export interface SensorRecords extends ListPage<Sensor> {
  /** Number of sensors without the filter. */
  totalUnfiltered: number;
}

/** How a sensor is called, and on which asset. */
export type SensorName = Pick<Sensor, 'id' | 'name' | 'assetId'>;

/** The fields of a sensor that can be changed. The stored beliefs depend on its unit and its resolution. */
export type SensorPatchFields = Partial<
  Pick<Sensor, 'name' | 'timezone' | 'attributes' | 'unit' | 'eventResolutionMs'>
>;

@Injectable()
export class SensorsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Includes the assets and asset types. */
  async findByIds(ids: number[]): Promise<Sensor[]> {
    const rows = await (ids.length === 1
      ? this.transactions.selectShared<SensorRow>(SENSOR_BY_ID, ids)
      : this.transactions.selectShared<SensorRow>(SENSORS_BY_IDS, [ids]));
    return rows.map(toSensor);
  }

  findByAsset(assetId: number): Promise<Sensor[]> {
    return this.sensors.find({ where: { assetId }, order: { id: 'ASC' } });
  }

  /** The sensors of the assets, ordered by id. */
  findByAssets(assetIds: readonly number[]): Promise<Sensor[]> {
    return this.sensors.find({ where: { assetId: Any([...assetIds]) }, order: { id: 'ASC' } });
  }

  /** Names of the sensors of the assets, ordered by id. */
  findNamesByAssets(assetIds: number[]): Promise<SensorName[]> {
    const select = { id: true, name: true, assetId: true } as const;
    return this.sensors.find({ select, where: { assetId: Any(assetIds) }, order: { id: 'ASC' } });
  }

  /**
   * A page of sensors, ordered by id. The filter is a part of the name of the sensor, its asset or its account, or the
   * first digits of the id of the sensor.
   */
  async list(listing: SensorListing): Promise<SensorRecords> {
    const found = await findPage(
      this.sensors,
      { where: toConditions(listing), order: { id: 'ASC' } },
      listing,
    );
    const isCounted = listing.filter !== undefined && listing.limit !== undefined;
    const unfiltered = { ...listing, filter: undefined };
    return {
      ...found,
      totalUnfiltered: isCounted
        ? await this.sensors.count({ where: toConditions(unfiltered) })
        : found.total,
    };
  }

  async findIds(): Promise<number[]> {
    const sensors = await this.sensors.find({ select: { id: true }, order: { id: 'ASC' } });
    return sensors.map(({ id }) => id);
  }

  findByName(name: string, assetId: number): Promise<Sensor | null> {
    return this.sensors.findOneBy({ name, assetId });
  }

  /**
   * Id of the nearest sensor with a name, among those of an account and public ones. Of equally near sensors, the one with
   * the lowest id. Distances follow the haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984).
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

  /** Ids of the sensors of assets that stand exactly at a place (degrees), in their order. */
  async findIdsAt({ latitude, longitude }: { latitude: number; longitude: number }): Promise<number[]> {
    const rows = await this.transactions.select<{ id: number }>(
      `SELECT sensor.id
       FROM sensor JOIN generic_asset asset ON asset.id = sensor.generic_asset_id
       WHERE asset.latitude = $1 AND asset.longitude = $2
       ORDER BY sensor.id`,
      [latitude, longitude],
    );
    return rows.map(({ id }) => id);
  }

  /** Locks sensors against changes and new beliefs by others. Call it in a transaction. @returns ids of existing sensors */
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

  /** Sets some attributes and keeps the others, also those that are written concurrently. */
  async mergeAttributes(id: number, attributes: Attributes): Promise<void> {
    await this.transactions.query(
      '/* prepared */ UPDATE sensor SET attributes = attributes || $2::jsonb WHERE id = $1',
      [id, JSON.stringify(attributes)],
    );
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

/** The conditions of which a sensor must meet one to be listed. */
function toConditions(listing: SensorListing): FindOptionsWhere<Sensor>[] {
  const { accountIds, isWithPublic = false, assetIds, unit, filter, amongAssets } = listing;
  const ownIds =
    assetIds && amongAssets ? assetIds.filter((id) => amongAssets.has(id)) : (assetIds ?? amongAssets);
  const owners: FindOptionsWhere<Asset>[] = [
    { accountId: accountIds ? Any([...accountIds]) : Not(IsNull()), ...(ownIds && { id: Any([...ownIds]) }) },
    ...(assetIds ? [{ accountId: IsNull(), id: Any([...assetIds]) }] : []),
    ...(isWithPublic ? [{ accountId: IsNull() }] : []),
  ];
  return owners.flatMap((asset) =>
    conditionsOf(filter).map((condition): FindOptionsWhere<Sensor> => ({
      ...condition,
      asset: { ...(condition.asset as object | undefined), ...asset },
      ...(unit !== undefined && { unit }),
    })),
  );
}

/** The conditions of which a sensor must meet one, for a text to find sensors by. */
function conditionsOf(filter: string | undefined): FindOptionsWhere<Sensor>[] {
  if (filter === undefined) return [{}];
  const name = containsText(filter);
  return [
    { name },
    { asset: { name } },
    { asset: { account: { name } } },
    ...(/^\d+$/.test(filter)
      ? [{ id: Raw((column) => `CAST(${column} AS text) LIKE :digits`, { digits: `${filter}%` }) }]
      : []),
  ];
}
