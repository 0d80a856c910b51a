import { readDays } from './days';

const ZONE = 'Europe/Amsterdam';
const at = (time: string) => Date.parse(time);

it('shows the days around today, or those that are asked for', () => {
  expect(readDays({}, '2026-03-04', ZONE)).toEqual({
    ...{ first: '2026-03-03', last: '2026-03-05' },
    ...{ startMs: at('2026-03-02T23:00Z'), endMs: at('2026-03-05T23:00Z') },
  });
  // The day on which the clocks change has 23 hours.
  expect(readDays({ first: '2026-03-29', last: '2026-03-29' }, '2026-03-04', ZONE)).toMatchObject({
    ...{ startMs: at('2026-03-28T23:00Z'), endMs: at('2026-03-29T22:00Z') },
  });
});

it.each([
  [{ first: 'x', last: '2026-03-04' }, 'Give both days as YYYY-MM-DD.'],
  [{ first: '2026-02-31', last: ['2026-03-04'] }, 'Give both days as YYYY-MM-DD.'],
  [{ first: '2026-03-05', last: '2026-03-04' }, 'The last day must not be before the first.'],
  [{ first: '2026-01-01', last: '2026-03-04' }, 'Give at most 30 days, not 63.'],
])('says what is wrong with %j', (query, problem) => {
  expect(readDays(query, '2026-03-04', ZONE)).toMatchObject({ first: '2026-03-03', problem });
});
