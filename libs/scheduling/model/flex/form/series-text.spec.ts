import { readSeries, seriesText, splitRows, joinRows } from './series-text';

const ZONE = 'Europe/Amsterdam';
const LIMITS = { zone: ZONE, hasValues: true, hasInstants: false };
const STATES = { zone: ZONE, hasValues: true, hasInstants: true };
const TIMES = { zone: ZONE, hasValues: false, hasInstants: false };

describe('Rows of a series', () => {
  it.each([
    [
      '2026-03-04 07:00, 2026-03-04 09:00, 5 kW; 2026-07-04 12:00, PT1H, 3',
      LIMITS,
      [
        { start: '2026-03-04T07:00:00+01:00', end: '2026-03-04T09:00:00+01:00', value: '5 kW' },
        { start: '2026-07-04T12:00:00+02:00', duration: 'PT1H', value: 3 },
      ],
    ],
    ['2026-03-04 07:00, , 80%', STATES, [{ datetime: '2026-03-04T07:00:00+01:00', value: '80%' }]],
    ['2026-03-04 16:00, PT2H', TIMES, [{ start: '2026-03-04T16:00:00+01:00', duration: 'PT2H' }]],
  ])('are read from %s, and shown like that', (text, form, series) => {
    expect(readSeries('power', text, form)).toEqual(series);
    expect(seriesText(series, form)).toBe(text);
    expect(joinRows(splitRows(text))).toBe(text);
  });

  it('are those of lines as well, with the times that browsers send', () => {
    expect(readSeries('power', '2026-03-04T07:00, 2026-03-04T08:00, 5 kW\n\n', LIMITS)).toHaveLength(1);
  });

  it.each([
    ['soon, PT1H, 5 kW', LIMITS, 'Row 1: The start must be a time such as 2026-03-04 07:00.'],
    ['2026-02-30 07:00, PT1H, 5 kW', LIMITS, 'Row 1: The start must be a time'],
    ['2026-03-04 07:00, PT1H, 5; 2026-03-04 08:00, later, 5', LIMITS, 'Row 2: The end must be a time'],
    ['2026-03-04 07:00, , 5 kW', LIMITS, 'Row 1: An end is needed'],
    ['2026-03-04 07:00, 2026-03-04 07:00, 5 kW', LIMITS, 'Row 1: The end must be after the start.'],
    ['2026-03-04 07:00, PT1H', STATES, 'Row 1: A value is needed.'],
    ['2026-03-04 07:00, PT1H, 5', TIMES, 'Row 1: Only a start and an end are needed.'],
  ])('say what is wrong with %s', (text, form, reason) => {
    expect(() => readSeries('power', text, form)).toThrow(`power: ${reason}`);
  });

  it.each([
    [[{ start: '2026-03-04T07:00:30+01:00', duration: 'PT1H', value: 5 }]],
    [[{ start: '2026-10-25T02:30:00+01:00', duration: 'PT1H', value: 5 }]],
    [[{ end: '2026-03-04T07:00:00+01:00', duration: 'PT1H', value: 5 }]],
    [[{ start: '2026-03-04T07:00:00+01:00', duration: 'PT1H', value: 5, note: 'x' }]],
    [[{ start: '2026-03-04T07:00:00+01:00', duration: 'PT1H', value: { sensor: 5 } }]],
    [['3 kW', { sensor: 5 }]],
    [[]],
    ['5 kW'],
  ])('do not express %j', (value) => {
    expect(seriesText(value, LIMITS)).toBeUndefined();
  });
});
