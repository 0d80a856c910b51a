import { hashToUuid } from './job-id';

describe('hashToUuid', () => {
  it('returns a UUID that depends only on the content, not on the order of fields', () => {
    const id = hashToUuid('scheduling', { sensorId: 1, flexModel: { socMin: 1, socMax: undefined } });
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(hashToUuid('scheduling', { flexModel: { socMin: 1 }, sensorId: 1 })).toBe(id);
  });

  it('stays the same for jobs that are stored', () => {
    const start = '2026-01-01T00:00:00+00:00';
    const targets = [{ value: 1.5e-7, datetime: null }];
    const flexModel = { 'soc-at-start': '2 kWh', socMax: undefined, 'soc-targets': targets };
    expect(hashToUuid('scheduling', 'schedule', { sensorId: 1, start, flexModel, b: true })).toBe(
      '4515017e-45db-8a69-9340-6a069c332ba2',
    );
  });

  it.each([[{ sensorId: 2 }], [{ sensorId: '1' }], [{ sensorId: 1, start: null }], [{ sensorId: [1] }]])(
    'returns another UUID for the payload %j',
    (payload) => {
      expect(hashToUuid('scheduling', payload)).not.toBe(hashToUuid('scheduling', { sensorId: 1 }));
    },
  );
});
