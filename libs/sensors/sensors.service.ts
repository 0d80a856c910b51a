import { Injectable } from '@nestjs/common';
import { AssetsService, AttributeRules, type Asset, type Attributes } from '#lib/assets';
import { violatedConstraint, Transactions } from '#lib/database';
import { DomainError, quoted } from '#lib/errors';
import { Events } from '#lib/events';
import { DAY_MS, isTimeZone } from '#lib/time';
import { isValidUnit } from '#lib/units';
import { Sensor } from './sensor.entity';
import { SENSOR_CREATED, SENSOR_DELETED, SENSOR_UPDATED } from './sensors.events';
import {
  SensorsRepository,
  type NewSensor,
  type SensorListing,
  type SensorName,
  type SensorPatchFields,
  type SensorRecords,
} from './sensors.repository';

/** The largest value of the id column. */
const MAX_ID = 2_147_483_647;

/** The longest event resolution: ten years. */
const MAX_RESOLUTION_MS = 3653 * DAY_MS;

/** Sensors: the time series of assets. */
@Injectable()
export class SensorsService {
  constructor(
    private readonly sensors: SensorsRepository,
    private readonly assets: AssetsService,
    private readonly attributeRules: AttributeRules,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /** The sensor with this id, if there is one. */
  async find(id: number): Promise<Sensor | undefined> {
    const [sensor] = isValidId(id) ? await this.sensors.findByIds([id]) : [];
    return sensor;
  }

  /** @throws DomainError SENSOR_NOT_FOUND; `field` is the field of the id, for the error. */
  async get(id: number, field = 'sensor'): Promise<Sensor> {
    const sensor = await this.find(id);
    if (!sensor) throw new DomainError('SENSOR_NOT_FOUND', `There is no sensor with id ${id}.`, field);
    return sensor;
  }

  /** The sensors with these ids that exist, with their assets, in the order of the ids. */
  async listByIds(ids: readonly number[]): Promise<Sensor[]> {
    const wanted = [...new Set(ids)];
    const found = await this.sensors.findByIds(wanted.filter(isValidId));
    const byId = new Map(found.map((sensor) => [sensor.id, sensor]));
    return wanted.flatMap((id) => byId.get(id) ?? []);
  }

  listByAsset(assetId: number): Promise<Sensor[]> {
    return this.sensors.findByAsset(assetId);
  }

  /** The sensors of the assets, without the assets, ordered by id. */
  listByAssets(assetIds: readonly number[]): Promise<Sensor[]> {
    return this.sensors.findByAssets(assetIds);
  }

  /** Names of the sensors of each asset, ordered by id; assets without sensors are left out. */
  async listNamesByAsset(assetIds: number[]): Promise<Map<number, SensorName[]>> {
    const byAsset = new Map<number, SensorName[]>();
    for (const sensor of await this.sensors.findNamesByAssets(assetIds)) {
      const names = byAsset.get(sensor.assetId);
      if (names) names.push(sensor);
      else byAsset.set(sensor.assetId, [sensor]);
    }
    return byAsset;
  }

  /** Ids of all sensors. */
  listIds(): Promise<number[]> {
    return this.sensors.findIds();
  }

  /** A page of the sensors of accounts, ordered by id. */
  page(listing: SensorListing): Promise<SensorRecords> {
    return this.sensors.list(listing);
  }

  /**
   * The sensor with this name whose asset is nearest to the given asset, among those of the same account and public ones.
   * Case is ignored, and underscores equal spaces. Undefined if there is none or if the given asset has no coordinates.
   */
  async findNearest(
    name: string,
    { latitude, longitude, accountId }: Pick<Asset, 'latitude' | 'longitude' | 'accountId'>,
  ): Promise<Sensor | undefined> {
    if (latitude === null || longitude === null) return undefined;
    const id = await this.sensors.findNearestId(name, { latitude, longitude, accountId });
    return id === undefined ? undefined : this.find(id);
  }

  /** The sensors of assets that stand exactly at a place (degrees), with their assets, ordered by id. */
  async listAt(place: { latitude: number; longitude: number }): Promise<Sensor[]> {
    return this.listByIds(await this.sensors.findIdsAt(place));
  }

  findByName(name: string, assetId: number): Promise<Sensor | null> {
    return this.sensors.findByName(name, assetId);
  }

  /**
   * Locks sensors: until the current transaction ends, nobody else saves beliefs about them, changes or deletes them.
   * @returns the ids of the sensors that exist
   */
  lock(ids: number[]): Promise<number[]> {
    return this.sensors.lock(ids);
  }

  /** As `lock`, for all sensors of the assets. */
  lockOfAssets(assetIds: number[]): Promise<number[]> {
    return this.sensors.lockOfAssets(assetIds);
  }

  /** Sets the event resolution. The belief resampling converts the beliefs first. */
  setEventResolution(id: number, eventResolutionMs: number): Promise<void> {
    return this.transactions.run(async () => {
      await this.sensors.setEventResolution(id, eventResolutionMs);
      this.events.emit(SENSOR_UPDATED, { id, fields: ['eventResolutionMs'] });
    });
  }

  /**
   * Sets some attributes, and keeps the others.
   * @throws DomainError SENSOR_NOT_FOUND, or as `AttributeRules.check`
   */
  changeAttributes(id: number, attributes: Attributes): Promise<void> {
    return this.transactions.run(async () => {
      const { attributes: before } = await this.get(id);
      this.attributeRules.check({ ...before, ...attributes }, before);
      await this.sensors.mergeAttributes(id, attributes);
      const fields = Object.keys(attributes).map((name) => `attributes.${name}`);
      this.events.emit(SENSOR_UPDATED, { id, fields });
    });
  }

  /** Deletes sensors. libs/administration removes their beliefs first. */
  delete(ids: number[]): Promise<void> {
    return this.transactions.run(async () => {
      await this.sensors.delete(ids);
      if (ids.length > 0) this.events.emit(SENSOR_DELETED, { ids });
    });
  }

  deleteAll(): Promise<void> {
    return this.transactions.run(async () => {
      const ids = await this.sensors.findIds();
      await this.sensors.deleteAll();
      if (ids.length > 0) this.events.emit(SENSOR_DELETED, { ids });
    });
  }

  /** @throws DomainError SENSOR_INVALID, SENSOR_EXISTS, ASSET_NOT_FOUND, or as `AttributeRules.check` */
  async create(sensor: NewSensor): Promise<Sensor> {
    checkFields(sensor);
    this.attributeRules.check(sensor.attributes ?? {});
    return this.transactions.run(async () => {
      await this.assets.get(sensor.assetId);
      if (await this.sensors.findByName(sensor.name, sensor.assetId)) throw nameExistsError(sensor);
      const { id } = await this.sensors.insert(sensor).catch(toDomainError(sensor));
      this.events.emit(SENSOR_CREATED, { id, assetId: sensor.assetId });
      return this.get(id);
    });
  }

  /**
   * Changes the fields that are given.
   * @throws DomainError SENSOR_INVALID, SENSOR_EXISTS, SENSOR_NOT_FOUND, or as `AttributeRules.check`
   */
  async update({ id, ...sensor }: Sensor, patch: SensorPatchFields): Promise<Sensor> {
    const given: SensorPatchFields = Object.fromEntries(
      Object.entries<unknown>(patch).filter(([, value]) => value !== undefined),
    );
    const changed = { ...sensor, ...given };
    checkFields(changed);
    if (given.attributes) this.attributeRules.check(given.attributes, sensor.attributes);
    return this.transactions.run(async () => {
      const namesake = await this.sensors.findByName(changed.name, changed.assetId);
      if (namesake && namesake.id !== id) throw nameExistsError(changed);
      if (Object.keys(given).length > 0) {
        await this.sensors.update(id, given).catch(toDomainError(changed));
        this.events.emit(SENSOR_UPDATED, { id, fields: Object.keys(given) });
      }
      return this.get(id);
    });
  }
}

const isValidId = (id: number): boolean => Number.isInteger(id) && id <= MAX_ID;

const nameExistsError = ({ name, assetId }: Pick<Sensor, 'name' | 'assetId'>): DomainError =>
  new DomainError('SENSOR_EXISTS', `Asset ${assetId} has a sensor named '${name}' already.`, 'name');

/** Replaces a constraint error, which a concurrent change causes, by the matching domain error. */
const toDomainError =
  (sensor: Pick<Sensor, 'name' | 'assetId'>) =>
  (error: unknown): never => {
    switch (violatedConstraint(error)) {
      case 'unique':
        throw nameExistsError(sensor);
      case 'reference':
        throw new DomainError('ASSET_NOT_FOUND', `There is no asset with id ${sensor.assetId}.`, 'id');
      default:
        throw error;
    }
  };

function checkFields({ name, unit, timezone, eventResolutionMs }: Omit<NewSensor, 'assetId'>): void {
  if (name.trim() === '' || name.length > 120) {
    throw new DomainError('SENSOR_INVALID', 'The name of a sensor must have 1 to 120 characters.', 'name');
  }
  if (unit.length > 80 || !isValidUnit(unit)) {
    throw new DomainError('SENSOR_INVALID', `${quoted(unit)} is not a unit.`, 'unit');
  }
  if (!isTimeZone(timezone)) {
    throw new DomainError('SENSOR_INVALID', `${quoted(timezone)} is not a time zone.`, 'timezone');
  }
  if (
    !Number.isInteger(eventResolutionMs) ||
    eventResolutionMs < 0 ||
    eventResolutionMs > MAX_RESOLUTION_MS
  ) {
    throw new DomainError(
      'SENSOR_INVALID',
      'The event resolution of a sensor must be a whole number of milliseconds, from 0 to ten years.',
      'event_resolution',
    );
  }
}
