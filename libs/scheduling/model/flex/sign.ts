/** Attributes of a sensor or asset, as JSON gives them. */
type Attributes = Readonly<Record<string, unknown>>;

/**
 * Factor between planning, where consumption is positive, and stored power, where production is positive unless
 * attribute `consumption_is_positive` says otherwise. Works both ways.
 */
export function storedSign(attributes: Attributes): 1 | -1 {
  return attributes['consumption_is_positive'] === true ? 1 : -1;
}

/** What a device never does; attributes `is_strictly_non_negative` and `_non_positive` speak of stored power. */
export function neverDone(attributes: Attributes): { produces: boolean; consumes: boolean } {
  const neverNegative = attributes['is_strictly_non_negative'] === true;
  const neverPositive = attributes['is_strictly_non_positive'] === true;
  return storedSign(attributes) === 1
    ? { produces: neverNegative, consumes: neverPositive }
    : { produces: neverPositive, consumes: neverNegative };
}

/** MW, consumption positive, that attributes tell of a device: its capacity and its direction; no limit without. */
export function powerRange(attributes: Attributes): { lowestMw: number; highestMw: number } {
  const { capacity_in_mw: capacity } = attributes;
  const limitMw = typeof capacity === 'number' && capacity >= 0 ? capacity : Infinity;
  const never = neverDone(attributes);
  return { lowestMw: never.produces ? 0 : -limitMw, highestMw: never.consumes ? 0 : limitMw };
}
