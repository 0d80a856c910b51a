import type { Attributes } from '#lib/assets';

/**
 * Factor between planning, where consumption is positive, and stored power, where production is positive unless
 * attribute `consumption_is_positive` says otherwise. Works both ways.
 */
export function storedSign(attributes: Attributes): 1 | -1 {
  return attributes['consumption_is_positive'] === true ? 1 : -1;
}
