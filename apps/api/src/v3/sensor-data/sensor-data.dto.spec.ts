import 'reflect-metadata';
import { ApiError } from '../../http/errors/api-error';
import { validationPipe } from '../../http/schema/validation';
import { SensorDataPost, SensorDataQuery } from './sensor-data.dto';

const check = <T>(type: new () => T, place: 'json' | 'query', value: unknown): Promise<T> =>
  validationPipe(place).transform(value, {
    type: place === 'json' ? 'body' : 'query',
    metatype: type,
  }) as Promise<T>;

/** The reasons of the error that a client gets. */
async function reasonsFor(value: object): Promise<unknown> {
  const error: unknown = await check(SensorDataPost, 'json', value).catch((thrown: unknown) => thrown);
  if (!(error instanceof ApiError)) throw new Error('The value was not rejected.');
  return (error.body.message as { json: unknown }).json;
}

const POST = {
  sensor: 'ea1.2021-01.com.example:fm1.10',
  values: [1, '2', null] as unknown,
  start: '2026-11-20T00:00:00+01:00',
  duration: 'PT45M',
  unit: 'MW',
};

describe('SensorDataPost', () => {
  it('converts numbers, numeric strings and nulls to an array, and an entity address to an id', async () => {
    const post = await check(SensorDataPost, 'json', { ...POST });
    expect(post.sensor).toBe(10);
    expect(post.values).toEqual(Float64Array.of(1, 2, NaN));
    expect((await check(SensorDataPost, 'json', { ...POST, sensor: 10, values: 3.7 })).values).toEqual(
      Float64Array.of(3.7),
    );
  });

  it.each([
    [{ values: [1, 'x', true, [1]] }, ['values']],
    [{ values: null }, ['values']],
    [{ values: 'x' }, ['values']],
    [{ values: {} }, ['values']],
    [{ values: [] }, ['values']],
    [{ sensor: '10' }, ['sensor']],
    [{ sensor: 1.5, start: undefined }, ['sensor', 'start']],
    [{ horizon: 'P1M' }, ['horizon']],
    [{ horizon: 'P99999D' }, ['horizon']],
    [{ duration: '-PT1H' }, ['duration']],
    [{ foo: 1 }, ['foo']],
    [{ __proto__: { values: [1] }, prior: null }, ['prior']],
  ])('reports the invalid fields of %j', async (change, fields) => {
    expect(Object.keys((await reasonsFor({ ...POST, ...change })) as object).sort()).toEqual(fields);
  });

  it('reports strings that are too long', async () => {
    const long = `${'1'.repeat(100_000)}x`;
    expect(await reasonsFor({ ...POST, values: [1, long], sensor: long, duration: long })).toEqual({
      values: { '1': ['Longer than maximum length 400.'] },
      sensor: ['Longer than maximum length 300.'],
      duration: [expect.stringMatching(/^Cannot parse 1{60}… as ISO8601 duration: .{0,120}$/)],
    });
  });

  it('validates a year of values without visiting each value in the validation pipe', async () => {
    const year = { ...POST, values: Array.from({ length: 35_040 }, (_, i) => i / 7) };
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = process.cpuUsage();
      await check(SensorDataPost, 'json', year);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    // 0.5 ms without jest, 100 ms if the pipe visits each value. The minimum of several runs, because one may include
    // garbage collection.
    expect(Math.min(...times)).toBeLessThan(25);
  });
});

describe('SensorDataQuery', () => {
  it('accepts a sensor id of digits, and a time zone offset whose plus arrives as a space', async () => {
    const query = { ...POST, sensor: '10', start: '2026-11-20T00:00:00 01:00', source: '3', auth_token: 'x' };
    expect(await check(SensorDataQuery, 'query', query)).toMatchObject({
      sensor: 10,
      start: '2026-11-20T00:00:00+01:00',
      source: 3,
    });
  });
});
