import { describeDuration, describePeriod, describeSensor } from './describe-sensor';

it('describeSensor and describePeriod have the form of the Python version', () => {
  const sensor = { id: 2, name: 'charging', unit: 'MW', eventResolutionMs: 900_000 };
  expect(describeSensor(sensor)).toBe('<Sensor 2: charging, unit: MW res.: 0:15:00>');
  const [start, end] = [Date.parse('2022-07-06T06:00:00Z'), Date.parse('2022-07-06T18:00:00Z')];
  expect(describePeriod(start, end, 'Europe/London')).toBe(
    'from 2022-07-06 07:00:00+01:00 to 2022-07-06 19:00:00+01:00',
  );
});

it.each([
  [0, '0:00:00'],
  [3_605_000, '1:00:05'],
  [86_400_000, '1 day, 0:00:00'],
  [178_200_000, '2 days, 1:30:00'],
])('describeDuration of %i ms is %s', (ms, text) => {
  expect(describeDuration(ms)).toBe(text);
});
