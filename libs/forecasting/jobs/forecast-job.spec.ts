import { mergeForecastJobs, type ForecastJob } from './forecast-job';

describe('mergeForecastJobs', () => {
  const rolling = {
    sensorId: 1,
    horizon: 'PT1H',
    from: '2026-03-04T08:00:00Z',
    until: '2026-03-04T09:00:00Z',
  };

  it('covers the events of both jobs, with the later knowledge', () => {
    const waiting = { ...rolling, beliefTime: '2026-03-04T08:10:00Z', refit: true };
    const added = {
      ...rolling,
      ...{ from: '2026-03-04T06:00:00Z', until: '2026-03-04T07:00:00Z' },
      beliefTime: '2026-03-04T08:20:00Z',
    };
    const merged = {
      ...rolling,
      ...{ from: '2026-03-04T06:00:00Z', until: '2026-03-04T09:00:00Z' },
      ...{ beliefTime: '2026-03-04T08:20:00Z', refit: true },
    };
    expect(mergeForecastJobs(waiting, added)).toEqual(merged);
    expect(mergeForecastJobs(added, waiting)).toEqual(merged);
  });

  it('covers the latest two days of a history that comes in parts', () => {
    const day = (start: string, end: string): ForecastJob => ({ ...rolling, from: start, until: end });
    const days = [
      day('2026-03-03T23:00:00+01:00', '2026-03-04T23:00:00+01:00'),
      day('2020-06-01T00:00:00Z', '2020-06-02T00:00:00Z'),
      day('2020-06-02T00:00:00Z', '2020-06-03T00:00:00Z'),
    ];
    const merged: ForecastJob = { ...days[0]!, from: '2026-03-02T22:00:00.000Z' };
    expect(days.reduce(mergeForecastJobs)).toEqual(merged);
    expect([...days].reverse().reduce(mergeForecastJobs)).toEqual(merged);
  });

  it('takes the later viewpoint', () => {
    const events = { sensorId: rolling.sensorId, from: rolling.from, until: rolling.until };
    const [one, other] = ['2026-03-04T07:00:00Z', '2026-03-04T07:30:00Z'];
    const merged = mergeForecastJobs({ ...events, viewpoint: other }, { ...events, viewpoint: one });
    expect(merged).toEqual({ ...events, viewpoint: other });
  });
});
