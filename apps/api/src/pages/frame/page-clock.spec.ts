import { inYear, pageOffsetMs } from './page-clock';

const at = (text: string): number => Date.parse(text);

describe('the year of a demo', () => {
  it('replaces the year of a moment, also of a leap day', () => {
    expect(inYear(at('2026-11-30T15:00:00Z'), 2015)).toBe(at('2015-11-30T15:00:00Z'));
    expect(inYear(at('2028-02-29T12:00:00Z'), 2015)).toBe(at('2015-03-01T12:00:00Z'));
  });

  it('moves the time of pages only if it is set', () => {
    expect(pageOffsetMs(at('2026-01-01T00:00:00Z'), { demoYear: 2025 })).toBe(-365 * 86_400_000);
    expect(pageOffsetMs(at('2026-01-01T00:00:00Z'), { demoYear: undefined })).toBe(0);
  });
});
