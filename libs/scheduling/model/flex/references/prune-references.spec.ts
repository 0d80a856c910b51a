import { pruneReferences } from './prune-references';

const DELETED = { sensors: new Set([5, 6]), assets: new Set([9]) };

describe('pruneReferences', () => {
  it.each([
    ['a field with a reference', { 'soc-max': { sensor: 5 }, 'soc-min': '1 kWh' }, { 'soc-min': '1 kWh' }],
    ['the power sensor', { sensor: 5, 'soc-min': '1 kWh' }, { 'soc-min': '1 kWh' }],
    ['an id in a list', { 'inflexible-device-sensors': [4, 5] }, { 'inflexible-device-sensors': [4] }],
    ['a list without a rest', { 'inflexible-device-sensors': [5, 6] }, {}],
    ['the id of a price sensor', { 'consumption-price-sensor': 6 }, {}],
    ['an entry of a sum', { 'soc-usage': ['1 kW', { sensor: 5 }] }, { 'soc-usage': ['1 kW'] }],
    ['a group', { group: { asset: 9 }, 'soc-min': '5 kWh' }, { 'soc-min': '5 kWh' }],
    [
      'a reference inside a commitment',
      { commitments: [{ name: 'a', baseline: { sensor: 5 } }, { name: 'b' }] },
      { commitments: [{ name: 'a' }, { name: 'b' }] },
    ],
  ])('removes %s', (_what, before, after) => {
    expect(pruneReferences(before, DELETED)).toEqual(after);
  });

  it('returns the same object if nothing refers to what was deleted', () => {
    const description = { 'soc-max': { sensor: 7 }, 'soc-at-start': 5, 'soc-usage': [{ sensor: 8 }] };
    expect(pruneReferences(description, DELETED)).toBe(description);
  });
});
