import type { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import type { Sensor, SensorsService } from '#lib/sensors';
import { convertValues, isPowerUnit, UnitError } from '#lib/units';
import { flexError } from '../model/flex/flex-error';
import type { ReadSensor } from '../model/flex/flex-fields';
import { storedSign } from '../model/flex/sign';
import type { ScheduleWindow } from '../model/flex/window';

/** What sensors tell about a window: one value per step. Each sensor is looked up once. */
export class WindowSeries {
  private readonly found: Map<number, Sensor>;

  /**
   * @param knownByMs only what was known by then counts; undefined where no values are wanted, only whether they could
   *   be read
   * @param found sensors that were looked up before
   */
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
    private readonly window: ScheduleWindow,
    private readonly knownByMs: number | undefined,
    found: readonly Sensor[],
  ) {
    this.found = new Map(found.map((sensor) => [sensor.id, sensor]));
  }

  /** @throws DomainError SENSOR_NOT_FOUND */
  readonly unitOf = async (id: number, field: string): Promise<string> => (await this.sensor(id, field)).unit;

  /** @throws DomainError SENSOR_NOT_FOUND, FLEX_MODEL_INVALID for a unit that does not fit */
  readonly read: ReadSensor = async (id, unit, field, atEnds) => {
    const sensor = await this.sensor(id, field);
    const { window } = this;
    try {
      if (this.knownByMs === undefined) {
        convertValues(new Float64Array(1), sensor.unit, unit);
        return new Float64Array(window.steps).fill(unit === 'MWh' ? NaN : 1);
      }
      const startMs = window.startMs + (atEnds ? window.stepMs : 0);
      const values = convertValues(await this.stored(sensor, startMs), sensor.unit, unit);
      // What a sensor of production or consumption records counts as a capacity by its size.
      return unit === 'MW' ? values.map(Math.abs) : values;
    } catch (error) {
      throw error instanceof UnitError ? flexError(field, error.message) : error;
    }
  };

  /**
   * The summed power of devices that are not to be scheduled: MW, consumption positive; unknown values count as 0.
   * @param warn takes sentences on unknown values
   * @throws DomainError SENSOR_NOT_FOUND, INVALID_UNIT
   */
  async power(ids: readonly number[], field: string, warn: (message: string) => void): Promise<Float64Array> {
    const powerMw = new Float64Array(this.window.steps);
    for (const id of ids) {
      const sensor = await this.sensor(id, field);
      if (!isPowerUnit(sensor.unit)) {
        const message = `${field}: sensor ${id} is in ${sensor.unit || 'no unit'}, not a power.`;
        throw new DomainError('INVALID_UNIT', message, field);
      }
      if (this.knownByMs === undefined) continue;
      const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
      const values = convertValues(await this.stored(sensor), sensor.unit, 'MW');
      let unknown = 0;
      values.forEach((value, step) => {
        if (Number.isNaN(value)) unknown++;
        else powerMw[step]! += sign * value;
      });
      if (unknown > 0) warn(`Sensor ${id} (${sensor.name}) lacks ${unknown} value(s): 0 was assumed.`);
    }
    return powerMw;
  }

  private stored(sensor: Sensor, startMs = this.window.startMs): Promise<Float64Array> {
    return this.beliefs.latestOnSteps(
      sensor,
      { ...this.window, startMs },
      { beliefsBeforeMs: this.knownByMs },
    );
  }

  private async sensor(id: number, field: string): Promise<Sensor> {
    const sensor = this.found.get(id) ?? (await this.sensors.get(id, field));
    this.found.set(id, sensor);
    return sensor;
  }
}
