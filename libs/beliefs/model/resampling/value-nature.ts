import { isCurrency, isEnergyUnit, sameDimension } from '#lib/units';

/** What a value says about its event: a mean over it (power, price, temperature) or an amount of it (energy). */
export type ValueNature = 'flow' | 'stock';

const AMOUNTS = ['m³', 'kg', 'mol'];

/** Energy, volume, mass, amounts of substance and of money add up over time; anything else is a mean over time. */
export function valueNatureOf(unit: string): ValueNature {
  const isAmount =
    isEnergyUnit(unit) || isCurrency(unit) || AMOUNTS.some((amount) => sameDimension(unit, amount));
  return isAmount ? 'stock' : 'flow';
}

/** Whether events of one length can become events of another: one length divides the other. Instants (0) always can. */
export function areCompatibleLengths(fromMs: number, toMs: number): boolean {
  if (!(toMs > 0)) return false;
  return fromMs === 0 || toMs % fromMs === 0 || fromMs % toMs === 0;
}
