import { isCurrency, isEnergyUnit, isPowerUnit, isPriceUnit, sameDimension } from '#lib/units';
import type { PositionFieldDef } from 'vega-lite/build/src/channeldef';
import type { ChartOptions } from './chart-options';

/** Time formats of the axis, with the 24-hour clock. */
const CLOCK = { hours: '%H:%M', minutes: '%H:%M', seconds: '%H:%M:%S' };

/** The time axis. It covers the requested window, also where there is no data. */
export function timeAxis(field: string, { startMs, endMs }: ChartOptions): PositionFieldDef<string> {
  return {
    field,
    type: 'temporal',
    title: null,
    axis: { format: CLOCK, labelOverlap: true },
    scale: {
      padding: 0,
      // These are expressions, because Vega-Lite converts plain numbers to calls that Vega's interpreter reads as years.
      ...(startMs !== undefined && { domainMin: { expr: String(startMs) } }),
      ...(endMs !== undefined && { domainMax: { expr: String(endMs) } }),
    },
  };
}

/** Title of a value axis with the quantity of a unit: `Power (MW)`. */
export function valueTitle(unit: string): string {
  const quantity = findQuantity(unit);
  return unit === '' ? quantity : `${quantity} (${unit})`;
}

function findQuantity(unit: string): string {
  if (isPowerUnit(unit)) return 'Power';
  if (isEnergyUnit(unit)) return 'Energy';
  if (isPriceUnit(unit)) return 'Price';
  if (isCurrency(unit)) return 'Money';
  if (sameDimension(unit, '°C')) return 'Temperature';
  if (sameDimension(unit, 'm/s')) return 'Speed';
  if (sameDimension(unit, 'W/m²')) return 'Irradiance';
  return unit === '%' ? 'Share' : 'Value';
}

/** Whether the value axis includes zero. This makes sense for all quantities but temperatures. */
export const includesZero = (unit: string): boolean => !sameDimension(unit, '°C');
