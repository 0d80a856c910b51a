import { isCurrency, isEnergyUnit, isPowerUnit, isPriceUnit, sameDimension } from '#lib/units';
import type { PositionFieldDef } from 'vega-lite/build/src/channeldef';
import type { ChartOptions } from './chart-options';

/** Hours by the 24-hour clock, wherever the axis shows them. */
const CLOCK = { hours: '%H:%M', minutes: '%H:%M', seconds: '%H:%M:%S' };

/** The time axis, over the window that was asked for and not only where there is data. */
export function timeAxis(field: string, { startMs, endMs }: ChartOptions): PositionFieldDef<string> {
  return {
    field,
    type: 'temporal',
    title: null,
    axis: { format: CLOCK, labelOverlap: true },
    scale: {
      padding: 0,
      // As expressions: from plain numbers Vega-Lite makes calls that Vega's interpreter reads as years.
      ...(startMs !== undefined && { domainMin: { expr: String(startMs) } }),
      ...(endMs !== undefined && { domainMax: { expr: String(endMs) } }),
    },
  };
}

/** What a unit measures, in words for an axis: `Power (MW)`. */
export function valueTitle(unit: string): string {
  const quantity = quantityOf(unit);
  return unit === '' ? quantity : `${quantity} (${unit})`;
}

function quantityOf(unit: string): string {
  if (isPowerUnit(unit)) return 'Power';
  if (isEnergyUnit(unit)) return 'Energy';
  if (isPriceUnit(unit)) return 'Price';
  if (isCurrency(unit)) return 'Money';
  if (sameDimension(unit, '°C')) return 'Temperature';
  if (sameDimension(unit, 'm/s')) return 'Speed';
  if (sameDimension(unit, 'W/m²')) return 'Irradiance';
  return unit === '%' ? 'Share' : 'Value';
}

/** Whether the axis of values begins at zero: amounts, powers and prices are compared with nothing at all. */
export const beginsAtZero = (unit: string): boolean => !sameDimension(unit, '°C');
