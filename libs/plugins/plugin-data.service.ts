import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import {
  accountRules,
  HOST,
  isAllowed,
  type Permission,
  type AccessRules,
  type Requester,
} from '#lib/accounts/model';
import { AssetLists, assetRules, AssetsService, type DetailedAsset } from '#lib/assets';
import { BeliefsService, knowledgeHorizonOf } from '#lib/beliefs';
import { beliefHorizonsAt } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import type {
  BeliefPeriod,
  DayAheadTime,
  NewBeliefs,
  NewPluginAsset,
  NewPluginSensor,
  PluginAsset,
  PluginData,
  PluginEvent,
  PluginSensor,
} from '#lib/plugin-api';
import { sensorRules, SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';

/** Type of the data sources of plugins. */
const SOURCE_TYPE = 'CLI script';

/** More assets are not listed. */
const MAX_ASSETS = 10_000;

/** Assets, sensors and beliefs for plugins. */
@Injectable()
export class PluginDataService {
  constructor(
    readonly accounts: AccountsService,
    readonly assets: AssetsService,
    readonly lists: AssetLists,
    readonly sensors: SensorsService,
    readonly sources: SourcesService,
    readonly beliefs: BeliefsService,
    readonly transactions: Transactions,
    @Inject(CLOCK) readonly clock: Clock,
  ) {}

  /** @param requester the user for whom the plugin works; the host by default */
  for(requester: Requester = HOST): PluginData {
    return new DataOfRequester(this, requester);
  }
}

class DataOfRequester implements PluginData {
  constructor(
    private readonly services: PluginDataService,
    private readonly requester: Requester,
  ) {}

  async getAsset(id: number): Promise<PluginAsset> {
    const asset = await this.services.assets.get(id);
    this.require('read', assetRules(asset), `read asset ${id}`);
    return toPluginAsset(asset);
  }

  async findAsset(name: string, accountId: number | null = null): Promise<PluginAsset | undefined> {
    const asset = await this.services.assets.findByName(name, accountId);
    return asset && isAllowed(this.requester, 'read', assetRules(asset)) ? toPluginAsset(asset) : undefined;
  }

  async listAssets(): Promise<PluginAsset[]> {
    const listing = { allAccessible: true, offset: 0, limit: MAX_ASSETS };
    const { items } = await this.services.lists.list(listing, this.requester);
    return items.map(toPluginAsset);
  }

  async addAsset({ type, accountId = null, ...asset }: NewPluginAsset): Promise<PluginAsset> {
    const rules = accountId === null ? {} : accountRules({ id: accountId });
    this.require('create-children', rules, `add assets to account ${accountId ?? 'none'}`);
    if (asset.parentAssetId != null) {
      const parent = await this.services.assets.get(asset.parentAssetId);
      this.require('create-children', assetRules(parent), `add assets to asset ${parent.id}`);
    }
    const { attributes, ...fields } = asset;
    const { id } = await this.services.transactions.run(async () => {
      const { id: assetTypeId } = await this.services.assets.ensureType(type, '');
      const added = {
        ...fields,
        accountId,
        assetTypeId,
        ...(attributes && { attributes: { ...attributes } }),
      };
      return this.services.assets.create(added);
    });
    return toPluginAsset(await this.services.assets.get(id));
  }

  async getSensor(id: number): Promise<PluginSensor> {
    return toPluginSensor(await this.sensor(id, 'read', 'read'));
  }

  async findSensor(assetId: number, name: string): Promise<PluginSensor | undefined> {
    return (await this.listSensors(assetId)).find((sensor) => sensor.name === name);
  }

  async listSensors(assetId: number): Promise<PluginSensor[]> {
    await this.getAsset(assetId);
    return (await this.services.sensors.listByAsset(assetId)).map(toPluginSensor);
  }

  async addSensor({
    resolution,
    attributes,
    knowledgeTime,
    ...sensor
  }: NewPluginSensor): Promise<PluginSensor> {
    const asset = await this.services.assets.get(sensor.assetId);
    this.require('create-children', assetRules(asset), `add sensors to asset ${asset.id}`);
    const added = await this.services.sensors.create({
      ...sensor,
      eventResolutionMs: resolution,
      ...(attributes && { attributes: { ...attributes } }),
      ...(knowledgeTime && toKnowledgeHorizon(knowledgeTime)),
    });
    return toPluginSensor(added);
  }

  async readValues(
    sensorId: number,
    { start, end, beliefsBefore, source }: BeliefPeriod,
  ): Promise<PluginEvent[]> {
    const sensor = await this.sensor(sensorId, 'read', 'read');
    const sourceIds = source && (await this.services.sources.findIds({ name: source, type: SOURCE_TYPE }));
    if (sourceIds && sourceIds.length === 0) return [];
    const { eventStarts, values } = await this.services.beliefs.latestPerEvent(sensor, {
      eventStartsAfterMs: start.getTime(),
      eventStartsBeforeMs: end.getTime(),
      ...(beliefsBefore && { beliefsBeforeMs: beliefsBefore.getTime() }),
      ...(sourceIds && { sourceIds }),
    });
    return Array.from(eventStarts, (startMs, i) => ({ start: new Date(startMs), value: values[i]! }));
  }

  async saveBeliefs(sensorId: number, beliefs: NewBeliefs): Promise<number> {
    const sensor = await this.sensor(sensorId, 'create-children', 'post data to');
    // One transaction, so that beliefs that are refused do not create a data source either.
    return this.services.transactions.run(() => this.save(sensor, beliefs));
  }

  private async save(
    sensor: Sensor,
    { source, events, beliefTime, beliefHorizon }: NewBeliefs,
  ): Promise<number> {
    const sourceId = await this.services.sources.findOrCreate({ name: source, type: SOURCE_TYPE });
    const eventStarts = Float64Array.from(events, ({ start }) => start.getTime());
    const ofAllMs = beliefTime?.getTime() ?? this.services.clock.now();
    const { saved } = await this.services.beliefs.save(sensor, {
      eventStarts,
      beliefHorizons:
        beliefHorizon === undefined
          ? beliefHorizonsAt(
              eventStarts,
              Float64Array.from(events, (event) => event.beliefTime?.getTime() ?? ofAllMs),
              sensor.eventResolutionMs,
              knowledgeHorizonOf(sensor),
            )
          : new Float64Array(events.length).fill(beliefHorizon),
      sourceIds: new Int32Array(events.length).fill(sourceId),
      cumulativeProbabilities: new Float64Array(events.length).fill(0.5),
      values: Float64Array.from(events, ({ value }) => value),
    });
    return saved;
  }

  private async sensor(id: number, permission: Permission, what: string): Promise<Sensor> {
    const sensor = await this.services.sensors.get(id);
    this.require(permission, sensorRules(sensor), `${what} sensor ${id}`);
    return sensor;
  }

  private require(permission: Permission, rules: AccessRules, what: string): void {
    if (isAllowed(this.requester, permission, rules)) return;
    throw new DomainError('NOT_PERMITTED', `User ${this.requester.id} may not ${what}.`);
  }
}

const toKnowledgeHorizon = ({ daysBefore, hour, timezone }: DayAheadTime) => ({
  knowledgeHorizonFnc: 'x_days_ago_at_y_oclock',
  knowledgeHorizonPar: { x: daysBefore, y: hour, z: timezone },
});

/** An asset as plugins see it. */
export const toPluginAsset = (asset: DetailedAsset): PluginAsset => ({
  id: asset.id,
  name: asset.name,
  type: asset.assetType.name,
  accountId: asset.accountId,
  parentAssetId: asset.parentAssetId,
  latitude: asset.latitude,
  longitude: asset.longitude,
  attributes: asset.attributes,
});

/** A sensor as plugins see it. */
export const toPluginSensor = (sensor: Sensor): PluginSensor => ({
  id: sensor.id,
  name: sensor.name,
  assetId: sensor.assetId,
  unit: sensor.unit,
  resolution: sensor.eventResolutionMs,
  timezone: sensor.timezone,
  attributes: sensor.attributes,
});
