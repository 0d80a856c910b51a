import { uuidOf } from './job-id';

describe('uuidOf', () => {
  it('is a UUID that depends on the content alone', () => {
    const id = uuidOf('scheduling', { sensorId: 1, flexModel: { socMin: 1, socMax: undefined } });
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(uuidOf('scheduling', { flexModel: { socMin: 1 }, sensorId: 1 })).toBe(id);
  });

  it.each([[{ sensorId: 2 }], [{ sensorId: '1' }], [{ sensorId: 1, start: null }], [{ sensorId: [1] }]])(
    'tells %j from others',
    (payload) => {
      expect(uuidOf('scheduling', payload)).not.toBe(uuidOf('scheduling', { sensorId: 1 }));
    },
  );
});
