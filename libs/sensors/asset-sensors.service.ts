import { Injectable } from '@nestjs/common';
import {
  AssetSensorsRepository,
  type AssetSensorListing,
  type AssetSensorPage,
} from './asset-sensors.repository';

/** Lists of the sensors of an asset. */
@Injectable()
export class AssetSensors {
  constructor(private readonly sensors: AssetSensorsRepository) {}

  /** A page of the sensors of an asset. */
  list(listing: AssetSensorListing): Promise<AssetSensorPage> {
    return this.sensors.list(listing);
  }
}
