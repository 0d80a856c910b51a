import { mergeForecastJobs } from './forecast-job';

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

  it('takes the later viewpoint', () => {
    const events = { sensorId: rolling.sensorId, from: rolling.from, until: rolling.until };
    const [one, other] = ['2026-03-04T07:00:00Z', '2026-03-04T07:30:00Z'];
    const merged = mergeForecastJobs({ ...events, viewpoint: other }, { ...events, viewpoint: one });
    expect(merged).toEqual({ ...events, viewpoint: other });
  });
});
