import { DomainError, shown } from '#lib/errors';
import { isCurrency, isEnergyUnit, isPowerUnit, isPriceUnit } from '#lib/units';

/** What a message with values says that it holds. */
export const POSTED_TYPES = [
  'PostSensorDataRequest',
  'PostMeterDataRequest',
  'PostPrognosisRequest',
  'PostPriceDataRequest',
  'PostWeatherDataRequest',
] as const;

/** What a reading says that it is after. */
export const ASKED_TYPES = [
  'GetSensorDataRequest',
  'GetMeterDataRequest',
  'GetPrognosisRequest',
  'GetPriceDataRequest',
] as const;

export type PostedType = (typeof POSTED_TYPES)[number];
export type AskedType = (typeof ASKED_TYPES)[number];

type UnitKind = 'power or energy' | 'price' | 'weather';

const UNIT_KINDS: Partial<Record<PostedType | AskedType, UnitKind>> = {
  PostMeterDataRequest: 'power or energy',
  PostPrognosisRequest: 'power or energy',
  PostPriceDataRequest: 'price',
  PostWeatherDataRequest: 'weather',
  GetMeterDataRequest: 'power or energy',
  GetPrognosisRequest: 'power or energy',
  GetPriceDataRequest: 'price',
};

/**
 * Checks that a unit is of the kind that a message type speaks of.
 * @throws DomainError INVALID_UNIT
 */
export function checkUnitOfType(type: PostedType | AskedType, unit: string): void {
  const kind = UNIT_KINDS[type];
  if (kind === undefined || isOfKind(unit, kind)) return;
  throw new DomainError('INVALID_UNIT', `A ${type} is about ${kind}, got incompatible unit: ${shown(unit)}`);
}

function isOfKind(unit: string, kind: UnitKind): boolean {
  const isPowerOrEnergy = isPowerUnit(unit) || isEnergyUnit(unit);
  if (kind === 'power or energy') return isPowerOrEnergy;
  return kind === 'price' ? isPriceUnit(unit) : !isPowerOrEnergy && !isPriceUnit(unit) && !isCurrency(unit);
}

/**
 * Checks that what was metered is over, and that what is foreseen is not: the first event ends after now. All in
 * epoch milliseconds.
 * @throws DomainError NOT_IN_THE_PAST, NOT_IN_THE_FUTURE
 */
export function checkTimeOfType(
  type: PostedType,
  { firstEndMs, lastEndMs, nowMs }: { firstEndMs: number; lastEndMs: number; nowMs: number },
): void {
  if (type === 'PostMeterDataRequest' && lastEndMs > nowMs) {
    throw new DomainError('NOT_IN_THE_PAST', 'Meter data must lie in the past.');
  }
  if (type === 'PostPrognosisRequest' && firstEndMs <= nowMs) {
    throw new DomainError('NOT_IN_THE_FUTURE', 'Prognoses must lie in the future.');
  }
}

/** Horizons (ms) of the beliefs that a reading is after: meter data is known after the fact, a prognosis before it. */
export function horizonsOfType(
  type: AskedType,
  askedAtLeastMs?: number,
): { horizonAtLeastMs?: number; horizonAtMostMs?: number } {
  if (type === 'GetMeterDataRequest') return { horizonAtLeastMs: askedAtLeastMs, horizonAtMostMs: 0 };
  if (type === 'GetPrognosisRequest') return { horizonAtLeastMs: Math.max(askedAtLeastMs ?? 0, 0) };
  return { horizonAtLeastMs: askedAtLeastMs };
}
