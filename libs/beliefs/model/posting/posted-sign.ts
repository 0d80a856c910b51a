import { isPowerUnit } from '#lib/units';

/** A power sensor, with the attributes of itself and its asset. */
export interface SignedSensor {
  unit: string;
  attributes: Record<string, unknown>;
  asset: { attributes: Record<string, unknown> };
}

/** The values that a pure producer or consumer can have, and why. */
export interface SignRule {
  isAllowed: (value: number) => boolean;
  reason: string;
}

/**
 * The rule for the sign of the values of a power sensor, in the sign in which they are stored: production is positive unless
 * attribute `consumption_is_positive` is true. A pure producer (attribute `is_producer` without `is_consumer`) has no
 * consumption, a pure consumer no production. `is_strictly_non_negative` and `is_strictly_non_positive` speak of the values.
 * Attributes of the sensor have priority over those of its asset.
 *
 * @returns undefined if all values are allowed
 */
export function signRuleOf(sensor: SignedSensor): SignRule | undefined {
  if (!isPowerUnit(sensor.unit)) return undefined;
  const isSet = (name: string): boolean =>
    (sensor.attributes[name] ?? sensor.asset.attributes[name]) === true;
  if (isSet('is_strictly_non_negative')) return nonNegative('attribute is_strictly_non_negative is set');
  if (isSet('is_strictly_non_positive')) return nonPositive('attribute is_strictly_non_positive is set');
  const isProducer = isSet('is_producer');
  if (isProducer === isSet('is_consumer')) return undefined;
  const isConsumptionPositive = isSet('consumption_is_positive');
  const kind = isProducer ? 'the sensor is a pure producer' : 'the sensor is a pure consumer';
  const sign = isConsumptionPositive
    ? 'consumption is positive'
    : 'production is positive unless attribute consumption_is_positive is true';
  return isProducer === isConsumptionPositive
    ? nonPositive(`${kind}, and ${sign}`)
    : nonNegative(`${kind}, and ${sign}`);
}

const nonNegative = (why: string): SignRule => ({
  isAllowed: (value) => !(value < 0),
  reason: `Must not be negative: ${why}.`,
});

const nonPositive = (why: string): SignRule => ({
  isAllowed: (value) => !(value > 0),
  reason: `Must not be positive: ${why}.`,
});
