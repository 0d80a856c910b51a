import { missingRanges, periodStart, rangeName, type EventRange } from './partition-ranges';

const at = (text: string): number => Date.parse(`${text}T00:00Z`);
const range = (start: string, end: string): EventRange => ({ startMs: at(start), endMs: at(end) });
const names = (ranges: EventRange[]): string[] => ranges.map((each) => rangeName(each));

describe('periodStart', () => {
  it('finds the start of the UTC month or year that contains a moment', () => {
    expect(periodStart(Date.parse('2026-03-31T23:59:59.999Z'), 'monthly')).toBe(at('2026-03-01'));
    expect(periodStart(at('2026-01-01'), 'yearly')).toBe(at('2026-01-01'));
  });

  it('counts periods forwards and backwards, across years and before 1970', () => {
    expect(periodStart(at('2025-11-20'), 'monthly', 3)).toBe(at('2026-02-01'));
    expect(periodStart(at('2025-11-20'), 'yearly', -1)).toBe(at('2024-01-01'));
    expect(periodStart(at('1969-12-31'), 'monthly')).toBe(at('1969-12-01'));
  });
});

describe('missingRanges', () => {
  it('returns whole periods if there are no ranges yet', () => {
    expect(names(missingRanges([], at('2025-12-24'), at('2026-02-01'), 'monthly'))).toEqual([
      '2025_12',
      '2026_01',
    ]);
    expect(names(missingRanges([], at('2025-12-24'), at('2026-02-01'), 'yearly'))).toEqual(['2025', '2026']);
  });

  it('leaves out existing ranges', () => {
    const months = missingRanges([], at('2026-01-01'), at('2026-04-01'), 'monthly');
    expect(missingRanges(months, at('2026-01-15'), at('2026-04-01'), 'monthly')).toEqual([]);
    expect(names(missingRanges([months[1]!], at('2026-01-15'), at('2026-04-01'), 'monthly'))).toEqual([
      '2026_01',
      '2026_03',
    ]);
  });

  it('fills the rest of a year around existing months, and adds no months inside an existing year', () => {
    const months = [range('2026-02-01', '2026-03-01'), range('2026-04-01', '2026-05-01')];
    expect(names(missingRanges(months, at('2026-06-01'), at('2027-01-01'), 'yearly'))).toEqual([
      '2026_01',
      '2026_03',
      '20260501_20270101',
    ]);
    const year = [range('2026-01-01', '2027-01-01')];
    expect(names(missingRanges(year, at('2026-06-01'), at('2027-02-01'), 'monthly'))).toEqual(['2027_01']);
  });

  it('returns nothing for an empty window', () => {
    expect(missingRanges([], at('2026-01-01'), at('2026-01-01'), 'monthly')).toEqual([]);
  });
});
