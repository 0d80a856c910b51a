import { toSiteBody, type PlannedDevice } from './starting-conditions';

const CAR: PlannedDevice = { assetId: 7, name: 'car', isStorage: true };
const BATTERY: PlannedDevice = { assetId: 3, name: 'battery', isStorage: true };

describe('toSiteBody', () => {
  it('sends devices about which something was typed, and those that store nothing', () => {
    const form = {
      ...{ start: '2026-03-04T07:00', duration: 'PT12H' },
      storages: { 'soc.7': '50%', 'target.7': '80%', 'target_time.7': '2026-03-04T12:00' },
    };
    const { body, names } = toSiteBody(
      form,
      [BATTERY, CAR],
      { timezone: 'Europe/Amsterdam', nowMs: 0 },
      () => false,
    );
    expect(body).toEqual({
      start: '2026-03-04T07:00:00+01:00',
      duration: 'PT12H',
      'flex-model': [
        {
          asset: 7,
          'soc-at-start': '50%',
          'soc-targets': [{ value: '80%', datetime: '2026-03-04T12:00:00+01:00' }],
        },
      ],
    });
    expect(names['flex-model.0.soc-targets.0.datetime']).toBe('target_time.7');
    const { body: all } = toSiteBody(form, [BATTERY, CAR], { timezone: 'UTC', nowMs: 0 }, () => true);
    expect(all['flex-model'][0]).toEqual({ asset: 3 });
  });
});
