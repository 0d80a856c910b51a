import { isCurrency, isEnergyUnit, sameDimension } from '#lib/units';

/**
 * How the values of events add up to that of a longer event: their mean (power, price, temperature) or their sum (energy).
 */
export type Aggregation = 'mean' | 'sum';

const AMOUNTS = ['m³', 'kg', 'mol'];

/** Energy, volume, mass, amounts of substance and of money add up over time; anything else is a mean over time. */
export function aggregationOf(unit: string): Aggregation {
  const isAmount =
    isEnergyUnit(unit) || isCurrency(unit) || AMOUNTS.some((amount) => sameDimension(unit, amount));
  return isAmount ? 'sum' : 'mean';
}

/** Whether events of one length can become events of another: one length divides the other. Instants (0) always can. */
export function areCompatibleLengths(fromMs: number, toMs: number): boolean {
  if (!(toMs > 0)) return false;
  return fromMs === 0 || toMs % fromMs === 0 || fromMs % toMs === 0;
}
