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
  [
    'the last days of data that ends at midnight',
    '2026-01-01T00:00',
    '2026-03-03T23:00',
    '2026-03-01',
    '2026-03-03',
  ],
  ['around now without data', '2026-03-04T23:30', '2026-03-04T23:30', '2026-03-04', '2026-03-06'],
])('a chart shows %s', (_, start, end, first, last) => {
  expect(defaultPeriod({ startMs: at(start), endMs: at(end) }, NOW, ZONE)).toEqual({ first, last });
});

it.each([
  ['2026-10-25T22:30', '2026-10-24', '2026-10-26'],
  ['2026-03-29T22:30', '2026-03-29', '2026-03-31'],
])('a chart shows yesterday to tomorrow at %s, around a change of the clocks', (now, first, last) => {
  expect(defaultPeriod({ startMs: 0, endMs: 0 }, at(now), ZONE)).toEqual({ first, last });
});
