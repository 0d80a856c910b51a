import { parseDuration } from '#lib/time';
import { resolveFlexModel, resolveWindow, type WindowRequest } from './flex-model';

const START = Date.parse('2026-03-04T06:00Z');
const HOUR_MS = 3_600_000;
const BATTERY = { capacity_in_mw: 0.5, min_soc_in_mwh: 0.05, max_soc_in_mwh: 0.45 };

const failureOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('resolveFlexModel', () => {
  it('takes what is missing from attributes', () => {
    expect(resolveFlexModel({}, { ...BATTERY, roundtrip_efficiency: '81%' }, START)).toEqual({
      socAtStartMwh: 0,
      socMinMwh: 0.05,
      socMaxMwh: 0.45,
      socTargets: [],
      roundtripEfficiency: 0.81,
      preferChargingSooner: true,
    });
  });

  it('reads percentages of the highest state of charge, quantities, and numbers in the unit given', () => {
    const read = (socAtStart: string | number, socUnit?: string) =>
      resolveFlexModel({ socAtStart, socUnit }, BATTERY, START).socAtStartMwh;
    expect(read('50%')).toBeCloseTo(0.225, 12);
    expect(read('225 kWh')).toBeCloseTo(0.225, 12);
    expect(read(0.225)).toBe(0.225);
    expect(read(225, 'kWh')).toBeCloseTo(0.225, 12);
  });

  it('uses the stored state of charge only if it is of the start, whatever the offset it is written with', () => {
    const stored = (time: string) => ({ ...BATTERY, soc_datetime: time, soc_in_mwh: 0.3 });
    expect(resolveFlexModel({}, stored('2026-03-04T07:00:00+01:00'), START).socAtStartMwh).toBe(0.3);
    expect(resolveFlexModel({}, stored('2026-03-04T07:15:00+01:00'), START).socAtStartMwh).toBe(0);
  });

  it('takes the highest target for soc-max when nothing else tells it', () => {
    const socTargets = [1, 3, 2].map((value) => ({ value, datetimeMs: START + HOUR_MS }));
    expect(resolveFlexModel({ socTargets }, {}, START).socMaxMwh).toBe(3);
    expect(() => resolveFlexModel({}, {}, START)).toThrow('soc-max: needed');
  });

  it.each([
    [{ socMin: 'low' }, 'soc-min'],
    [{ socMin: 0.5 }, 'soc-min'],
    [{ socAtStart: -1 }, 'soc-at-start'],
    [{ socTargets: [{ value: 0.5, datetimeMs: START + HOUR_MS }] }, 'soc-targets'],
    [{ roundtripEfficiency: 0 }, 'roundtrip-efficiency'],
    [{ roundtripEfficiency: '101%' }, 'roundtrip-efficiency'],
    [{ roundtripEfficiency: '1e-2000' }, 'roundtrip-efficiency'],
  ])('names the field of %j', (flexModel, field) => {
    expect(failureOf(() => resolveFlexModel(flexModel, BATTERY, START))).toMatchObject({
      code: 'FLEX_MODEL_INVALID',
      field,
    });
  });
});

describe('resolveWindow', () => {
  const request: WindowRequest = {
    startMs: START,
    stepMs: HOUR_MS / 4,
    timezone: 'Europe/Amsterdam',
    targets: [],
    planningHorizonMs: 48 * HOUR_MS,
    maxPlanningHorizonMs: 169 * HOUR_MS,
  };

  it('lasts as long as asked, or the default', () => {
    expect(resolveWindow(request).window.steps).toBe(192);
    expect(resolveWindow({ ...request, duration: parseDuration('PT12H') }).window.steps).toBe(48);
  });

  it('counts local days: 25 hours when clocks go back', () => {
    const startMs = Date.parse('2026-10-25T00:00+02:00');
    expect(resolveWindow({ ...request, startMs, duration: parseDuration('P1D') }).window.steps).toBe(100);
  });

  it('reaches to the last target', () => {
    const targets = [{ socMwh: 1, datetimeMs: START + 50 * HOUR_MS }];
    const { window, targets: onGrid } = resolveWindow({
      ...request,
      duration: parseDuration('PT12H'),
      targets,
    });
    expect(window.steps).toBe(200);
    expect(onGrid).toEqual([{ step: 200, socMwh: 1 }]);
  });

  it('moves start and targets onto the steps, and says so', () => {
    const targets = [{ socMwh: 1, datetimeMs: START + HOUR_MS + 7 * 60_000 }];
    const {
      window,
      targets: onGrid,
      notes,
    } = resolveWindow({ ...request, startMs: START + 60_000, targets });
    expect(window.startMs).toBe(START);
    expect(onGrid).toEqual([{ step: 5, socMwh: 1 }]);
    expect(notes).toHaveLength(2);
  });

  it.each([
    [{ duration: parseDuration('P8D') }, 'INVALID_DURATION'],
    [{ duration: parseDuration('-PT1H') }, 'INVALID_DURATION'],
    [{ targets: [{ socMwh: 1, datetimeMs: START }] }, 'FLEX_MODEL_INVALID'],
    [{ targets: [{ socMwh: 1, datetimeMs: START + 170 * HOUR_MS }] }, 'FLEX_MODEL_INVALID'],
  ])('refuses %j', (change, code) => {
    expect(failureOf(() => resolveWindow({ ...request, ...change }))).toMatchObject({ code });
  });
});
