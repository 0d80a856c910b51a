import type { Actor } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import type { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { accountActor, requireSensorPermission, type Sensor, type SensorsService } from '#lib/sensors';
import { DAY_MS, eventEnds, HOUR_MS } from '#lib/time';
import { convertValues, isPowerUnit, UnitError } from '#lib/units';
import type { UnitOfSensor } from '../model/flex/readers/context-reader';
import { flexError } from '../model/flex/flex-error';
import type { ReadSensor } from '../model/flex/readers/flex-reader';
import { storedSign } from '../model/flex/sign';
import type { ScheduleWindow } from '../model/flex/window';

/** For whom sensors are read. */
export interface Reader {
  /** Who asks; reads no sensor that it may not read. */
  actor: Actor;
  /** The sensors that the request itself names, which the actor may read. */
  named: readonly Sensor[];
}

/**
 * Who must be able to read a sensor. One that an attribute names must also be open to the account of the asset that the
 * attribute counts for: otherwise, members could have admins read for them what they may not read.
 */
export const readersOf = ({ actor, named }: Reader, id: number, asset: Asset): Actor[] =>
  named.some((sensor) => sensor.id === id) ? [actor] : [actor, accountActor(asset)];

/** What sensors tell about a window: one value per step. Each sensor is looked up once. */
export class WindowSeries {
  /** Ids of the sensors that were read. */
  readonly readIds = new Set<number>();
  private readonly found = new Map<number, Sensor>();

  /**
   * @param knownByMs only what was known by then counts; undefined if only is checked whether sensors can be read: all
   *   values are NaN then
   */
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
    private readonly window: ScheduleWindow,
    private readonly knownByMs: number | undefined,
    private readonly reader: Reader,
  ) {
    this.add(reader.named);
  }

  /** Looks up what may be read later, at once. Whether it may be read is asked when it is. */
  async lookUp(ids: readonly number[]): Promise<void> {
    const unknown = ids.filter((id) => !this.found.has(id));
    if (unknown.length > 0) this.add(await this.sensors.listByIds(unknown));
  }

  /** Tells units for the description of an asset. @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED */
  unitsFor(asset: Asset): UnitOfSensor {
    return async (id, field) => (await this.sensor(id, field, asset)).unit;
  }

  /**
   * Reads for the description of an asset.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED, FLEX_MODEL_INVALID for a unit that does not fit
   */
  readFor(asset: Asset): ReadSensor {
    return async (id, unit, field) => {
      const sensor = await this.sensor(id, field, asset);
      try {
        if (this.knownByMs === undefined) {
          convertValues(new Float64Array(1).fill(NaN), sensor.unit, unit);
          return [];
        }
        const { startsMs, endsMs, values } = await this.events(sensor);
        const converted = convertValues(values, sensor.unit, unit);
        return Array.from(converted, (value, i) => ({
          startMs: startsMs[i]!,
          endMs: endsMs[i]!,
          // What a sensor of production or consumption records counts as a capacity by its size.
          value: unit === 'MW' ? Math.abs(value) : value,
        })).filter(({ value }) => !Number.isNaN(value));
      } catch (error) {
        throw error instanceof UnitError ? flexError(field, error.message) : error;
      }
    };
  }

  /**
   * The summed power of devices that are not to be scheduled: MW, consumption positive; unknown values count as 0.
   * @param ids of sensors that the request names; one that is named several times counts as often, and is read once
   * @param warn takes sentences on unknown values
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED, INVALID_UNIT
   */
  async power(ids: readonly number[], field: string, warn: (message: string) => void): Promise<Float64Array> {
    const powerMw = new Float64Array(this.window.steps);
    const counts = new Map<number, number>();
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    for (const [id, count] of counts) {
      const sensor = await this.sensor(id, field);
      if (!isPowerUnit(sensor.unit)) {
        const message = `${field}: sensor ${id} is in ${sensor.unit || 'no unit'}, not a power.`;
        throw new DomainError('INVALID_UNIT', message, field);
      }
      if (this.knownByMs === undefined) {
        powerMw.fill(NaN);
        continue;
      }
      const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
      const values = convertValues(await this.stored(sensor), sensor.unit, 'MW');
      let unknown = 0;
      values.forEach((value, step) => {
        if (Number.isNaN(value)) unknown++;
        else powerMw[step]! += count * sign * value;
      });
      if (unknown > 0) warn(`Sensor ${id} (${sensor.name}) lacks ${unknown} value(s): 0 was assumed.`);
    }
    return powerMw;
  }

  private stored(sensor: Sensor): Promise<Float64Array> {
    return this.beliefs.latestOnSteps(sensor, this.window, { beliefsBeforeMs: this.knownByMs });
  }

  /** The known events of a sensor that touch the window, its end included. */
  private async events(sensor: Sensor) {
    const { startMs, stepMs, steps } = this.window;
    const { eventResolutionMs, timezone } = sensor;
    // Where the clocks change, an event of a day may end later than its resolution says.
    const extraMs = eventResolutionMs > HOUR_MS ? DAY_MS : 0;
    const { eventStarts, values } = await this.beliefs.latestPerEvent(sensor, {
      beliefsBeforeMs: this.knownByMs,
      eventEndsAfterMs: startMs - extraMs,
      eventStartsBeforeMs: startMs + steps * stepMs + 1,
    });
    const endsMs =
      eventResolutionMs === 0 ? eventStarts : eventEnds(eventStarts, eventResolutionMs, timezone);
    return { startsMs: eventStarts, endsMs, values };
  }

  private async sensor(id: number, field: string, asset?: Asset): Promise<Sensor> {
    const sensor = this.found.get(id) ?? (await this.sensors.get(id, field));
    for (const actor of asset ? readersOf(this.reader, id, asset) : [this.reader.actor])
      requireSensorPermission(actor, 'read', sensor, field, ', which an attribute names');
    this.add([sensor]);
    this.readIds.add(id);
    return sensor;
  }

  private add(sensors: readonly Sensor[]): void {
    for (const sensor of sensors) this.found.set(sensor.id, sensor);
  }
}
