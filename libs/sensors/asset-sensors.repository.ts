import { Injectable } from '@nestjs/common';
import { literalPattern, Transactions, type PageRequest } from '#lib/database';
import { Sensor } from './sensor.entity';

/** Selects sensors of an asset. */
export interface AssetSensorListing extends Omit<PageRequest, 'filter'> {
  assetId: number;
  /** One of them must be part of the name of the sensor, or the first digits of its id. */
  terms?: readonly string[];
  /** Default: id. */
  sortBy?: 'id' | 'name' | 'resolution';
  isDescending?: boolean;
}

/** A page of the sensors of an asset, and how long the list is. */
export interface AssetSensorPage {
  items: Sensor[];
  /** Number of sensors on all pages. */
  total: number;
  /** The same without the search terms. */
  totalUnfiltered: number;
}

const SORTED_BY = { id: 'sensor.id', name: 'sensor.name', resolution: 'sensor.eventResolutionMs' } as const;

/** Lists of the sensors of an asset. */
@Injectable()
export class AssetSensorsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** A page of sensors, ordered by `sortBy` and by id. */
  async list(listing: AssetSensorListing): Promise<AssetSensorPage> {
    const { assetId, terms = [], sortBy = 'id', isDescending = false, offset, limit } = listing;
    const direction = isDescending ? 'DESC' : 'ASC';
    const query = this.transactions.manager
      .getRepository(Sensor)
      .createQueryBuilder('sensor')
      .where('sensor.assetId = :assetId', { assetId });
    const totalUnfiltered = terms.length > 0 ? await query.getCount() : undefined;
    if (terms.length > 0) {
      const literals = terms.map(literalPattern);
      query.andWhere('(sensor.name ILIKE ANY(:parts) OR sensor.id::text LIKE ANY(:prefixes))', {
        parts: literals.map((term) => `%${term}%`),
        prefixes: literals.map((term) => `${term}%`),
      });
    }
    query.orderBy(SORTED_BY[sortBy], direction).addOrderBy('sensor.id', direction);
    const [items, total] = await query.offset(offset).limit(limit).getManyAndCount();
    return { items, total, totalUnfiltered: totalUnfiltered ?? total };
  }
}
