import { defaultPeriod } from './default-period';

const at = (time: string) => Date.parse(`${time}:00Z`);
const ZONE = 'Europe/Amsterdam';
const NOW = at('2026-03-04T23:30');

it.each([
  ['around now', '2026-01-01T00:00', '2026-03-05T00:00', '2026-03-04', '2026-03-06'],
  ['the last days of old data', '2026-01-01T00:00', '2026-01-31T23:00', '2026-01-29', '2026-01-31'],
  ['the only day of old data', '2026-01-31T10:00', '2026-01-31T11:00', '2026-01-31', '2026-01-31'],
  [
    'the first days of data of the far future',
    '2027-01-01T00:00',
    '2027-02-01T00:00',
    '2027-01-01',
    '2027-01-03',
  ],
  ['around now without data', '2026-03-04T23:30', '2026-03-04T23:30', '2026-03-04', '2026-03-06'],
])('a chart shows %s', (_, start, end, first, last) => {
  expect(defaultPeriod({ startMs: at(start), endMs: at(end) }, NOW, ZONE)).toEqual({ first, last });
});
