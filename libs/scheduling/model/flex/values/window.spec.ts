import { parseDuration } from '#lib/time';
import { resolveWindow, type WindowRequest } from './window';

const START = Date.parse('2026-03-04T06:00Z');
const HOUR_MS = 3_600_000;
const due = (datetimeMs: number) => ({ datetimeMs, field: 'soc-targets' });

const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('resolveWindow', () => {
  const request: WindowRequest = {
    startMs: START,
    stepMs: HOUR_MS / 4,
    timezone: 'Europe/Amsterdam',
    targets: [],
    planningHorizonMs: 48 * HOUR_MS,
    maxPlanningHorizonMs: 169 * HOUR_MS,
  };

  it('lasts for the duration of the request, or else the planning horizon', () => {
    expect(resolveWindow(request).window.steps).toBe(192);
    expect(resolveWindow({ ...request, duration: parseDuration('PT12H') }).window.steps).toBe(48);
  });

  it('counts days in the time zone: 25 hours when clocks go back', () => {
    const startMs = Date.parse('2026-10-25T00:00+02:00');
    expect(resolveWindow({ ...request, startMs, duration: parseDuration('P1D') }).window.steps).toBe(100);
  });

  it('is extended to the last target', () => {
    const targets = [due(START + 50 * HOUR_MS)];
    const { window } = resolveWindow({ ...request, duration: parseDuration('PT12H'), targets });
    expect(window.steps).toBe(200);
  });

  it.each([
    [2, 4.5, 4],
    [4.2, 4.5, 5],
  ])('lasts until the last end of a step in the interval of a target: from %d h to %d h', (from, to, end) => {
    const startMs = Date.parse('2026-12-01T10:30+05:30');
    const [fromMs, datetimeMs] = [startMs + from * HOUR_MS, startMs + to * HOUR_MS];
    const { window } = resolveWindow({
      ...{ ...request, startMs, stepMs: HOUR_MS, startGridMs: HOUR_MS / 2, timezone: 'Asia/Kolkata' },
      ...{ duration: parseDuration('PT1H'), targets: [{ ...due(datetimeMs), fromMs }] },
    });
    expect(window).toMatchObject({ startMs, steps: end });
  });

  it('starts at any event of the sensor, also if steps are longer, and lasts whole steps', () => {
    const startMs = Date.parse('2026-12-01T01:00+01:00');
    const { window, notes } = resolveWindow({
      ...{ ...request, startMs, stepMs: 2 * HOUR_MS, startGridMs: HOUR_MS, gridMs: 2 * HOUR_MS },
      duration: parseDuration('PT3H'),
    });
    expect(window).toEqual({ startMs, stepMs: 2 * HOUR_MS, steps: 2 });
    expect(notes).toEqual([]);
  });

  it('moves the start and targets to the ends of steps, with a note for each', () => {
    const targets = [due(START + 49 * HOUR_MS + 7 * 60_000)];
    const { window, notes } = resolveWindow({ ...request, startMs: START + 60_000, targets });
    expect(window).toEqual({ startMs: START, stepMs: HOUR_MS / 4, steps: 197 });
    expect(notes).toHaveLength(2);
  });

  it.each([
    ['full hours in a zone at half an hour', 1, 'Asia/Kolkata', '2026-12-01T10:00+05:30', undefined],
    ['full hours in a zone at half an hour', 1, 'Asia/Kolkata', '2026-12-01T10:20+05:30', '10:00'],
    ['days that start at midnight', 24, 'Europe/Amsterdam', '2026-12-01T00:00+01:00', undefined],
    ['days that start at midnight', 24, 'Europe/Amsterdam', '2026-07-01T13:00+02:00', '00:00'],
    ['four hours from midnight', 4, 'Europe/Amsterdam', '2026-07-01T05:00+02:00', '04:00'],
  ])('starts at the steps of the clock: %s', (_steps, hours, timezone, start, moved) => {
    const startMs = Date.parse(start);
    const { window, notes } = resolveWindow({ ...request, startMs, timezone, stepMs: hours * HOUR_MS });
    const expected = moved === undefined ? start : start.replace(/(?<=T)\d\d:\d\d/, moved);
    expect(window.startMs).toBe(Date.parse(expected));
    expect(notes).toHaveLength(moved === undefined ? 0 : 1);
  });

  it.each([
    ['of one device', 50_000, 1],
    ['of all devices', 5_000, 100],
  ])('refuses more steps than the most %s', (_of, most, devices) => {
    const stepMs = 10;
    const lasting = (steps: number) =>
      resolveWindow({ ...request, stepMs, devices, duration: { seconds: (steps * stepMs) / 1000 } });
    expect(lasting(most).window.steps).toBe(most);
    expect(errorOf(() => lasting(most + 1))).toMatchObject({
      code: 'INVALID_DURATION',
      field: 'duration',
      message: expect.stringContaining(`at most ${most} steps, and this one has ${most + 1}`) as string,
    });
  });

  it('refuses a target that a schedule would need too many steps to reach', () => {
    const change = { stepMs: 1000, targets: [due(START + 50 * HOUR_MS)] };
    expect(errorOf(() => resolveWindow({ ...request, ...change }))).toMatchObject({
      code: 'INVALID_DURATION',
    });
  });

  it.each([
    [{ duration: parseDuration('P8D') }, 'INVALID_DURATION'],
    [{ duration: parseDuration('-PT1H') }, 'INVALID_DURATION'],
    [{ targets: [due(START)] }, 'FLEX_MODEL_INVALID'],
    [{ targets: [due(START + 170 * HOUR_MS)] }, 'FLEX_MODEL_INVALID'],
  ])('refuses %j', (change, code) => {
    expect(errorOf(() => resolveWindow({ ...request, ...change }))).toMatchObject({ code });
  });
});
