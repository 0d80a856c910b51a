import { toForecastBody } from './forecast-form';

const EMPTY = { start: '', duration: '', model: '', regressor: '', positive: '' };

describe('toForecastBody', () => {
  it('leaves out what is empty', () => {
    expect(toForecastBody(EMPTY, 'UTC', 0)).toEqual({ config: {} });
  });

  it('sends times with the offset of the sensor, and the other fields with the names of the API', () => {
    const form = {
      start: '2026-07-04T07:00',
      duration: 'P1D',
      model: 'naive',
      regressor: '3',
      positive: 'on',
    };
    expect(toForecastBody(form, 'Europe/Amsterdam', 0)).toEqual({
      start: '2026-07-04T07:00:00+02:00',
      duration: 'P1D',
      config: { model: 'naive', regressors: [3], 'ensure-positive': true },
    });
  });
});
