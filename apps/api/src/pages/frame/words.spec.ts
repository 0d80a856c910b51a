import { durationInWords, timeInWords } from './words';

it.each([
  [0, 'instants'],
  [900_000, '15 minutes'],
  [3_600_000, '1 hour'],
  [172_800_000, '2 days'],
  [1500, '1.5 seconds'],
])('writes %d ms as "%s"', (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

it.each([
  ['2026-03-04T07:00:00+01:00', '2026-03-04 07:00+01:00'],
  ['2026-03-04T07:00:30+01:00', '2026-03-04 07:00:30+01:00'],
  ['2026-03-04T07:00:00Z', '2026-03-04 07:00Z'],
])('writes %s as "%s"', (iso, words) => {
  expect(timeInWords(iso)).toBe(words);
});
