import type { Actor } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import type { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import {
  accountActor,
  COMPUTED_SOURCE_TYPES,
  requireSensorPermission,
  type Sensor,
  type SensorsService,
} from '#lib/sensors';
import { DAY_MS, eventEnds, HOUR_MS } from '#lib/time';
import { convertValues, isPowerUnit, UnitError } from '#lib/units';
import type { UnitOfSensor } from '../model/flex/readers/context/price-reader';
import { flexError } from '../model/flex/flex-error';
import { meansInSteps } from '../model/flex/values/intervals';
import type { FlexWindow, ReadSensor, ReadState } from '../model/flex/readers/flex-sources';
import { storedSign } from '../model/flex/sign';
import type { SourceFilter } from '../model/flex/values/source-filter';

/** The permissions with which sensors are read. */
export interface Reader {
  /** The actor, who must be able to read all sensors. */
  actor: Actor;
  /** The sensors that the request refers to. */
  named: readonly Sensor[];
}

/**
 * The actors that must be able to read a sensor. If an attribute refers to it, this includes the account of the asset with
 * the attribute. Otherwise, members could get data that they cannot read through schedules of admins.
 */
export const findReaders = ({ actor, named }: Reader, id: number, asset: Asset): Actor[] =>
  named.some((sensor) => sensor.id === id) ? [actor] : [actor, accountActor(asset)];

/** Reads the values of sensors in a window: one value per step. Each sensor is looked up once. */
export class WindowSeries {
  /** Ids of the sensors that were read. */
  readonly readIds = new Set<number>();
  private readonly found = new Map<number, Sensor>();

  /**
   * @param knownAtMs only beliefs up to this time are read; undefined to check references and units without reading: all
   *   values are NaN then
   */
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
    private readonly window: Omit<FlexWindow, 'timezone'>,
    private readonly knownAtMs: number | undefined,
    private readonly reader: Reader,
  ) {
    this.add(reader.named);
  }

  /** Looks up sensors with one query. Permissions are checked when a sensor is read. */
  async lookUp(ids: readonly number[]): Promise<void> {
    const unknown = ids.filter((id) => !this.found.has(id));
    if (unknown.length > 0) this.add(await this.sensors.listByIds(unknown));
  }

  /** A sensor that is read for the request. @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED */
  find(id: number, field: string): Promise<Sensor> {
    return this.getSensor(id, field);
  }

  /** Returns a function that finds the unit of a sensor. @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED */
  createUnitReader(asset: Asset): UnitOfSensor {
    return async (id, field) => (await this.getSensor(id, field, asset)).unit;
  }

  /**
   * Returns a function that reads a sensor for an asset.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED, FLEX_MODEL_INVALID for a unit that cannot be converted
   */
  createReader(asset: Asset): ReadSensor {
    return async (id, unit, field, filter) => {
      const sensor = await this.getSensor(id, field, asset);
      try {
        if (this.knownAtMs === undefined) {
          convertValues(new Float64Array(1).fill(NaN), sensor.unit, unit);
          return [];
        }
        const { startsMs, endsMs, values } = await this.readEvents(sensor, filter);
        const converted = convertValues(values, sensor.unit, unit);
        return Array.from(converted, (value, i) => ({
          startMs: startsMs[i]!,
          endMs: endsMs[i]!,
          value,
        })).filter(({ value }) => !Number.isNaN(value));
      } catch (error) {
        throw error instanceof UnitError ? flexError(field, error.message) : error;
      }
    };
  }

  /**
   * Returns a function that reads the state of charge at the start of the window for an asset. What a schedule planned counts
   * only if nothing was measured after it was made.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED
   */
  createStateReader(asset: Asset): ReadState {
    return async (id, field, filter) => {
      const sensor = await this.getSensor(id, field, asset);
      const { unit } = sensor;
      if (this.knownAtMs === undefined) return { value: NaN, unit, timeMs: this.window.startMs };
      const latest = await this.findState(sensor, filter);
      return latest && { value: latest.value, unit, timeMs: latest.startMs };
    };
  }

  private async findState(sensor: Sensor, filter: SourceFilter = {}) {
    const { startMs, askedStartMs = startMs } = this.window;
    const known = {
      ...filter,
      beliefsBeforeMs: this.knownAtMs,
      eventStartsBeforeMs: askedStartMs + 1,
    };
    const latest = await this.beliefs.findLastEvent(sensor, known);
    const excludeSourceTypes = [...(filter.excludeSourceTypes ?? []), ...COMPUTED_SOURCE_TYPES];
    const measured = await this.beliefs.findLastEvent(sensor, { ...known, excludeSourceTypes });
    if (!latest || !measured || measured.startMs >= latest.startMs) return latest;
    const madeLater = await this.beliefs.countUpTo(1, sensor, {
      ...known,
      eventStartsAfterMs: latest.startMs,
      eventStartsBeforeMs: latest.startMs + 1,
      beliefsAfterMs: measured.startMs,
    });
    return madeLater > 0 ? latest : measured;
  }

  /**
   * The total power of inflexible devices (MW per step, consumption positive). Unknown values count as 0.
   * @param ids ids of sensors that the request refers to; an id that occurs several times counts as often, and is read once
   * @param warn is called with sentences about unknown values
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED, INVALID_UNIT
   */
  async readTotalPower(
    ids: readonly number[],
    field: string,
    warn: (message: string) => void,
  ): Promise<Float64Array> {
    const powerMw = new Float64Array(this.window.steps);
    const counts = new Map<number, number>();
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    for (const [id, count] of counts) {
      const sensor = await this.getSensor(id, field);
      if (!isPowerUnit(sensor.unit)) {
        const message = `${field}: sensor ${id} has the unit ${sensor.unit || '(none)'}. A power sensor is needed.`;
        throw new DomainError('INVALID_UNIT', message, field);
      }
      if (this.knownAtMs === undefined) {
        powerMw.fill(NaN);
        continue;
      }
      const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
      const values = convertValues(await this.readBeliefs(sensor), sensor.unit, 'MW');
      let unknown = 0;
      values.forEach((value, step) => {
        if (Number.isNaN(value)) unknown++;
        else powerMw[step]! += count * sign * value;
      });
      if (unknown > 0) warn(`Sensor ${id} (${sensor.name}) has ${unknown} unknown value(s). 0 was assumed.`);
    }
    return powerMw;
  }

  /** The values of a sensor, one per step: the means of what is known in the step, also of values at instants. */
  private async readBeliefs(sensor: Sensor): Promise<Float64Array> {
    if (sensor.eventResolutionMs === 0) {
      const { startsMs, endsMs, values } = await this.readEvents(sensor);
      const instants = Array.from(values, (value, i) => ({
        startMs: startsMs[i]!,
        endMs: endsMs[i]!,
        value,
      }));
      return meansInSteps(instants, this.window);
    }
    return this.beliefs.latestOnSteps(sensor, this.window, { beliefsBeforeMs: this.knownAtMs });
  }

  /**
   * The known events of a sensor that touch the window or its end. If nothing is known at the start of the window, also the
   * last known event before it.
   */
  private async readEvents(sensor: Sensor, filter: SourceFilter = {}) {
    const { startMs, stepMs, steps } = this.window;
    const { eventResolutionMs, timezone } = sensor;
    // When the clocks change, an event of a day can end later than its resolution says.
    const extraMs = eventResolutionMs > HOUR_MS ? DAY_MS : 0;
    const known = { ...filter, beliefsBeforeMs: this.knownAtMs };
    let { eventStarts, values } = await this.beliefs.latestPerEvent(sensor, {
      ...known,
      eventEndsAfterMs: startMs - extraMs,
      eventStartsBeforeMs: startMs + steps * stepMs + 1,
    });
    if (!(eventStarts[0]! <= startMs)) {
      const before = await this.beliefs.findLastEvent(sensor, { ...known, eventStartsBeforeMs: startMs });
      if (before) {
        eventStarts = Float64Array.of(before.startMs, ...eventStarts);
        values = Float64Array.of(before.value, ...values);
      }
    }
    const endsMs =
      eventResolutionMs === 0 ? eventStarts : eventEnds(eventStarts, eventResolutionMs, timezone);
    return { startsMs: eventStarts, endsMs, values };
  }

  private async getSensor(id: number, field: string, asset?: Asset): Promise<Sensor> {
    const sensor = this.found.get(id) ?? (await this.sensors.get(id, field));
    for (const actor of asset ? findReaders(this.reader, id, asset) : [this.reader.actor])
      requireSensorPermission(actor, 'read', sensor, field, ', which an attribute names');
    this.add([sensor]);
    this.readIds.add(id);
    return sensor;
  }

  private add(sensors: readonly Sensor[]): void {
    for (const sensor of sensors) this.found.set(sensor.id, sensor);
  }
}
