import { Fresh, startScene, uniqueNumber, type Person, type Scene } from '../../harness/scenes/api-scene';

const HOUR_MS = 3_600_000;

/** A time relative to now, as text. */
const fromNow = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('Sensors', () => {
  let scene: Scene;
  let fresh: Fresh;

  beforeAll(async () => {
    scene = await startScene();
    fresh = new Fresh(scene.sql);
  });

  afterAll(() => scene.stop());

  const send = (method: string, path: string, json?: unknown, person?: Person) =>
    scene.send(method, path, json, person);
  const post = async (id: number, json: object, person?: Person): Promise<void> => {
    expect((await send('POST', `/sensors/${id}/data`, { unit: 'MW', ...json }, person)).status).toBe(200);
  };
  const unprocessable = (place: string, reasons: object) => ({
    status: 422,
    body: { message: { [place]: reasons } },
  });

  describe('event resolutions', () => {
    it('are durations for one sensor, and minutes in lists', async () => {
      const name = `sensor ${uniqueNumber()}`;
      const given = { name, unit: 'kW', event_resolution: 'PT15M', generic_asset_id: 3 };
      const { body } = await send('POST', '/sensors', given);
      const { id } = body as { id: number };
      expect(body).toMatchObject({ event_resolution: 'PT15M' });
      expect((await send('GET', `/sensors/${id}`)).body).toMatchObject({ event_resolution: 'PT15M' });
      expect((await send('GET', `/sensors?filter=${name.replace(' ', '%20')}`)).body).toEqual([
        expect.objectContaining({ id, event_resolution: 15 }),
      ]);
    });
  });

  describe('units and resolutions', () => {
    it('can change while there is no data', async () => {
      const id = await fresh.sensor();
      expect((await send('PATCH', `/sensors/${id}`, { unit: 'kW', event_resolution: 5 })).body).toMatchObject(
        {
          unit: 'kW',
          event_resolution: 'PT5M',
        },
      );
      expect((await send('GET', `/sensors/${id}`)).body).toMatchObject({
        unit: 'kW',
        event_resolution: 'PT5M',
      });
    });

    it('cannot change while there is data, but the same value may be sent', async () => {
      const id = await fresh.sensor();
      await post(id, { start: '2026-03-01T00:00:00Z', duration: 'PT15M', values: [1] });
      const same = await send('PATCH', `/sensors/${id}`, { unit: 'MW', event_resolution: 'PT15M' });
      expect([same.status, same.body]).toMatchObject([200, { unit: 'MW' }]);
      for (const change of [{ unit: 'kW' }, { event_resolution: 'PT5M' }]) {
        const [field] = Object.keys(change) as [string];
        expect(await send('PATCH', `/sensors/${id}`, change)).toMatchObject(
          unprocessable('json', {
            [field]: [`Cannot change while sensor ${id} has data. Delete its data first.`],
          }),
        );
      }
      expect((await send('DELETE', `/sensors/${id}/data`)).status).toBe(204);
      expect((await send('PATCH', `/sensors/${id}`, { unit: 'kW' })).body).toMatchObject({ unit: 'kW' });
    });

    it('must be valid', async () => {
      const id = await fresh.sensor();
      expect(await send('PATCH', `/sensors/${id}`, { unit: 'bananas' })).toMatchObject(
        unprocessable('json', { unit: ['Not a valid unit.'] }),
      );
      expect((await send('PATCH', `/sensors/${id}`, { event_resolution: '-PT5M' })).status).toBe(422);
    });
  });

  describe('lists', () => {
    const namesIn = (body: unknown) => (body as { name: string }[]).map(({ name }) => name);
    const list = async (query: string, person?: Person) =>
      namesIn((await send('GET', `/sensors?${query}`, undefined, person)).body);

    it('contain the sensors of an asset and of the assets below it', async () => {
      const [root, child] = [await fresh.asset(), await fresh.asset()];
      await scene.sql.query('UPDATE generic_asset SET parent_asset_id = $1 WHERE id = $2', [root, child]);
      for (const [name, assetId] of [
        ['of root', root],
        ['of child', child],
      ] as const)
        await send('POST', '/sensors', { name, unit: 'kW', event_resolution: 15, generic_asset_id: assetId });
      for (const parameter of ['asset', 'asset_id']) {
        expect(await list(`${parameter}=${root}`)).toEqual(['of root', 'of child']);
        expect(await list(`${parameter}=${child}`)).toEqual(['of child']);
      }
      expect(await list(`asset=${root}&account=1`)).toEqual(['of root', 'of child']);
      expect(await send('GET', `/sensors?asset=${root}&account=2`, undefined, 'admin')).toMatchObject(
        unprocessable('query', { account: ['Send either an account or an asset.'] }),
      );
      expect((await send('GET', `/sensors?asset=${root}`, undefined, 'stranger')).status).toBe(403);
      expect((await send('GET', '/sensors?asset=9999')).status).toBe(404);
    });

    it('contain the sensors of a named account, and those of public assets on demand', async () => {
      expect(await list('account=1', 'admin')).toContain('discharging');
      expect((await send('GET', '/sensors?account=1', undefined, 'stranger')).status).toBe(403);
      expect((await send('GET', '/sensors?account=9999', undefined, 'admin')).status).toBe(404);
      expect(await list('account=1')).not.toContain('Day ahead prices');
      for (const spelling of ['include_public_assets', 'include-public-assets'])
        expect(await list(`${spelling}=true`)).toEqual(
          expect.arrayContaining(['discharging', 'Day ahead prices']),
        );
    });

    it('contain those of client accounts for consultants on demand', async () => {
      await scene.sql.query('UPDATE account SET consultancy_account_id = 2 WHERE id = 1');
      await scene.sql.query(
        `INSERT INTO roles_users (user_id, role_id)
         SELECT fm_user.id, role.id FROM fm_user, role WHERE username = 'stranger' AND role.name = 'consultant'`,
      );
      try {
        expect(await list('', 'stranger')).not.toContain('discharging');
        for (const spelling of ['include_consultancy_clients', 'include-consultancy-clients'])
          expect(await list(`${spelling}=true`, 'stranger')).toContain('discharging');
        expect(await list('include_consultancy_clients=true&unit=kW', 'stranger')).not.toContain(
          'discharging',
        );
        // An admin can read the clients of any account.
        expect(await list('account=2', 'admin')).not.toContain('discharging');
        expect(await list('include_consultancy_clients=true&account=2', 'admin')).toContain('discharging');
      } finally {
        await scene.sql.query('UPDATE account SET consultancy_account_id = NULL WHERE id = 1');
      }
    });

    it('are filtered by names of sensors, assets and accounts, and by the first digits of ids', async () => {
      const id = await fresh.sensor();
      const { rows } = await scene.sql.query<{ name: string; asset: string }>(
        'SELECT sensor.name, asset.name AS asset FROM sensor JOIN generic_asset asset ON asset.id = generic_asset_id WHERE sensor.id = $1',
        [id],
      );
      const { name, asset } = rows[0]!;
      expect(await list(`filter=${encodeURIComponent(asset)}`)).toEqual([name]);
      expect(await list(`filter=${id}`)).toContain(name);
      expect(await list('filter=discharg')).toEqual(['discharging']);
      expect((await list('filter=TOY')).length).toBe((await list('')).length);
      expect(await list('filter=_')).toEqual([]);
    });

    it('have pages as objects', async () => {
      const all = await list('');
      expect(all.length).toBeGreaterThan(2);
      for (const size of ['per-page', 'per_page']) {
        const { body, headers } = await send('GET', `/sensors?page=2&${size}=1`);
        expect(body).toMatchObject({ 'num-records': all.length, 'filtered-records': all.length });
        expect(namesIn((body as { data: unknown }).data)).toEqual([all[1]]);
        expect(headers.get('X-Total-Count')).toBe(String(all.length));
      }
      expect((await send('GET', '/sensors?page=1&filter=discharg')).body).toMatchObject({
        'num-records': all.length,
        'filtered-records': 1,
      });
      const { body } = await send('GET', '/sensors?page=1');
      expect(namesIn((body as { data: unknown }).data)).toEqual(all.slice(0, 10));
      expect((await send('GET', '/sensors?page=1&filter=discharging')).body).toMatchObject({
        'num-records': all.length,
        'filtered-records': 1,
      });
      const first = (await send('GET', '/sensors?per-page=2')).body;
      expect(namesIn((first as { data: unknown }).data)).toEqual(all.slice(0, 2));
    });
  });

  describe('data', () => {
    const countOf = async (id: number): Promise<number> => {
      const { rows } = await scene.sql.query<{ count: string }>(
        'SELECT count(*) FROM timed_belief WHERE sensor_id = $1',
        [id],
      );
      return Number(rows[0]!.count);
    };
    const ofFourQuarters = async (): Promise<number> => {
      const id = await fresh.sensor();
      await post(id, { start: '2026-03-01T00:00:00Z', duration: 'PT1H', values: [1, 2, 3, 4] });
      return id;
    };

    it('is deleted between start and until', async () => {
      const id = await ofFourQuarters();
      const period = { start: '2026-03-01T00:15:00Z', until: '2026-03-01T00:45:00Z' };
      expect((await send('DELETE', `/sensors/${id}/data`, period)).status).toBe(204);
      const query = 'start=2026-03-01T00:00:00Z&duration=PT1H';
      expect((await send('GET', `/sensors/${id}/data?${query}`)).body).toMatchObject({
        values: [1, null, null, 4],
      });
      expect((await send('DELETE', `/sensors/${id}/data`, { until: '2026-03-01T00:29:00Z' })).status).toBe(
        204,
      );
      expect(await countOf(id)).toBe(1);
      expect((await send('DELETE', `/sensors/${id}/data`, {})).status).toBe(204);
      expect(await countOf(id)).toBe(0);
    });

    it('is deleted of one source', async () => {
      const id = await ofFourQuarters();
      await post(id, { start: '2026-03-01T00:00:00Z', duration: 'PT15M', values: [9] }, 'member');
      const { body } = await send('GET', `/sensors/${id}/stats`);
      const [first, second] = (body as { sources: { source: { id: number } }[] }).sources;
      expect((await send('DELETE', `/sensors/${id}/data`, { source: first!.source.id })).status).toBe(204);
      expect((await send('GET', `/sensors/${id}/stats`)).body).toMatchObject({
        sources: [{ source: second!.source }],
      });
    });

    it('is told by an event, so that models are fitted again', async () => {
      const id = await ofFourQuarters();
      const until = '2026-03-01T00:15:00Z';
      await send('DELETE', `/sensors/${id}/data`, { until });
      const { rows } = await scene.sql.query<{ payload: object; actor: object }>(
        "SELECT payload, actor FROM event WHERE name = 'beliefs.deleted' ORDER BY id DESC LIMIT 1",
      );
      expect(rows[0]).toMatchObject({
        payload: { sensorIds: [id], untilMs: Date.parse(until) },
        actor: { user: expect.any(Number) as number },
      });
    });

    it.each<[string, object, object]>([
      [
        'an until before start',
        { start: '2026-03-02T00:00Z', until: '2026-03-01T00:00Z' },
        { until: [expect.any(String)] },
      ],
      [
        'a period shorter than an event',
        { start: '2026-03-01T00:00Z', until: '2026-03-01T00:10Z' },
        { until: ['Must be at least PT15M after start, the duration of an event.'] },
      ],
      ['a time without zone', { start: '2026-03-01T00:00' }, { start: ['Not a valid aware datetime.'] }],
      ['an unknown source', { source: 9999 }, { source: ['No data source found with id 9999.'] }],
      ['an unknown field', { from: '2026-03-01T00:00Z' }, { from: ['Unknown field.'] }],
    ])('is not deleted with %s', async (_what, body, reasons) => {
      const id = await ofFourQuarters();
      expect(await send('DELETE', `/sensors/${id}/data`, body)).toMatchObject(unprocessable('json', reasons));
      expect(await countOf(id)).toBe(4);
    });

    it('is not deleted if the period is in the query, or in a body that is not read', async () => {
      const id = await ofFourQuarters();
      expect(await send('DELETE', `/sensors/${id}/data?source=1&auth_token=x`)).toMatchObject(
        unprocessable('query', { source: ['Send it in the JSON body.'] }),
      );
      const headers = { Authorization: scene.tokenOf('accountAdmin'), 'Content-Type': 'text/plain' };
      const url = `${scene.api.url}/api/v3_0/sensors/${id}/data`;
      const answer = await scene.api.fetch(
        new Request(url, { method: 'DELETE', headers, body: '{"source": 1}' }),
      );
      expect(answer.status).toBe(415);
      expect(await countOf(id)).toBe(4);
    });
  });

  describe('statistics', () => {
    it('have the keys of FlexMeasures, sorted or as pairs', async () => {
      const id = await fresh.sensor();
      const prior = '2026-03-01T02:00:00+00:00';
      await post(id, { start: '2026-03-01T00:00:00Z', duration: 'PT1H', values: [1, 2, 3, 6], prior });
      const { body } = await send('GET', `/sensors/${id}/stats?fresh=true`);
      const { sources } = body as { sources: { source: { id: number; name: string } }[] };
      const key = `${sources[0]!.source.name} (ID: ${sources[0]!.source.id})`;
      const figures = {
        'First event start': '2026-03-01T01:00:00+01:00',
        'Last event end': '2026-03-01T02:00:00+01:00',
        'Last recorded': '2026-03-01T03:00:00+01:00',
        'Min value': 1,
        'Max value': 6,
        'Mean value': 3,
        'Sum over values': 12,
        'Number of values': 4,
      };
      const shown = (body as Record<string, Record<string, unknown>>)[key]!;
      expect(shown).toEqual(figures);
      expect(Object.keys(shown)).toEqual(Object.keys(figures).sort());
      const unsorted = await send('GET', `/sensors/${id}/stats?sort=false`);
      expect((unsorted.body as Record<string, unknown>)[key]).toEqual(Object.entries(figures));
    });

    it('can be limited to a window', async () => {
      const id = await fresh.sensor();
      await post(id, { start: '2026-03-01T00:00:00Z', duration: 'PT1H', values: [1, 2, 3, 6] });
      const window = 'event_start_time=2026-03-01T00:15:00Z&event_end_time=2026-03-01T00:40:00Z';
      expect((await send('GET', `/sensors/${id}/stats?${window}`)).body).toMatchObject({
        sources: [{ count: 2, min: 2, max: 3 }],
      });
      const twice = 'event_start_time=2026-03-01T00:15:00Z&event_starts_after=2026-03-01T00:15:00Z';
      expect(await send('GET', `/sensors/${id}/stats?${twice}`)).toMatchObject(
        unprocessable('query', { event_start_time: ['Send either event_start_time or event_starts_after.'] }),
      );
    });
  });

  describe('status', () => {
    const statusOf = async (id: number) => {
      const { body, status } = await send('GET', `/sensors/${id}/status`);
      expect(status).toBe(200);
      return (body as { sensors_data: { stale: boolean; source_type: string | null }[] }).sensors_data;
    };

    it('is stale without data', async () => {
      const id = await fresh.sensor();
      const { rows } = await scene.sql.query<{ name: string; asset: string }>(
        'SELECT sensor.name, asset.name AS asset FROM sensor JOIN generic_asset asset ON asset.id = generic_asset_id WHERE sensor.id = $1',
        [id],
      );
      expect(await statusOf(id)).toEqual([
        {
          ...{ id, name: rows[0]!.name, asset_name: rows[0]!.asset, resolution: 'PT15M', source_type: null },
          ...{ stale: true, staleness: null, staleness_since: null, reason: 'No data was recorded.' },
          relation: 'sensor belongs to this asset',
        },
      ]);
    });

    it('is not stale if recent data arrived as fast as usual, and stale two steps later', async () => {
      const quarter = HOUR_MS / 4;
      const end = Math.floor(Date.now() / quarter) * quarter;
      const postUntil = async (untilMs: number): Promise<number> => {
        const id = await fresh.sensor();
        const start = new Date(untilMs - 2 * HOUR_MS).toISOString();
        await post(id, { start, duration: 'PT2H', values: Array(8).fill(1), horizon: 'PT0M' });
        return id;
      };
      const [recent] = await statusOf(await postUntil(end));
      expect(recent).toMatchObject({
        ...{ stale: false, source_type: 'user', staleness: expect.stringMatching(/^PT/) as string },
        reason: expect.stringMatching(/^The latest value is about .* The next one is expected by /) as string,
      });
      const [old] = await statusOf(await postUntil(end - 2 * HOUR_MS));
      expect(old).toMatchObject({
        ...{ stale: true, staleness: expect.stringMatching(/^PT2H/) as string },
        reason: expect.stringMatching(/ The next one was expected by /) as string,
      });
    });

    it('judges schedules by how far they reach into the future', async () => {
      const id = await fresh.sensor();
      const { rows } = await scene.sql.query<{ id: number }>(
        "SELECT id FROM data_source WHERE type = 'scheduling script' LIMIT 1",
      );
      const insert = (startMs: number, leadMs: number) =>
        scene.sql.query(
          `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
           VALUES ($1, $2, $3, $4, 0.5, 1)`,
          [id, fromNow(startMs), leadMs, rows[0]!.id],
        );
      await insert(-HOUR_MS, 24 * HOUR_MS);
      expect(await statusOf(id)).toMatchObject([
        { stale: true, staleness: null, source_type: 'scheduling script' },
      ]);
      await insert(20 * HOUR_MS, 24 * HOUR_MS);
      expect(await statusOf(id)).toMatchObject([
        { stale: false, staleness: expect.stringMatching(/^PT19H59M|^PT20H/) as string },
      ]);
    });

    it('has an entry per type of source', async () => {
      const id = await fresh.sensor();
      const { rows } = await scene.sql.query<{ id: number }>(
        "SELECT id FROM data_source WHERE type = 'scheduling script' LIMIT 1",
      );
      await post(id, { start: '2026-03-01T00:00:00Z', duration: 'PT15M', values: [1] });
      await scene.sql.query(
        `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
         VALUES ($1, '2026-03-01T00:00Z', 3600000, $2, 0.5, 1)`,
        [id, rows[0]!.id],
      );
      expect((await statusOf(id)).map(({ source_type: type }) => type)).toEqual([
        'scheduling script',
        'user',
      ]);
    });
  });
});
