import { Fresh, startScene, uniqueNumber, type Person, type Scene } from '../../harness/scenes/api-scene';
import { openEventSource } from '../../harness/servers/event-source';

const CHRISTMAS = { start: '2026-12-25T00:00:00+01:00', end: '2026-12-26T00:00:00+01:00' };

describe('Annotations', () => {
  let scene: Scene;
  let fresh: Fresh;

  beforeAll(async () => {
    scene = await startScene();
    fresh = new Fresh(scene.sql);
  });

  afterAll(() => scene.stop());

  const send = (...args: Parameters<Scene['send']>) => scene.send(...args);
  const contentsIn = (body: unknown) =>
    (body as { content: string[] }[]).map(({ content }) => content.join(' '));

  it('are created once, and returned if they exist', async () => {
    const path = `/sensors/${await fresh.sensor()}/annotations`;
    const body = { content: `Christmas ${uniqueNumber()}`, ...CHRISTMAS };
    const created = await send('POST', path, body);
    expect([created.status, created.body]).toEqual([
      201,
      {
        ...{ id: expect.any(Number) as number, source: expect.any(Number) as number },
        ...{ content: body.content, type: 'label', prior: null },
        ...{ start: '2026-12-24T23:00:00+00:00', end: '2026-12-25T23:00:00+00:00' },
      },
    ]);
    const repeated = await send('POST', path, body);
    expect([repeated.status, repeated.body]).toEqual([200, created.body]);
    const elsewhere = await send('POST', `/sensors/${await fresh.sensor()}/annotations`, body);
    expect([elsewhere.status, elsewhere.body]).toEqual([200, created.body]);
    for (const change of [
      { type: 'holiday' },
      { prior: '2026-12-01T00:00:00Z' },
      { end: '2026-12-27T00:00:00Z' },
    ])
      expect((await send('POST', path, { ...body, ...change })).status).toBe(201);
    expect((await send('POST', path, body, 'member')).body).not.toMatchObject({
      source: (created.body as { source: number }).source,
    });
  });

  it('are refused in an answer that would have more than 10,000 of them', async () => {
    const sensorId = await fresh.sensor();
    await scene.sql.query(
      `WITH created AS (
         INSERT INTO annotation (content, start, "end", type, source_id)
         SELECT 'many ' || i, TIMESTAMPTZ '2020-01-01' + i * INTERVAL '1 hour', TIMESTAMPTZ '2020-01-01' + (i + 1) * INTERVAL '1 hour',
           'label', (SELECT min(id) FROM data_source)
         FROM generate_series(1, 10001) AS i RETURNING id
       )
       INSERT INTO annotations_sensors (annotation_id, sensor_id) SELECT id, $1 FROM created`,
      [sensorId],
    );
    const reason = 'There are more than 10000 annotations. Request a shorter window.';
    expect(await send('GET', `/sensors/${sensorId}/annotations`)).toMatchObject({
      ...{ status: 422, body: { message: { query: { start: [reason] } } } },
    });
    const chart = `/api/dev/sensor/${sensorId}/chart_annotations/`;
    expect(await scene.api.request('GET', chart, { token: scene.tokenOf('member') })).toMatchObject({
      ...{ status: 422, body: { message: { query: { event_starts_after: [reason] } } } },
    });
    const shorter = await send('GET', `/sensors/${sensorId}/annotations?start=2020-01-02T00:00:00Z`);
    expect([shorter.status, shorter.body]).toEqual([200, expect.any(Array)]);
  });

  it('are shown in charts of the sensor, its asset and its account', async () => {
    const sensorId = await fresh.sensor();
    const { rows } = await scene.sql.query<{ id: number }>(
      'SELECT generic_asset_id AS id FROM sensor WHERE id = $1',
      [sensorId],
    );
    const assetId = rows[0]!.id;
    const ids = [`sensors/${sensorId}`, `assets/${assetId}`, 'accounts/1'];
    const contents = ids.map((path) => `about ${path}`);
    for (const [i, path] of ids.entries())
      expect(
        (await send('POST', `/${path}/annotations`, { content: contents[i], ...CHRISTMAS })).status,
      ).toBe(201);
    const window = 'event_starts_after=2026-12-25T00:00:00Z&event_ends_before=2026-12-25T01:00:00Z';
    const ofSensor = await scene.api.request(
      'GET',
      `/api/dev/sensor/${sensorId}/chart_annotations/?${window}`,
      {
        token: scene.tokenOf('member'),
      },
    );
    expect(contentsIn(ofSensor.body)).toEqual(contents);
    const ofAsset = await send('GET', `/assets/${assetId}/chart_annotations`);
    expect(contentsIn(ofAsset.body)).toEqual(contents.slice(1));
  });

  describe('of an asset in charts', () => {
    let path: string;

    beforeAll(async () => {
      const { body } = await send('POST', '/assets', {
        ...{ name: `annotated ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1 },
      });
      path = `/assets/${(body as { id: number }).id}`;
      const week = { start: '2027-01-04T00:00:00Z', end: '2027-01-11T00:00:00Z' };
      const prior = '2027-01-01T00:00:00Z';
      await send('POST', `${path}/annotations`, { content: 'week', ...week, prior });
      await send('POST', `${path}/annotations`, {
        content: 'day',
        start: week.start,
        end: '2027-01-05T00:00:00Z',
      });
    });

    const shown = async (query: string) =>
      (await send('GET', `${path}/chart_annotations?${query}`)).body as { start: number; end: number }[];
    const at = (text: string): number => Date.parse(text);

    it('are clipped to the window', async () => {
      const found = { start: at('2027-01-06T00:00:00Z'), end: at('2027-01-07T00:00:00Z') };
      for (const query of [
        'start=2027-01-06T00:00:00Z&end=2027-01-07T00:00:00Z',
        'start=2027-01-06T00:00:00Z&duration=P1D',
        'end=2027-01-07T00:00:00Z&duration=PT24H',
        'event_starts_after=2027-01-06T00:00:00Z&event_ends_before=2027-01-07T00:00:00Z',
      ])
        expect(await shown(query)).toMatchObject([{ content: ['week'], ...found }]);
      expect(await shown('start=2027-01-06T00:00:00Z&duration=P1D&clip=false')).toMatchObject([
        { start: at('2027-01-04T00:00:00Z'), end: at('2027-01-11T00:00:00Z') },
      ]);
    });

    it('are selected by belief time', async () => {
      expect(await shown('start=2027-01-04T00:00:00Z&prior=2026-12-31T00:00:00Z')).toMatchObject([
        { content: ['day'] },
      ]);
      expect(await shown('start=2027-01-04T00:00:00Z&prior=2027-01-01T00:00:00Z')).toHaveLength(2);
      expect(await shown('start=2027-01-04T00:00:00Z&beliefs_before=2026-12-31T00:00:00Z')).toHaveLength(1);
      expect(await shown('start=2027-01-04T00:00:00Z&beliefs_after=2027-01-02T00:00:00Z')).toMatchObject([
        { content: ['day'] },
      ]);
    });

    it.each([
      ['start=2027-01-06T00:00:00Z&event_starts_after=2027-01-05T00:00:00Z', 'event_starts_after'],
      ['duration=P1D', 'duration'],
      ['start=2027-01-06T00:00:00Z&end=2027-01-07T00:00:00Z&duration=P1D', 'duration'],
      ['start=2027-01-06T00:00:00Z&end=2027-01-05T00:00:00Z', 'end'],
      ['start=2027-01-06', 'start'],
    ])('are not found for the window %s', async (query, field) => {
      expect(await send('GET', `${path}/chart_annotations?${query}`)).toMatchObject({
        status: 422,
        body: { message: { query: { [field]: [expect.any(String)] } } },
      });
    });
  });

  it.each<[object, string]>([
    [{ content: '' }, 'content'],
    [{ content: 'x'.repeat(1025) }, 'content'],
    [{ start: '2026-12-25' }, 'start'],
    [{ end: CHRISTMAS.start }, 'end'],
    [{ type: 'note' }, 'type'],
    [{ prior: 'soon' }, 'prior'],
    [{ belief_time: CHRISTMAS.start }, 'belief_time'],
  ])('are rejected with %j', async (change, field) => {
    for (const path of ['/sensors/2', '/assets/3', '/accounts/1']) {
      const body = { content: 'Christmas', ...CHRISTMAS, ...change };
      expect(await send('POST', `${path}/annotations`, body)).toMatchObject({
        status: 422,
        body: { message: { json: { [field]: [expect.any(String)] } } },
      });
    }
  });

  it('cannot differ by their end only, if they have the same prior', async () => {
    const path = `/sensors/${await fresh.sensor()}/annotations`;
    const body = { content: `Storm ${uniqueNumber()}`, ...CHRISTMAS, prior: '2026-12-01T00:00:00Z' };
    expect((await send('POST', path, body)).status).toBe(201);
    expect(await send('POST', path, { ...body, end: '2026-12-27T00:00:00Z' })).toMatchObject({
      status: 422,
      body: { message: { json: { end: [expect.stringMatching(/same start and prior/)] } } },
    });
  });

  describe('that exist', () => {
    const add = async (path: string, content: string, person: Person = 'accountAdmin') => {
      const { body } = await send('POST', `${path}/annotations`, { content, ...CHRISTMAS }, person);
      return body as { id: number; source: number };
    };
    const listed = async (path: string, query = '') =>
      (await send('GET', `${path}/annotations${query}`)).body as { id: number; content: string }[];

    it('are listed, changed by those who may add them, and deleted', async () => {
      for (const path of [
        `/sensors/${await fresh.sensor()}`,
        `/assets/${await fresh.asset()}`,
        '/accounts/1',
      ]) {
        const { id, source } = await add(path, `Party ${uniqueNumber()}`);
        const change = { content: 'Quiet party', end: '2026-12-26T12:00:00+01:00', prior: CHRISTMAS.start };
        const changed = await send('PATCH', `${path}/annotations/${id}`, change, 'admin');
        expect(changed).toMatchObject({
          status: 200,
          body: { id, content: 'Quiet party', type: 'label', end: '2026-12-26T11:00:00+00:00' },
        });
        expect((changed.body as { source: number }).source).not.toBe(source);
        const found = await listed(path, '?start=2026-12-26T10:00:00Z&end=2026-12-27T00:00:00Z');
        expect(found).toContainEqual(changed.body);
        expect(await listed(path, '?start=2026-12-26T11:00:00Z')).not.toContainEqual(changed.body);
        expect((await send('DELETE', `${path}/annotations/${id}`)).status).toBe(204);
        expect(await listed(path)).not.toContainEqual(changed.body);
        for (const method of ['PATCH', 'DELETE'])
          expect((await send(method, `${path}/annotations/${id}`, {})).status).toBe(404);
      }
      const { rows } = await scene.sql.query("SELECT FROM annotation WHERE content = 'Quiet party'");
      expect(rows).toEqual([]);
    });

    it('stay as they are for other things, which the user may not even see', async () => {
      const [path, hidden] = [`/sensors/${await fresh.sensor()}`, `/sensors/${await fresh.sensor(2)}`];
      const { id } = await add(path, 'Shared', 'admin');
      expect((await add(hidden, 'Shared', 'admin')).id).toBe(id);
      const { body } = await send('PATCH', `${path}/annotations/${id}`, { content: 'Mine' });
      const { id: newId } = body as { id: number };
      expect(newId).not.toBe(id);
      expect(await listed(path)).toMatchObject([{ id: newId, content: 'Mine' }]);
      const elsewhere = async () => (await send('GET', `${hidden}/annotations`, undefined, 'admin')).body;
      expect(await elsewhere()).toMatchObject([{ id, content: 'Shared' }]);
      expect((await send('DELETE', `${path}/annotations/${id}`)).status).toBe(404);
      expect((await send('DELETE', `${path}/annotations/${newId}`)).status).toBe(204);
      expect(await elsewhere()).toHaveLength(1);
    });

    it('become one if a change makes them the same', async () => {
      const path = `/sensors/${await fresh.sensor()}`;
      const [one, other] = [await add(path, 'One'), await add(path, 'Other')];
      expect(await send('PATCH', `${path}/annotations/${other.id}`, { content: 'One' })).toMatchObject({
        body: { id: one.id },
      });
      expect(await listed(path)).toMatchObject([{ id: one.id }]);
    });

    it('are told to those who follow events, when they are changed and deleted', async () => {
      const sensor = await fresh.sensor();
      const { id } = await add(`/sensors/${sensor}`, 'Followed');
      const stream = await openEventSource(scene.api.url, `/api/v3_0/events?sensor=${sensor}`, {
        Authorization: scene.tokenOf('member'),
      });
      await send('PATCH', `/sensors/${sensor}/annotations/${id}`, { content: 'Changed' });
      await send('DELETE', `/sensors/${sensor}/annotations/${id}`);
      await stream.find(({ event }) => event === 'annotation.deleted');
      const about = { sensors: [sensor], assets: [], accounts: [] };
      expect(stream.messages.map(({ event, data }) => [event, data])).toEqual([
        ['annotation.updated', about],
        ['annotation.deleted', about],
      ]);
      stream.close();
    });

    it.each<[object, string]>([
      [{ content: ' ' }, 'content'],
      [{ end: '2026-12-24T00:00:00Z' }, 'end'],
      [{ type: 'note' }, 'type'],
      [{ source: 1 }, 'source'],
    ])('are not changed with %j', async (change, field) => {
      const { id, annotation_id: annotation } = await fresh.annotation('sensors');
      expect(await send('PATCH', `/sensors/${id}/annotations/${annotation}`, change)).toMatchObject({
        status: 422,
        body: { message: { json: { [field]: [expect.any(String)] } } },
      });
    });
  });

  it('are rejected for what does not exist', async () => {
    const body = { content: 'Christmas', ...CHRISTMAS };
    expect((await send('POST', '/sensors/9999/annotations', body, 'admin')).status).toBe(422);
    for (const path of ['/assets/9999', '/accounts/9999'])
      expect((await send('POST', `${path}/annotations`, body, 'admin')).status).toBe(404);
  });
});
