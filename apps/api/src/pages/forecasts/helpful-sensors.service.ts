import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { canRead, SensorsService, type Sensor } from '#lib/sensors';

/** Maximum number of sensors that are offered. */
const MAX_SENSORS = 200;

/** Finds sensors whose values may help to forecast another one, such as a temperature. */
@Injectable()
export class HelpfulSensors {
  constructor(private readonly sensors: SensorsService) {}

  /** The other sensors of the account of a sensor, and public ones, as options of a form: id and name. */
  async choicesFor({ id, asset }: Sensor, user: Requester): Promise<[id: string, name: string][]> {
    const { items } = await this.sensors.page({
      accountIds: asset.accountId === null ? [] : [asset.accountId],
      ...{ isWithPublic: true, amongAssets: user.assetIds, offset: 0, limit: MAX_SENSORS },
    });
    const others = items.filter((one) => one.id !== id).map((one) => one.id);
    const readable = (await this.sensors.listByIds(others)).filter(canRead(user));
    return readable
      .filter(({ eventResolutionMs }) => eventResolutionMs > 0)
      .map((one) => [String(one.id), `${one.name} (${one.asset.name}), ${one.unit || 'no unit'}`]);
  }
}
