import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unprocessable } from '../../harness/contract/answers';
import { HALF_A_DAY, startScene, type Scene } from '../../harness/scenes/api-scene';
import { installPlugin, type TestPlugin } from '../../harness/servers/plugins';
import { type ApiServer, startApi } from '../../harness/servers/api';

describe('Custom schedulers', () => {
  let plugin: TestPlugin;
  let scene: Scene<ApiServer>;
  beforeAll(async () => {
    plugin = installPlugin();
    scene = await startScene({ FLEXMEASURES_PLUGINS: plugin.folder }, startApi);
  });
  afterAll(async () => {
    await scene.stop();
    plugin.remove();
  });

  const send: Scene['send'] = (...request) => scene.send(...request);

  /** Changes the attributes of a sensor or an asset, as the account-admin. */
  async function patchAttributes(path: string, change: object) {
    const { body } = await send('GET', path);
    const attributes = JSON.parse((body as { attributes: string }).attributes) as object;
    return send('PATCH', path, { attributes: JSON.stringify({ ...attributes, ...change }) });
  }

  /** Sets the scheduler of the battery's sensor. */
  async function use(className: string): Promise<void> {
    const scheduler = { module: 'our_client', class: className };
    expect((await patchAttributes('/sensors/2', { 'custom-scheduler': scheduler })).status).toBe(200);
  }

  /** Sets the attribute as an earlier version did, which accepted any value. */
  const store = (value: unknown) =>
    scene.sql.query(
      `UPDATE sensor SET attributes = (attributes::jsonb || jsonb_build_object('custom-scheduler', $1::jsonb))::json WHERE id = 2`,
      [JSON.stringify(value)],
    );

  const trigger = (change: object = {}) =>
    send('POST', '/sensors/2/schedules/trigger', { ...HALF_A_DAY, ...change, force_new_job_creation: true });

  /** The result of a job. */
  async function ended(change: object = {}) {
    const { body, status } = await trigger(change);
    expect({ status, body }).toMatchObject({ status: 200 });
    const id = (body as { schedule: string }).schedule;
    for (;;) {
      const job = (await send('GET', `/jobs/${id}`)).body as Record<string, unknown> & { state: string };
      if (!/queued|started/.test(job.state)) return { id, job };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('are not used for sensors and assets that name the scheduler of FlexMeasures', async () => {
    const scheduler = { module: 'flexmeasures.data.models.planning.storage', class: 'StorageScheduler' };
    for (const path of ['/assets/3', '/sensors/2'])
      expect((await patchAttributes(path, { 'custom-scheduler': scheduler })).status).toBe(200);
    expect((await ended()).job).toMatchObject({ state: 'finished', result: { currency: 'EUR' } });
    expect((await trigger({ 'flex-model': { 'soc-at-starts': 1 } })).status).toBe(422);
    const stored = await send('PATCH', '/assets/3', { flex_model: '{"soc-maxx": "1 kWh"}' });
    expect(stored.status).toBe(422);
  });

  it('compute the schedules of sensors that name them, with their own data source', async () => {
    await use('DummyScheduler');
    const { id, job } = await ended();
    expect(job).toMatchObject({
      state: 'finished',
      result: {
        sensor: 2,
        steps: 48,
        cost: null,
        currency: null,
        kpis: { consumed_in_mwh: 6, peak_consumption_in_mw: 0.5, self_consumption: null, storages: [] },
      },
    });
    const { body } = await send('GET', `/sensors/2/schedules/${id}?duration=PT12H`);
    expect(body).toMatchObject({ unit: 'MW', duration: 'PT12H', values: new Array<number>(48).fill(0.5) });
    const { source } = job['result'] as { source: number };
    const { rows } = await scene.sql.query('SELECT name, type, model, version FROM data_source WHERE id = $1', [source]); // prettier-ignore
    expect(rows).toEqual([
      { name: 'My Company', type: 'scheduling script', model: 'DummyScheduler', version: '2' },
    ]);
  });

  it('read input data, receive their own flex-model fields, and report assumptions', async () => {
    await use('CheapHours');
    // 13, 14, 12.5, 10 and 7 EUR/MWh; the price of the last hour is unknown.
    const { id, job } = await ended({
      start: '2026-03-04T20:00:00+01:00',
      duration: 'PT6H',
      'flex-model': { 'my-limit': '12.6', 'soc-targets': 'none' },
    });
    expect(job).toMatchObject({ state: 'finished', result: { warnings: ['4 prices are not known.'] } });
    const { body } = await send('GET', `/sensors/2/schedules/${id}`);
    const { values, message } = body as { values: number[]; message: string };
    expect(values).toEqual([0, 0, 0.1, 0.1, 0.1, 0].flatMap((mw) => [mw, mw, mw, mw]));
    expect(message).toContain('4 prices are not known.');
  });

  it.each([
    ['TooShort', /^CUSTOM_SCHEDULER_FAILED: TooShort: expected 48 numbers, one per step, but got 1\.$/],
    ['NoNumber', /^CUSTOM_SCHEDULER_FAILED: NoNumber: step 0: expected a number, but got NaN\.$/],
    [
      'TooStrong',
      /^CUSTOM_SCHEDULER_FAILED: TooStrong: its power of 0\.6 MW at 2026-.* -0\.5 MW to 0\.5 MW\.$/,
    ],
    ['Throwing', /^CUSTOM_SCHEDULER_FAILED: Throwing: the weather service is down$/],
    ['CheapHours', /^CUSTOM_SCHEDULER_FAILED: CheapHours: my-limit is needed in the flex-model\.$/],
  ])('%s fails with a reason and stores no schedule', async (className, reason) => {
    await use(className);
    const before = await scene.sql.query('SELECT count(*) FROM timed_belief');
    const { id, job } = await ended();
    expect(job).toMatchObject({ state: 'failed', result: null });
    expect(job['failure_reason']).toMatch(reason);
    expect(await send('GET', `/sensors/2/schedules/${id}`)).toMatchObject({
      status: 400,
      body: { status: 'UNKNOWN_SCHEDULE' },
    });
    expect((await scene.sql.query('SELECT count(*) FROM timed_belief')).rows).toEqual(before.rows);
  });

  it('accept their own fields, which built-in schedulers reject', async () => {
    await use('CheapHours');
    const { id, job } = await ended({ 'flex-model': { 'my-limit': 9 } });
    expect(job).toMatchObject({ state: 'finished' });
    const { body } = await send('GET', `/sensors/2/schedules/${id}?duration=PT12H`);
    const { values } = body as { values: number[] };
    // Of the prices from seven o'clock on, seven are below 9.
    const hours = values.filter((_, quarter) => quarter % 4 === 0);
    expect(hours).toEqual([0, 0, 0, 0, 0.1, 0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
  });

  const noPlugin = (name: string) =>
    `There is no plugin ${name}. Plugins of this process (FLEXMEASURES_PLUGINS): our_client.`;
  const noClass = (name: string) =>
    expect.stringMatching(
      new RegExp(
        `^Plugin our_client exports no class ${name} with a method computeSchedule\\. It exports .*CheapHours`,
      ),
    ) as string;
  const invalid = [
    [{ module: 'our_client/none.js', class: 'Any' }, noPlugin('our_client/none.js')],
    // Files of the plugin that are not its entry.
    [{ module: 'our_client/not-exported.js', class: 'NotExported' }, noPlugin('our_client/not-exported.js')],
    [{ module: 'not-exported', class: 'NotExported' }, noPlugin('not-exported')],
    [{ module: '/etc/passwd', class: 'Any' }, noPlugin('/etc/passwd')],
    [{ module: '../../secret.js', class: 'Any' }, noPlugin('../../secret.js')],
    [{ module: 'our_client', class: 'NotExported' }, noClass('NotExported')],
    // Exported, but no scheduler.
    [{ module: 'our_client', class: 'Other' }, noClass('Other')],
    [{ module: 'our_client', class: 'Persistence' }, noClass('Persistence')],
    [{ module: 'our_client', class: 'constructor' }, noClass('constructor')],
    ['dummy-scheduler', expect.stringMatching(/No plugin offers a class dummy-scheduler/)],
    [{ module: 'our_client' }, expect.stringMatching(/must have a module and a class/)],
  ] as const;

  it.each(invalid)('must exist when an attribute names them: %j', async (scheduler, reason) => {
    const named = { 'custom-scheduler': scheduler };
    const refused = unprocessable('json', { 'attributes.custom-scheduler': [reason] });
    for (const path of ['/sensors/2', '/assets/3'])
      expect(await patchAttributes(path, named)).toMatchObject(refused);
    const attributes = JSON.stringify(named);
    const asset = { name: 'another battery', generic_asset_type_id: 5, account_id: 1, attributes };
    expect(await send('POST', '/assets', asset)).toMatchObject(refused);
    const sensor = { name: 'power', unit: 'MW', event_resolution: 15, generic_asset_id: 3, attributes };
    expect(await send('POST', '/sensors', sensor)).toMatchObject(refused);
    expect(existsSync(join(plugin.folder, 'not-exported.js.loaded'))).toBe(false);
  });

  it.each(invalid)('must exist when a schedule is requested: %j', async (scheduler, reason) => {
    await store(scheduler);
    const jobs = 'SELECT count(*) FROM job';
    const before = await scene.sql.query(jobs);
    expect(await trigger()).toMatchObject(unprocessable('json', { 'custom-scheduler': [reason] }));
    const site = { ...HALF_A_DAY, 'flex-model': [{ sensor: 2, ...HALF_A_DAY['flex-model'] }] };
    expect(await send('POST', '/assets/3/schedules/trigger', site)).toMatchObject(
      unprocessable('json', { 'custom-scheduler': [reason] }),
    );
    expect((await scene.sql.query(jobs)).rows).toEqual(before.rows);
    expect(existsSync(join(plugin.folder, 'not-exported.js.loaded'))).toBe(false);
    // Other attributes can still be changed, and the wrong one can be removed.
    expect(await patchAttributes('/sensors/2', { note: 'changed' })).toMatchObject({ status: 200 });
    expect(await patchAttributes('/sensors/2', { 'custom-scheduler': undefined })).toMatchObject({
      status: 200,
    });
  });

  it('must be forecasters in the attribute for forecasters', async () => {
    const use = (className: string) =>
      patchAttributes('/sensors/2', { 'custom-forecaster': { module: 'our_client', class: className } });
    const reason = expect.stringMatching(/no class DummyScheduler with a method computeForecast/) as string;
    expect(await use('DummyScheduler')).toMatchObject(
      unprocessable('json', { 'attributes.custom-forecaster': [reason] }),
    );
    expect(await use('Persistence')).toMatchObject({ status: 200 });
  });

  it('respect the maximum planning window', async () => {
    await use('DummyScheduler');
    expect(await trigger({ duration: 'P30D' })).toMatchObject(
      unprocessable('json', { duration: [expect.stringContaining('169 hours') as string] }),
    );
  });
});
