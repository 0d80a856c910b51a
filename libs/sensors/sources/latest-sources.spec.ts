import { compareVersions, latestSources, type OwnedSource } from './latest-sources';

const source = (id: number, version: string | null, more: Partial<OwnedSource> = {}): OwnedSource => ({
  ...{
    id,
    version,
    name: 'Seita',
    type: 'forecasting script',
    model: 'naive',
    userId: null,
    accountId: null,
  },
  ...more,
});
const idsOf = (sources: OwnedSource[]): number[] => latestSources(sources).map(({ id }) => id);

describe('latestSources', () => {
  it('keeps the highest version of each name, type, model and account', () => {
    expect(idsOf([source(1, '1'), source(2, '10'), source(3, '9')])).toEqual([2]);
    expect(idsOf([source(1, '1'), source(2, '2', { model: 'linear' })])).toEqual([1, 2]);
    expect(idsOf([source(1, '1', { accountId: 1 }), source(2, '2', { accountId: 2 })])).toEqual([1, 2]);
  });

  it('keeps the highest id of equal versions, and treats no version as the lowest', () => {
    expect(idsOf([source(1, '1.0'), source(2, '1')])).toEqual([2]);
    expect(idsOf([source(1, '1'), source(2, null)])).toEqual([1]);
  });
});

describe('compareVersions', () => {
  it('compares numbers, not texts', () => {
    expect(compareVersions('1.10', '1.9')).toBeGreaterThan(0);
    expect(compareVersions('2', '1.9.9')).toBeGreaterThan(0);
    expect(compareVersions('v1', '1.0.0')).toBe(0);
  });
});
