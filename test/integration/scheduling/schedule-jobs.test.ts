import { JobsService } from '#lib/queues';
import type { ScheduleJob } from '#lib/queues/model';
import { ScheduleJobsService } from '#lib/scheduling';
import { startTestApp, type TestApp } from '../../harness/app';
import { anAsset, aSensor, saveValues } from '../../harness/factories';

const START = '2026-03-04T06:00:00Z';

describe('jobs for schedules', () => {
  let app: TestApp;
  let job: ScheduleJob;

  beforeAll(async () => {
    app = await startTestApp();
    const asset = await anAsset(app, { attributes: { capacity_in_mw: 1, max_soc_in_mwh: 2 } });
    const battery = await aSensor(app, { asset });
    const prices = await aSensor(app, { unit: 'EUR/MWh', eventResolutionMs: 3_600_000 });
    await saveValues(app, prices, START, [1, 5]);
    job = {
      ...{ start: START, duration: 'PT2H' },
      flexModel: [{ sensor: battery.id, 'soc-at-start': 0 }],
      flexContext: { 'consumption-price-sensor': prices.id },
    };
  });
  afterAll(() => app.close());

  const trigger = async (more: Partial<ScheduleJob> = {}, forceNew = false) => {
    const { id } = await app.get(ScheduleJobsService).trigger({ ...job, ...more }, { forceNew });
    const { payload } = (await app.get(JobsService).find(id))!;
    return { id, beliefTimeMs: Date.parse((payload as ScheduleJob).beliefTime!) };
  };

  it('hold the moment at which they were triggered, so that late workers know no more than that', async () => {
    const beforeMs = Date.now();
    const first = await trigger();
    expect(first.beliefTimeMs).toBeGreaterThanOrEqual(beforeMs);
    expect(first.beliefTimeMs).toBeLessThanOrEqual(Date.now());
    await new Promise((resolve) => setTimeout(resolve, 5));
    // The same request is the same job, with the moment of the first.
    expect(await trigger()).toEqual(first);
    const anew = await trigger({}, true);
    expect(anew.id).not.toBe(first.id);
    expect(anew.beliefTimeMs).toBeGreaterThan(first.beliefTimeMs);
  });

  it('hold the moment that they were triggered for, if that is given', async () => {
    const beliefTime = '2026-03-03T12:00:00+01:00';
    expect((await trigger({ beliefTime })).beliefTimeMs).toBe(Date.parse(beliefTime));
  });
});
