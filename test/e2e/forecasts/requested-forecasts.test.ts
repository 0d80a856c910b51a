import { utils, write } from '@e965/xlsx';
import { Browser } from '../../harness/browser/browser';
import { startApi, type ApiServer } from '../../harness/servers/api';
import { installPlugin } from '../../harness/servers/plugins';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT, TOY_USER, withClient } from '../../harness/databases/templates';
import { addUser, emailOf, PASSWORD } from '../../harness/databases/users';
import { command } from '../../harness/databases/templates';

const QUARTER_MS = 900_000;
const HOUR_MS = 4 * QUARTER_MS;
const UUID = /^[\da-f-]{36}$/;

describe('Forecasts on demand', () => {
  let database: TestDatabase;
  let api: ApiServer;
  const tokens: Record<string, string> = {};
  const plugin = installPlugin();
  const nowMs = Math.floor(Date.now() / QUARTER_MS) * QUARTER_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    await command(database.uri, 'add', 'account', '--name', 'Other');
    await withClient(database.uri, (sql) =>
      addUser(sql, { username: 'stranger', accountId: 2, roles: ['account-admin'] }),
    );
    api = await startApi(database.uri, {
      FLEXMEASURES_FORECAST_AFTER_DATA: 'False',
      FLEXMEASURES_PLUGINS: plugin.folder,
    });
    tokens['toy'] = await api.logIn(TOY_USER.email, TOY_USER.password);
    tokens['stranger'] = await api.logIn(emailOf('stranger'), PASSWORD);
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
    plugin.remove();
  });

  const send = (method: string, path: string, json?: unknown, who = 'toy') =>
    api.request(method, `/api/v3_0${path}`, { token: tokens[who], json });
  const load = (ms: number): number => 2 + Math.sin((2 * Math.PI * ms) / (24 * HOUR_MS));

  let count = 0;
  /** A quarter-hourly sensor with measurements of some days until now. */
  const aSensor = async (days: number): Promise<number> => {
    const sensor = { name: `load ${++count}`, unit: 'kW', event_resolution: 'PT15M', generic_asset_id: 3 };
    const { body } = await send('POST', '/sensors', { ...sensor, timezone: 'Europe/Amsterdam' });
    const { id } = body as { id: number };
    if (days > 0) {
      const startMs = nowMs - days * 24 * HOUR_MS;
      const values = Array.from({ length: days * 96 }, (_, i) => load(startMs + i * QUARTER_MS));
      const data = { start: iso(startMs), duration: `P${days}D`, values, unit: 'kW', horizon: 'PT0M' };
      expect((await send('POST', `/sensors/${id}/data`, data)).status).toBe(200);
    }
    return id;
  };

  const ended = async (id: number, uuid: string) => {
    for (;;) {
      const answer = await send('GET', `/sensors/${id}/forecasts/${uuid}`);
      if (answer.status !== 202) return answer;
      expect(answer.body).toMatchObject({ status: expect.stringMatching(/^(QUEUED|STARTED)$/) as string });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const trigger = async (id: number, body: object) => {
    const answer = await send('POST', `/sensors/${id}/forecasts/trigger`, body);
    expect(answer.status).toBe(202);
    return answer.body as { job: string; message: string };
  };

  it('are asked for by a form, whose result and accuracy are on pages', async () => {
    const id = await aSensor(30);
    const browser = new Browser(api.url);
    await browser.submit('/login', { email: TOY_USER.email, password: TOY_USER.password });
    // On the clock of the sensor, half a day ago.
    const local = new Date(nowMs - 12 * HOUR_MS).toLocaleString('sv', { timeZone: 'Europe/Amsterdam' });
    const form = { start: local.replace(' ', 'T').slice(0, 16), duration: 'PT6H', model: '', regressor: '' };
    const refused = await browser.submit(`/sensors/${id}/forecast`, { ...form, duration: 'P90D' });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('at most 31 days')]);
    const sent = await browser.submit(`/sensors/${id}/forecast`, { ...form, positive: 'on' });
    expect(sent.status).toBe(303);
    const path = sent.headers.get('location')!;
    await ended(id, path.slice('/jobs/'.length));
    const { text } = await browser.get(path);
    expect(text).toContain('The forecast is finished.');
    expect(text).toMatch(/What came out[\s\S]*Events forecast by the model<\/dt><dd>24</);
    expect(text).toMatch(new RegExp(`href="/sensors/${id}\\?first=[\\d-]+&amp;last=[\\d-]+"`));
    const page = await browser.get(`/sensors/${id}?accuracy=7`);
    expect(page.text).toMatch(/Accuracy of forecasts[\s\S]*1 hour<\/td><td>\d+<\/td>/);
    const ofDay = (day: string) => browser.get(`/sensors/${id}?accuracy=chart&first=${day}&last=${day}`);
    const ofChart = (await ofDay(local.slice(0, 10))).text;
    expect(ofChart).toContain('<option value="chart" selected>Days of the chart</option>');
    expect(ofChart).toMatch(/1 hour<\/td><td>\d+<\/td>/);
    expect((await ofDay('2001-02-03')).text).toContain(
      'No forecast of this time was followed by a measurement.',
    );
    const stranger = new Browser(api.url);
    await stranger.submit('/login', { email: emailOf('stranger'), password: PASSWORD });
    expect((await stranger.get(`/sensors/${id}/forecast`)).status).toBe(403);
  });

  it('are triggered and fetched as the Python client of July 2026 does', async () => {
    const id = await aSensor(30);
    // Recorded requests: trigger_forecast, get_forecast, trigger_and_get_forecast.
    const start = iso(nowMs - 22 * HOUR_MS).replace('.000Z', '+00:00');
    const full = {
      ...{ start, duration: 'P1DT0H0M0S', 'max-forecast-horizon': 'P1DT0H0M0S' },
      ...{ 'forecast-frequency': 'P1DT0H0M0S', config: { 'train-period': 'P8DT0H0M0S' } },
    };
    for (const body of [full, { start, duration: 'P1DT0H0M0S' }]) {
      const receipt = await trigger(id, body);
      const { job } = receipt;
      expect(receipt).toEqual({
        ...{ status: 'ACCEPTED', message: 'Request has been accepted for processing.' },
        ...{ job, forecast: expect.stringMatching(UUID) as string, 'job-url': `/api/v3_0/jobs/${job}` },
        'results-url': `/api/v3_0/sensors/${id}/forecasts/${job}`,
      });
      const { status, body: answer } = await ended(id, job);
      expect([status, answer]).toMatchObject([200, { status: 'PROCESSED', duration: 'PT24H', unit: 'kW' }]);
      const { start: from, values } = answer as { start: string; values: number[] };
      expect(Date.parse(from)).toBe(nowMs - 22 * HOUR_MS);
      expect(values).toHaveLength(96);
      values.forEach((value, i) =>
        expect(Math.abs(value - load(nowMs - 22 * HOUR_MS + i * QUARTER_MS))).toBeLessThan(0.3),
      );
      expect((await send('GET', `/jobs/${job}`)).body).toMatchObject({
        state: 'finished',
        result: { sensor: id, viewpoints: 1, missing: 0 },
      });
    }
  });

  it('are made for a simulated time to come, as in the example of the Python client', async () => {
    const id = await aSensor(0);
    const startMs = Date.parse('2035-01-15T00:00:00Z');
    const values = Array.from({ length: 14 * 96 }, (_, i) => load(startMs + (i - 14 * 96) * QUARTER_MS));
    const data = { start: iso(startMs - 14 * 96 * QUARTER_MS), duration: 'P14D', values, unit: 'kW' };
    expect((await send('POST', `/sensors/${id}/data`, { ...data, horizon: 'PT0M' })).status).toBe(200);
    const ask = {
      ...{ start: iso(startMs), end: iso(startMs + 24 * HOUR_MS), 'max-forecast-horizon': 'P1D' },
      ...{ 'forecast-frequency': 'PT4H', config: { 'train-start': iso(startMs - 14 * 96 * QUARTER_MS) } },
    };
    const { status, body } = await ended(id, (await trigger(id, ask)).job);
    expect([status, body]).toMatchObject([200, { duration: 'PT24H' }]);
    const forecasts = (body as { values: number[] }).values;
    forecasts.forEach((value, i) =>
      expect(Math.abs(value - load(startMs + i * QUARTER_MS))).toBeLessThan(0.3),
    );
    const tooLong = { start: iso(startMs), duration: 'P32D' };
    expect((await send('POST', `/sensors/${id}/forecasts/trigger`, tooLong)).status).toBe(422);
  });

  it('start now by default, at the start of an event, and reach as far as the planning horizon', async () => {
    const id = await aSensor(30);
    const { job } = await trigger(id, {});
    const { body } = await ended(id, job);
    expect(body).toMatchObject({ duration: 'PT48H' });
    const startMs = Date.parse((body as { start: string }).start);
    expect(startMs % QUARTER_MS).toBe(0);
    expect(startMs).toBeGreaterThanOrEqual(nowMs);
    const { message } = await trigger(id, { start: iso(nowMs - 1000), duration: 'PT1H' });
    expect(message).toMatch(/The start was moved to .*, where an event starts\.$/);
  });

  it('are fetched also if they repeat earlier forecasts, which are not stored again', async () => {
    const id = await aSensor(2);
    const ask = { start: iso(nowMs), duration: 'PT3H', config: { model: 'naive' } };
    const first = await ended(id, (await trigger(id, { ...ask, prior: iso(nowMs - HOUR_MS) })).job);
    const second = await ended(id, (await trigger(id, ask)).job);
    expect(second.body).toMatchObject({ duration: 'PT3H' });
    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  it('have one belief time per viewpoint, and the latest forecast of each event is fetched', async () => {
    const id = await aSensor(30);
    const start = iso(nowMs - 12 * HOUR_MS);
    const { job } = await trigger(id, {
      ...{
        start,
        end: iso(nowMs - 6 * HOUR_MS),
        'forecast-frequency': 'PT2H',
        'max-forecast-horizon': 'PT4H',
      },
    });
    const { body } = await ended(id, job);
    const { values } = body as { values: number[] };
    expect(values).toHaveLength(24);
    const query = `start=${start}&duration=PT6H&source-type=forecaster`;
    for (const [hours, known] of [
      [0, 16],
      [2, 24],
    ] as const) {
      const prior = iso(nowMs - 12 * HOUR_MS + hours * HOUR_MS);
      const { body: seen } = await send('GET', `/sensors/${id}/data?${query}&prior=${prior}&horizon=PT1M`);
      const found = (seen as { values: (number | null)[] }).values.filter((value) => value !== null);
      expect(found).toHaveLength(known);
    }
    const all = await send('GET', `/sensors/${id}/data?${query}&horizon=PT1M`);
    expect((all.body as { values: number[] }).values).toEqual(values);
  });

  it('answer 422 with the reason if the job failed', async () => {
    const id = await aSensor(0);
    const { job } = await trigger(id, { duration: 'PT1H' });
    expect(await ended(id, job)).toMatchObject({
      status: 422,
      body: {
        status: 'FAILED',
        message: expect.stringMatching(/NO_FORECAST: No event could be forecast/) as string,
      },
    });
  });

  it('are clipped and snapped, with prediction intervals or without', async () => {
    const id = await aSensor(30);
    const config = { lower: '1500 W', upper: 2.5, snap: { '2 kW': ['1.9 kW', 2.1] } };
    const { job } = await trigger(id, { duration: 'P1D', probabilistic: false, config });
    const { values } = (await ended(id, job)).body as { values: number[] };
    expect([Math.min(...values), Math.max(...values)]).toEqual([1.5, 2.5]);
    expect(values.filter((value) => value > 1.9 && value < 2.1 && value !== 2)).toEqual([]);
  });

  it('come from the custom forecaster of a sensor, within the bounds of the request', async () => {
    const id = await aSensor(1);
    const attributes = JSON.stringify({
      'custom-forecaster': { module: 'our_client', class: 'Persistence' },
    });
    expect((await send('PATCH', `/sensors/${id}`, { attributes })).status).toBe(200);
    const start = iso(nowMs);
    const { job } = await trigger(id, { start, duration: 'PT1H', config: { upper: 1 } });
    expect((await ended(id, job)).body).toMatchObject({ values: [1, 1, 1, 1] });
    const free = await trigger(id, { start, duration: 'PT1H' });
    const { values } = (await ended(id, free.job)).body as { values: number[] };
    for (const value of values) expect(value).toBeCloseTo(load(nowMs - QUARTER_MS), 9);
    const config = { 'train-period': 'P2D' };
    expect(await send('POST', `/sensors/${id}/forecasts/trigger`, { config })).toMatchObject({
      status: 422,
      body: { message: { json: { 'config.train-period': [expect.stringMatching(/custom forecaster/)] } } },
    });
  });

  it.each<[object, string]>([
    [
      {
        config: { regressors: [3] },
        start: '2026-11-01T00:00Z',
        duration: 'P8D',
        'forecast-frequency': 'PT15M',
        'max-forecast-horizon': 'PT15M',
      },
      'forecast-frequency',
    ],
    [{ start: '2026-01-01' }, 'start'],
    [{ start: '2026-01-02T00:00Z', end: '2026-01-01T00:00Z' }, 'end'],
    [{ start: '2026-01-01T00:00Z', end: '2026-01-02T00:00Z', duration: 'P1D' }, 'duration'],
    [{ duration: 'PT5M' }, 'end'],
    [{ duration: 'P60D' }, 'max-forecast-horizon'],
    [{ prior: '2999-01-01T00:00Z' }, 'prior'],
    [{ 'forecast-frequency': 'PT7M' }, 'forecast-frequency'],
    [{ 'max-forecast-horizon': 'PT20M' }, 'max-forecast-horizon'],
    [{ duration: 'PT6H', 'max-forecast-horizon': 'PT12H' }, 'max-forecast-horizon'],
    [
      { 'forecast-frequency': 'PT6H', 'max-forecast-horizon': 'PT1H', duration: 'P1D' },
      'max-forecast-horizon',
    ],
    [{ 'sensor-to-save': 2 }, 'sensor-to-save'],
    [{ model: 'Prophet' }, 'model'],
    [{ config: { model: 'Prophet' } }, 'config.model'],
    [{ config: { 'model-params': {} } }, 'config.model-params'],
    [{ config: { 'train-period': 'P1D' } }, 'config.train-period'],
    [{ config: { 'max-training-period': 'P1D' } }, 'config.max-training-period'],
    [{ config: { 'train-start': '2999-01-01T00:00Z' } }, 'config.train-start'],
    [{ config: { 'retrain-frequency': 'PT5M' } }, 'config.retrain-frequency'],
    [{ config: { 'missing-threshold': 1.1 } }, 'config.missing-threshold'],
    [{ config: { lower: '2 m/s' } }, 'config.lower'],
    [{ config: { lower: 2, upper: 1 } }, 'config.lower'],
    [{ config: { lower: 1, 'ensure-positive': true } }, 'config.ensure-positive'],
    [{ config: { snap: { '5': [0, 4] } } }, 'config.snap'],
    [{ config: { regressors: [99999] } }, 'config.regressors.0'],
    [{ config: { 'annotation-regressors': [{ account: 1, asset: 3 }] } }, 'config.annotation-regressors.0'],
  ])('are refused with %j', async (body, field) => {
    const answer = await send('POST', '/sensors/2/forecasts/trigger', body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(field.split('.')[1] ?? field);
  });

  it('are refused to strangers, with regressors that the user may not read, and for unknown jobs', async () => {
    const id = await aSensor(0);
    expect((await send('POST', `/sensors/${id}/forecasts/trigger`, {}, 'stranger')).status).toBe(403);
    const asset = { name: 'site', account_id: 2, generic_asset_type_id: 5 };
    const { body } = await send('POST', '/assets', asset, 'stranger');
    const sensor = {
      name: 'x',
      unit: 'kW',
      event_resolution: 15,
      generic_asset_id: (body as { id: number }).id,
    };
    const hidden = ((await send('POST', '/sensors', sensor, 'stranger')).body as { id: number }).id;
    for (const list of ['regressors', 'past-regressors', 'future-regressors'])
      expect(
        await send('POST', `/sensors/${id}/forecasts/trigger`, { config: { [list]: [{ sensor: hidden }] } }),
      ).toMatchObject({
        status: 403,
        body: {
          message: expect.stringMatching(new RegExp(`^config.${list}.0: user \\d+ may not read`)) as string,
        },
      });
    const annotated = (of: object) => ({ config: { 'annotation-regressors': [of] } });
    expect((await send('POST', `/sensors/${id}/forecasts/trigger`, annotated({ account: 2 }))).status).toBe(
      403,
    );
    expect((await send('POST', `/sensors/${id}/forecasts/trigger`, annotated({ account: 99 }))).status).toBe(
      404,
    );
    const { job } = await trigger(id, {});
    expect((await send('GET', `/sensors/${id}/forecasts/${job}`, undefined, 'stranger')).status).toBe(403);
    expect((await send('GET', `/sensors/2/forecasts/${job}`)).status).toBe(422);
    const unknown = '364bfd06-c1fa-430b-8d25-8f5a547651fb';
    expect((await send('GET', `/sensors/${id}/forecasts/${unknown}`)).status).toBe(422);
  });

  describe('other requests of the Python client of July 2026', () => {
    it('change a sensor to the unit that it has: update_sensor(unit)', async () => {
      const id = await aSensor(1);
      const { status, body } = await send('PATCH', `/sensors/${id}`, { unit: 'kW' });
      expect([status, body]).toMatchObject([200, { unit: 'kW', event_resolution: 'PT15M' }]);
    });

    const TYPES = {
      csv: 'text/csv',
      xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      xls: 'application/vnd.ms-excel',
    };
    it.each(Object.entries(TYPES))('post data in a file: post_sensor_data(file .%s)', async (kind, type) => {
      const id = await aSensor(0);
      const rows = [
        ['event_start', 'event_value'],
        ['2026-11-29T12:00:00+01:00', 1],
        ['2026-11-29T12:15:00+01:00', 2],
      ];
      const book = utils.book_new();
      utils.book_append_sheet(book, utils.aoa_to_sheet(rows));
      const bookType = kind === 'xls' ? 'biff8' : (kind as 'csv' | 'xlsx');
      const bytes = new Uint8Array(write(book, { type: 'buffer', bookType }) as Buffer);
      for (const isInstant of ['False', 'True']) {
        const form = new FormData();
        form.append('uploaded-files', new Blob([bytes], { type }), `data.${kind}`);
        form.append('belief-time-measured-instantly', isInstant);
        const url = `${api.url}/api/v3_0/sensors/${id}/data/upload`;
        const headers = { Authorization: tokens['toy']! };
        const answer = await api.fetch(new Request(url, { method: 'POST', headers, body: form }));
        expect([answer.status, await answer.json()]).toMatchObject([
          200,
          { message: expect.any(String) as string },
        ]);
      }
      const query = 'start=2026-11-29T12:00:00%2B01:00&duration=PT30M';
      expect((await send('GET', `/sensors/${id}/data?${query}`)).body).toMatchObject({ values: [1, 2] });
    });
  });
});
