import { Injectable } from '@nestjs/common';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import { convertValues, isEnergyPriceUnit, isPowerUnit } from '#lib/units';
import type { ScheduleWindow } from './flex-model';
import { fillPrices } from './model';
import { storedSign } from './sign';

/** A price per step, and what had to be assumed about it. */
export interface PriceSeries {
  /** Currency per MWh. */
  prices: Float64Array;
  currency: string;
  warnings: string[];
}

/** Reads what a schedule needs to know of the site, as arrays with one entry per step. */
@Injectable()
export class SiteSeries {
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * Prices known by `knownByMs`, gaps filled.
   * @throws DomainError SENSOR_NOT_FOUND, INVALID_UNIT, UNKNOWN_PRICES
   */
  async prices(
    sensorId: number,
    field: string,
    window: ScheduleWindow,
    knownByMs: number,
  ): Promise<PriceSeries> {
    const sensor = await this.sensors.get(sensorId, field);
    if (!isEnergyPriceUnit(sensor.unit)) {
      const message = `${field}: sensor ${sensorId} is in ${sensor.unit || 'no unit'}, which is not a price of energy.`;
      throw new DomainError('INVALID_UNIT', message, field);
    }
    const currency = sensor.unit.slice(0, sensor.unit.indexOf('/'));
    const known = await this.beliefs.latestOnSteps(sensor, window, { beliefsBeforeMs: knownByMs });
    const filled = fillPrices(known, field.replace('-price-sensor', ''));
    if (filled.status === 'UNKNOWN_PRICES') {
      const message = `Prices unknown for planning window. (sensor ${sensorId})`;
      throw new DomainError('UNKNOWN_PRICES', message, field);
    }
    const prices = convertValues(filled.prices, sensor.unit, `${currency}/MWh`);
    return { prices, currency, warnings: filled.warnings };
  }

  /**
   * The summed power of devices that are not to be scheduled: MW, consumption positive; unknown values count as 0.
   * @throws DomainError SENSOR_NOT_FOUND, INVALID_UNIT
   */
  async inflexiblePower(
    sensorIds: number[],
    window: ScheduleWindow,
    knownByMs: number,
  ): Promise<{ powerMw: Float64Array; warnings: string[] }> {
    const powerMw = new Float64Array(window.steps);
    const warnings: string[] = [];
    for (const sensorId of sensorIds) {
      const sensor = await this.sensors.get(sensorId, 'inflexible-device-sensors');
      const values = await this.powerOf(sensor, window, knownByMs);
      let unknown = 0;
      values.forEach((value, step) => {
        if (Number.isNaN(value)) unknown++;
        else powerMw[step]! += value;
      });
      if (unknown > 0)
        warnings.push(`Sensor ${sensorId} (${sensor.name}) lacks ${unknown} value(s): 0 was assumed.`);
    }
    return { powerMw, warnings };
  }

  private async powerOf(sensor: Sensor, window: ScheduleWindow, knownByMs: number): Promise<Float64Array> {
    if (!isPowerUnit(sensor.unit)) {
      const message = `inflexible-device-sensors: sensor ${sensor.id} is in ${sensor.unit || 'no unit'}, not a power.`;
      throw new DomainError('INVALID_UNIT', message, 'inflexible-device-sensors');
    }
    const stored = await this.beliefs.latestOnSteps(sensor, window, { beliefsBeforeMs: knownByMs });
    const sign = storedSign({ ...sensor.asset.attributes, ...sensor.attributes });
    return convertValues(stored, sensor.unit, 'MW').map((value) => sign * value);
  }
}
