/** Attributes of a sensor or asset. */
type Attributes = Readonly<Record<string, unknown>>;

/**
 * Factor between power in plans, where consumption is positive, and stored power, where production is positive unless
 * attribute `consumption_is_positive` is true. Valid both ways.
 */
export function storedSign(attributes: Attributes): 1 | -1 {
  return attributes['consumption_is_positive'] === true ? 1 : -1;
}

/** Directions that a device cannot take, by attributes `is_strictly_non_negative` and `_non_positive` of stored power. */
export function forbiddenDirections(attributes: Attributes): { production: boolean; consumption: boolean } {
  const isNonNegative = attributes['is_strictly_non_negative'] === true;
  const isNonPositive = attributes['is_strictly_non_positive'] === true;
  return storedSign(attributes) === 1
    ? { production: isNonNegative, consumption: isNonPositive }
    : { production: isNonPositive, consumption: isNonNegative };
}

/**
 * Power that a device allows, in MW, consumption positive; infinite without a capacity.
 * @param neverProduces whether its asset is of a type that only ever consumes
 */
export function powerRange(
  attributes: Attributes,
  neverProduces = false,
): { lowestMw: number; highestMw: number } {
  const { capacity_in_mw: capacity } = attributes;
  const limitMw = typeof capacity === 'number' && capacity >= 0 ? capacity : Infinity;
  const forbidden = forbiddenDirections(attributes);
  return {
    lowestMw: forbidden.production || neverProduces ? 0 : -limitMw,
    highestMw: forbidden.consumption ? 0 : limitMw,
  };
}
