import { startScene, type Scene } from '../../harness/scenes/api-scene';

/** In Amsterdam: the days of 26 March (23 hours) and 29 October 2023 (25 hours) have a clock change. */
const SPRING = { start: '2023-03-25T00:00:00+01:00', duration: 'P7D' };
const AUTUMN = { start: '2023-10-28T00:00:00+02:00', duration: 'P7D' };
const SEVEN = [1, 2, 3, 4, 5, 6, 7];

describe('the data of a daily sensor across a clock change', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const dailySensor = async (unit = 'MW'): Promise<number> => {
    const { rows } = await scene.sql.query<{ id: number }>(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       VALUES ('daily ' || random(), $1, '24 hours', 'Europe/Amsterdam', 3) RETURNING id`,
      [unit],
    );
    return rows[0]!.id;
  };
  const post = (id: number, values: number[], fields: Record<string, string>) =>
    scene.send('POST', `/sensors/${id}/data`, { values, unit: 'MW', horizon: 'PT0H', ...fields });
  const read = (id: number, query: Record<string, string>) =>
    scene.send('GET', `/sensors/${id}/data?${new URLSearchParams({ unit: 'MW', ...query }).toString()}`);

  /** Local date and time of the stored events. */
  const storedStarts = async (id: number): Promise<string[]> => {
    const { rows } = await scene.sql.query<{ start: string }>(
      `SELECT to_char(event_start AT TIME ZONE 'Europe/Amsterdam', 'MM-DD HH24:MI') AS start
       FROM timed_belief WHERE sensor_id = $1 ORDER BY event_start`,
      [id],
    );
    return rows.map(({ start }) => start);
  };

  it.each([
    ['spring', SPRING, 'PT167H', ['03-25', '03-26', '03-27', '03-28', '03-29', '03-30', '03-31']],
    ['autumn', AUTUMN, 'PT169H', ['10-28', '10-29', '10-30', '10-31', '11-01', '11-02', '11-03']],
  ])('is saved and read as calendar days in %s', async (_, week, duration, dates) => {
    const id = await dailySensor();
    expect(await post(id, SEVEN, week)).toMatchObject({ status: 200, body: { status: 'PROCESSED' } });
    expect(await storedStarts(id)).toEqual(dates.map((date) => `${date} 00:00`));
    for (const resolution of [undefined, 'PT24H', 'P1D']) {
      const { body } = await read(id, { ...week, ...(resolution && { resolution }) });
      expect(body).toMatchObject({ values: SEVEN, start: week.start, duration, resolution: 'PT24H' });
    }
    const { body } = await read(id, { ...week, resolution: 'P7D' });
    expect((body as { values: number[] }).values).toHaveLength(1);
  });

  it('is saved for the single day of the change', async () => {
    const id = await dailySensor();
    const day = { start: '2023-03-26T00:00:00+01:00', duration: 'P1D' };
    expect(await post(id, [5], day)).toMatchObject({ status: 200 });
    expect((await read(id, day)).body).toMatchObject({ values: [5], duration: 'PT23H' });
    expect((await read(id, { ...day, unit: 'MWh' })).body).toMatchObject({ values: [115] });
  });

  it('is saved as calendar days when the duration counts 24 hours for each', async () => {
    const id = await dailySensor();
    expect(await post(id, SEVEN, { ...SPRING, duration: 'PT168H' })).toMatchObject({ status: 200 });
    expect((await read(id, SPRING)).body).toMatchObject({ values: SEVEN });
  });

  it('is converted between energy and power with the real length of each day', async () => {
    const id = await dailySensor();
    const days = { start: SPRING.start, duration: 'P3D' };
    await post(id, [24, 23, 24], { ...days, unit: 'MWh' });
    expect((await read(id, days)).body).toMatchObject({ values: [1, 1, 1] });
    expect((await read(id, { ...days, unit: 'MWh' })).body).toMatchObject({ values: [24, 23, 24] });
  });

  it.each([
    ['spring', SPRING],
    ['autumn', AUTUMN],
  ])('is repeated or divided over the days of a week in %s', async (_, { start }) => {
    const [power, energy] = [await dailySensor(), await dailySensor('MWh')];
    const weeks = { start, duration: 'P14D' };
    const of = (one: number, other: number) => [
      ...Array<number>(7).fill(one),
      ...Array<number>(7).fill(other),
    ];
    expect(await post(power, [1, 2], weeks)).toMatchObject({ status: 200 });
    expect((await read(power, weeks)).body).toMatchObject({ values: of(1, 2) });
    expect(await post(energy, [7, 14], { ...weeks, unit: 'MWh' })).toMatchObject({ status: 200 });
    expect((await read(energy, { ...weeks, unit: 'MWh' })).body).toMatchObject({ values: of(1, 2) });
  });

  it('is refused when the values do not divide the days', async () => {
    expect(await post(await dailySensor(), [1, 2, 3, 4, 5, 6], SPRING)).toMatchObject({ status: 422 });
    expect(await post(await dailySensor(), [...SEVEN, 8], SPRING)).toMatchObject({ status: 422 });
  });

  it.each([
    ['days', 1],
    ['weeks', 7],
  ])('is uploaded in a file of %s', async (_, stepDays) => {
    const id = await dailySensor();
    const lines = [0, 1, 2, 3].map((i) => {
      const date = new Date(Date.UTC(2023, 9, 28 - stepDays + i * stepDays)).toISOString().slice(0, 10);
      return `${date},${i + 1}\n`;
    });
    const form = new FormData();
    form.append(
      'uploaded-files',
      new File(['event_start,value\n', ...lines], 'days.csv', { type: 'text/csv' }),
    );
    form.append('timezone', 'Europe/Amsterdam');
    const request = new Request(`${scene.api.url}/api/v3_0/sensors/${id}/data/upload`, {
      method: 'POST',
      headers: { Authorization: scene.tokenOf('accountAdmin') },
      body: form,
    });
    expect(await scene.api.fetch(request)).toMatchObject({ status: 200 });
    const starts = await storedStarts(id);
    expect(starts).toHaveLength(4 * stepDays);
    expect(new Set(starts.map((start) => start.slice(6)))).toEqual(new Set(['00:00']));
  });
});
