import { signRuleOf } from './posted-sign';

const rule = (attributes: Record<string, unknown>, ofAsset = {}, unit = 'kW') =>
  signRuleOf({ unit, attributes, asset: { attributes: ofAsset } });

describe('signRuleOf', () => {
  it.each([
    [{ is_producer: true }, [true, true, false]],
    [{ is_consumer: true }, [false, true, true]],
    [{ is_producer: true, consumption_is_positive: true }, [false, true, true]],
    [{ is_consumer: true, consumption_is_positive: true }, [true, true, false]],
    [{ is_strictly_non_negative: true, consumption_is_positive: true }, [true, true, false]],
    [{ is_strictly_non_positive: true }, [false, true, true]],
  ])('with %j allows or rejects 1, 0 and -1: %j', (attributes, allowed) => {
    expect([1, 0, -1].map((value) => rule(attributes)!.isAllowed(value))).toEqual(allowed);
    expect(rule({}, attributes)!.isAllowed(NaN)).toBe(true);
  });

  it('allows all values of prosumers, of sensors without such attributes, and of sensors of other units', () => {
    expect(rule({ is_producer: true, is_consumer: true })).toBeUndefined();
    expect(rule({})).toBeUndefined();
    expect(rule({ is_producer: true }, {}, 'kWh')).toBeUndefined();
    expect(rule({ is_producer: false }, { is_producer: true })).toBeUndefined();
  });
});
