import { DomainError, shown } from '#lib/errors';
import { isCurrency, isEnergyUnit, isPowerUnit, isPriceUnit } from '#lib/units';

/** The types of messages that post values. */
export const POST_MESSAGE_TYPES = [
  'PostSensorDataRequest',
  'PostMeterDataRequest',
  'PostPrognosisRequest',
  'PostPriceDataRequest',
  'PostWeatherDataRequest',
] as const;

/** The types of messages that ask for values. */
export const GET_MESSAGE_TYPES = [
  'GetSensorDataRequest',
  'GetMeterDataRequest',
  'GetPrognosisRequest',
  'GetPriceDataRequest',
] as const;

export type PostMessageType = (typeof POST_MESSAGE_TYPES)[number];
export type GetMessageType = (typeof GET_MESSAGE_TYPES)[number];

type UnitKind = 'power or energy' | 'price' | 'weather';

const UNIT_KINDS: Partial<Record<PostMessageType | GetMessageType, UnitKind>> = {
  PostMeterDataRequest: 'power or energy',
  PostPrognosisRequest: 'power or energy',
  PostPriceDataRequest: 'price',
  PostWeatherDataRequest: 'weather',
  GetMeterDataRequest: 'power or energy',
  GetPrognosisRequest: 'power or energy',
  GetPriceDataRequest: 'price',
};

/**
 * Checks that a unit is of the kind that a message type is about.
 * @throws DomainError INVALID_UNIT
 */
export function checkUnitOfType(type: PostMessageType | GetMessageType, unit: string): void {
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
 * Checks that meter data is about the past (the last event has ended) and a prognosis about the future (the first event
 * has not ended). Times in epoch milliseconds.
 * @throws DomainError NOT_IN_THE_PAST, NOT_IN_THE_FUTURE
 */
export function checkTimeOfType(
  type: PostMessageType,
  { firstEndMs, lastEndMs, nowMs }: { firstEndMs: number; lastEndMs: number; nowMs: number },
): void {
  if (type === 'PostMeterDataRequest' && lastEndMs > nowMs) {
    throw new DomainError('NOT_IN_THE_PAST', 'Meter data must lie in the past.');
  }
  if (type === 'PostPrognosisRequest' && firstEndMs <= nowMs) {
    throw new DomainError('NOT_IN_THE_FUTURE', 'Prognoses must lie in the future.');
  }
}

/** Bounds (ms) of the horizons that a message asks for: meter data is measured (at most 0), a prognosis is forecast. */
export function horizonBoundsOfType(
  type: GetMessageType,
  askedAtLeastMs?: number,
): { horizonAtLeastMs?: number; horizonAtMostMs?: number } {
  if (type === 'GetMeterDataRequest') return { horizonAtLeastMs: askedAtLeastMs, horizonAtMostMs: 0 };
  if (type === 'GetPrognosisRequest') return { horizonAtLeastMs: Math.max(askedAtLeastMs ?? 0, 0) };
  return { horizonAtLeastMs: askedAtLeastMs };
}
