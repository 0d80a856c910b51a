import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { readableAccountIds, type Requester } from '#lib/accounts/model';
import { canRead, SensorsService, type Sensor } from '#lib/sensors';

/** Finds the sensors that old messages name, among those that the requester can read. */
@Injectable()
export class NamedSensors {
  constructor(
    private readonly sensors: SensorsService,
    private readonly accounts: AccountsService,
  ) {}

  /** The sensor with this id; undefined if there is none that the requester can read. */
  async findById(id: number, user: Requester): Promise<Sensor | undefined> {
    const sensor = await this.sensors.find(id);
    return sensor && canRead(user)(sensor) ? sensor : undefined;
  }

  /**
   * The sensors whose name, or else the name of whose asset, is this one. Public ones on demand.
   */
  async listByName(name: string, user: Requester, { isWithPublic = false } = {}): Promise<Sensor[]> {
    const found = await this.list(user, { isWithPublic, filter: name });
    const named = found.filter((sensor) => sensor.name === name);
    return named.length > 0 ? named : found.filter(({ asset }) => asset.name === name);
  }

  /** All sensors of the accounts that the requester can read, with their assets, ordered by id. */
  async list(
    user: Requester,
    { isWithPublic = false, filter }: { isWithPublic?: boolean; filter?: string } = {},
  ): Promise<Sensor[]> {
    const accountIds = readableAccountIds(user) ?? (await this.accounts.list()).map(({ id }) => id);
    const { items } = await this.sensors.page({
      ...{ accountIds, isWithPublic, filter },
      amongAssets: user.assetIds,
    });
    return this.sensors.listByIds(items.map(({ id }) => id));
  }
}
