import { isCorrection, measuredSpan, mergeNewData, toNewData } from './new-data';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const POWER = { unit: 'kW', eventResolutionMs: HOUR_MS };
const PRICE = { unit: 'EUR/MWh', eventResolutionMs: HOUR_MS };
const METER = { id: 1, type: 'user' };
const FORECASTER = { id: 2, type: 'forecasting script' };

const extent = (firstStartMs: number, lastStartMs: number) => ({ count: 2, firstStartMs, lastStartMs });

describe('NewData', () => {
  const saved = (sourceId: number, savedAtMs: number, extents: object) =>
    toNewData({ sensorId: 5, sourceId, savedAtMs, ...extents });

  it('merges several saves to one span, from the first to the last event', () => {
    const data = [
      saved(1, 10, { measurements: extent(2 * HOUR_MS, 3 * HOUR_MS) }),
      saved(1, 30, { measurements: extent(0, HOUR_MS) }),
      saved(3, 20, { measurements: extent(7 * HOUR_MS, 7 * HOUR_MS) }),
    ].reduce(mergeNewData);
    expect(data).toEqual({
      sensorId: 5,
      savedAtMs: 30,
      sources: {
        1: { measurements: { count: 4, firstStartMs: 0, lastStartMs: 3 * HOUR_MS } },
        3: { measurements: extent(7 * HOUR_MS, 7 * HOUR_MS) },
      },
    });
    expect(measuredSpan(POWER, data, [METER])).toEqual({ startMs: 0, endMs: 4 * HOUR_MS });
    expect(measuredSpan(POWER, data, [METER, { id: 3, type: 'CLI script' }])).toEqual({
      startMs: 0,
      endMs: 8 * HOUR_MS,
    });
  });

  it('counts beliefs after the event as measured, and for prices also beliefs before the event', () => {
    const data = saved(1, 0, {
      measurements: extent(0, HOUR_MS),
      forecasts: extent(5 * HOUR_MS, 9 * HOUR_MS),
    });
    expect(measuredSpan(POWER, data, [METER])).toEqual({ startMs: 0, endMs: 2 * HOUR_MS });
    expect(measuredSpan(PRICE, data, [METER])).toEqual({ startMs: 0, endMs: 10 * HOUR_MS });
    const ahead = saved(1, 0, { forecasts: extent(0, HOUR_MS) });
    expect(measuredSpan(POWER, ahead, [METER])).toBeUndefined();
    expect(measuredSpan(PRICE, ahead, [METER])).toEqual({ startMs: 0, endMs: 2 * HOUR_MS });
  });

  it('does not count beliefs of forecasters, schedulers and deleted sources as measured', () => {
    const data = saved(2, 0, { measurements: extent(0, HOUR_MS), forecasts: extent(0, HOUR_MS) });
    for (const sources of [[FORECASTER], [{ id: 2, type: 'scheduling script' }], []]) {
      expect(measuredSpan(POWER, data, sources)).toBeUndefined();
      expect(measuredSpan(PRICE, data, sources)).toBeUndefined();
    }
  });

  it('is a correction if its first event started more than two days ago', () => {
    expect(isCorrection(0, 2 * DAY_MS)).toBe(false);
    expect(isCorrection(0, 2 * DAY_MS + 1)).toBe(true);
  });
});
