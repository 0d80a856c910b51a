import { DAY_MS, HOUR_MS, parseInstant } from '#lib/time';
import { eventsOfPost } from './posted-series';

const timezone = 'Europe/Amsterdam';
const SPRING = parseInstant('2026-03-28T00:00+01:00');
const AUTUMN = parseInstant('2026-10-24T00:00+02:00');

/** Starts of events, and their values, as local times and numbers of 6 decimals. */
function posted(
  startMs: number,
  hours: number,
  values: number[],
  { unit = 'kWh', sensorUnit = '', resolutionMs = DAY_MS } = {},
) {
  const post = { startMs, durationMs: hours * HOUR_MS, values: Float64Array.from(values), unit };
  const events = eventsOfPost(post, { resolutionMs, unit: sensorUnit || unit, timezone });
  return Array.from(events.eventStarts, (start, i): [string, number] => [
    new Date(start).toISOString().slice(0, 13),
    Number(events.values[i]!.toFixed(6)),
  ]);
}

describe('eventsOfPost of whole days, where the clocks change', () => {
  it.each([
    ['days on the clock', 71],
    ['24 hours for each day', 72],
  ])('starts the events of a sensor of days at midnight in spring: %s', (_name, hours) => {
    expect(posted(SPRING, hours, [1, NaN, 3])).toEqual([
      ['2026-03-27T23', 1],
      ['2026-03-29T22', 3],
    ]);
  });

  it.each([
    ['days on the clock', 73],
    ['24 hours for each day', 72],
  ])('starts the events of a sensor of days at midnight in autumn: %s', (_name, hours) => {
    expect(posted(AUTUMN, hours, [1, 2, 3])).toEqual([
      ['2026-10-23T22', 1],
      ['2026-10-24T22', 2],
      ['2026-10-25T23', 3],
    ]);
  });

  it('converts between energy and power with the length of each day', () => {
    expect(posted(SPRING, 47, [48, 46], { sensorUnit: 'kW' }).map(([, kw]) => kw)).toEqual([2, 2]);
    expect(posted(SPRING, 47, [2, 2], { unit: 'kW', sensorUnit: 'kWh' }).map(([, kwh]) => kwh)).toEqual([
      48, 46,
    ]);
  });

  it('splits days into the hours that they have', () => {
    const hourly = posted(AUTUMN, 49, [24, 50], { resolutionMs: HOUR_MS });
    expect(hourly).toHaveLength(49);
    expect(hourly.filter(([, kwh]) => kwh === 2)).toHaveLength(25);
    expect(hourly.at(-1)).toEqual(['2026-10-25T22', 2]);
  });

  it('splits several days into single ones', () => {
    expect(posted(SPRING, 95, [4, 6])).toEqual([
      ['2026-03-27T23', 2],
      ['2026-03-28T23', 2],
      ['2026-03-29T22', 3],
      ['2026-03-30T22', 3],
    ]);
  });

  it('puts instants a day apart at the same time of day', () => {
    const instants = posted(SPRING, 71, [1, 2, 3], { resolutionMs: 0 });
    expect(instants.map(([start]) => start)).toEqual(['2026-03-27T23', '2026-03-28T23', '2026-03-29T22']);
  });

  it('keeps hours as they are', () => {
    const values = Array.from({ length: 23 }, (_, i) => i);
    const hourly = posted(SPRING + DAY_MS, 23, values, { resolutionMs: HOUR_MS });
    expect(hourly[22]).toEqual(['2026-03-29T21', 22]);
    expect(posted(SPRING + DAY_MS, 48, [48, 48], { resolutionMs: HOUR_MS })).toHaveLength(48);
  });
});
