import { toScheduleBody } from './schedule-form';

const EMPTY = { start: '', duration: '', soc_at_start: '', target: '', target_time: '', price_sensor: '' };

describe('toScheduleBody', () => {
  it('sends times with the offset of the sensor, and leaves out what is empty', () => {
    const form = { ...EMPTY, start: '2026-07-04T07:00', duration: 'PT12H' };
    expect(toScheduleBody(form, 'Europe/Amsterdam', 0)).toEqual({
      start: '2026-07-04T07:00:00+02:00',
      duration: 'PT12H',
      'flex-model': {},
      'flex-context': {},
    });
  });

  it('sends state of charge, target and prices with the names of the API', () => {
    const form = {
      ...{ start: '2026-03-04T07:00', duration: '', soc_at_start: '50%', price_sensor: '3' },
      ...{ target: '80%', target_time: '2026-03-04T18:00' },
    };
    expect(toScheduleBody(form, 'UTC', 0)).toEqual({
      start: '2026-03-04T07:00:00+00:00',
      'flex-model': {
        'soc-at-start': '50%',
        'soc-targets': [{ value: '80%', datetime: '2026-03-04T18:00:00+00:00' }],
      },
      'flex-context': { 'consumption-price-sensor': 3 },
    });
  });

  it('leaves texts that are no times to the API', () => {
    for (const start of ['soon', '2026-02-30T07:00'])
      expect(toScheduleBody({ ...EMPTY, start }, 'UTC', 0)).toMatchObject({ start });
  });
});
