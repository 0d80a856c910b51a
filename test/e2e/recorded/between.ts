/** A request that is not in the recording, but that later cases depend on. */
export interface LeftOut {
  method: string;
  path: string;
  user: string;
  json?: object;
  /** UUID in the recording of the schedule that this request triggers. */
  schedule?: string;
}

const postData = (json: object): LeftOut => ({
  method: 'POST',
  path: '/api/v3_0/sensors/data',
  user: 'toy',
  json: { duration: 'PT1H', unit: 'MW', sensor: 10, ...json },
});

const patch = (path: string, user: string, json?: object): LeftOut => ({
  method: 'PATCH',
  path: `/api/v3_0${path}`,
  user,
  json,
});

const trigger = (schedule: string, sensor: number, flexModel: object, duration?: string): LeftOut => ({
  method: 'POST',
  path: `/api/v3_0/sensors/${sensor}/schedules/trigger`,
  user: 'toy',
  json: { start: '2026-11-23T07:00:00+01:00', duration, 'flex-model': flexModel },
  schedule,
});

const HALF_FULL = { 'soc-at-start': 2.5, 'soc-unit': 'MWh' };

const target = (datetime: string) => ({ ...HALF_FULL, 'soc-targets': [{ value: 4, datetime }] });

/** Requests before a case, by the name of the case. */
export const BEFORE: Record<string, LeftOut[]> = {
  'asset-patch-id': [patch('/assets/8', 'toy', { name: 'new-solar-2', latitude: 41 })],
  'asset-delete-again': [{ method: 'DELETE', path: '/api/v3_0/assets/8', user: 'toy' }],
  'data-post-horizon-zero': [
    postData({
      values: [500, 600, 700, 800],
      start: '2026-11-20T11:00:00+01:00',
      prior: '2026-11-20T00:00:00+01:00',
    }),
    postData({ values: [5, 6, 7, 8], start: '2026-11-20T11:00:00+01:00', horizon: 'PT6H' }),
  ],
  'data-get-instant': [
    postData({ sensor: 8, values: [10, 11, 12], start: '2026-11-20T00:00:00+01:00', unit: '°C' }),
  ],
  'schedule-get-unknown': [
    trigger('c00c449f-eaa6-463a-8b59-a56c34f0a66b', 2, { 'soc-at-start': 0.225, 'soc-unit': 'MWh' }, 'PT12H'),
    trigger('26080948-c9f8-4fbe-9e1a-c0d73325b293', 12, {}),
    trigger('51862f38-4151-4ab8-8d6f-3e9920056768', 12, { 'soc-at-start': 2500, 'soc-unit': 'kWh' }),
    trigger('c96ecef8-b6d5-473d-a492-391839361069', 12, target('2026-11-23T12:00:00+01:00')),
    trigger('c90ceafb-edc1-4ded-935f-5ab162e6d90a', 12, target('2026-12-03T07:00:00+01:00')),
    trigger('2c2319bf-ebce-4a03-8c9c-0c08274693c3', 12, target('2026-11-23T10:07:00+01:00')),
    trigger('3583c97e-543c-4693-bdf5-6d8d51825a0e', 12, { ...HALF_FULL, 'prefer-charging-sooner': false }),
  ],
  'user-patch-roles-by-account-admin': [patch('/users/2', 'plain', { username: 'plain3' })],
  'user-deactivated-token': [patch('/users/2', 'toy', { active: false })],
  'after-reset-token': [patch('/users/2/password-reset', 'admin')],
};
