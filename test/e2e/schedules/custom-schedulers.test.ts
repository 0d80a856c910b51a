import { unprocessable } from '../../harness/contract/answers';
import { HALF_A_DAY, startScene, type Scene } from '../../harness/scenes/api-scene';
import { installPlugin, type TestPlugin } from '../../harness/servers/plugins';

describe('Custom schedulers', () => {
  let plugin: TestPlugin;
  let scene: Scene;
  beforeAll(async () => {
    plugin = installPlugin();
    scene = await startScene({ FLEXMEASURES_PLUGINS: plugin.folder });
  });
  afterAll(async () => {
    await scene.stop();
    plugin.remove();
  });

  const send: Scene['send'] = (...request) => scene.send(...request);

  /** Sets the scheduler of the battery's sensor, as the account-admin. */
  async function use(module: string, className: string): Promise<void> {
    const sensor = await send('GET', '/sensors/2');
    const attributes = JSON.parse((sensor.body as { attributes: string }).attributes) as object;
    const changed = { ...attributes, 'custom-scheduler': { module, class: className } };
    const answer = await send('PATCH', '/sensors/2', { attributes: JSON.stringify(changed) });
    expect(answer.status).toBe(200);
  }

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

  it('compute the schedules of sensors that name them, with their own data source', async () => {
    await use('our_client/dummy-scheduler.js', 'DummyScheduler');
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
    await use('cheap-hours', 'CheapHours');
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
    [
      'our_client/none.js',
      'Any',
      /^PLUGIN_NOT_FOUND: There is no module our_client\/none\.js in the configured plugins/,
    ],
    ['/etc/passwd', 'Any', /^PLUGIN_NOT_FOUND: /],
    ['../../secret.js', 'Any', /^PLUGIN_NOT_FOUND: /],
    ['flexmeasures.data.tests.dummy_scheduler', 'DummyScheduler', /^PLUGIN_NOT_FOUND: /],
    [
      'faulty-schedulers',
      'Absent',
      /^PLUGIN_CLASS_NOT_FOUND: faulty-schedulers does not export Absent. It exports /,
    ],
    ['faulty-schedulers', 'Other', /^PLUGIN_CLASS_NOT_FOUND: Other of .* a method computeSchedule/],
    [
      'faulty-schedulers',
      'TooShort',
      /^CUSTOM_SCHEDULER_FAILED: TooShort: expected 48 numbers, one per step, but got 1\.$/,
    ],
    [
      'faulty-schedulers',
      'NoNumber',
      /^CUSTOM_SCHEDULER_FAILED: NoNumber: step 0: expected a number, but got NaN\.$/,
    ],
    [
      'faulty-schedulers',
      'TooStrong',
      /^CUSTOM_SCHEDULER_FAILED: TooStrong: its power of 0\.6 MW at 2026-.* -0\.5 MW to 0\.5 MW\.$/,
    ],
    ['faulty-schedulers', 'Throwing', /^CUSTOM_SCHEDULER_FAILED: Throwing: the weather service is down$/],
    [
      'cheap-hours',
      'CheapHours',
      /^CUSTOM_SCHEDULER_FAILED: CheapHours: my-limit is needed in the flex-model\.$/,
    ],
  ])('%s %s fails with a reason and stores no schedule', async (module, className, reason) => {
    await use(module, className);
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
    await use('cheap-hours', 'CheapHours');
    const { id, job } = await ended({ 'flex-model': { 'my-limit': 9 } });
    expect(job).toMatchObject({ state: 'finished' });
    const { body } = await send('GET', `/sensors/2/schedules/${id}?duration=PT12H`);
    const { values } = body as { values: number[] };
    // Of the prices from seven o'clock on, seven are below 9.
    const hours = values.filter((_, quarter) => quarter % 4 === 0);
    expect(hours).toEqual([0, 0, 0, 0, 0.1, 0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
  });

  it('must be named by a valid attribute', async () => {
    const sensor = await send('GET', '/sensors/2');
    const attributes = JSON.parse((sensor.body as { attributes: string }).attributes) as object;
    await send('PATCH', '/sensors/2', {
      attributes: JSON.stringify({ ...attributes, 'custom-scheduler': 'dummy-scheduler' }),
    });
    expect((await ended()).job['failure_reason']).toMatch(
      /^ATTRIBUTE_INVALID: .*must have a module and a class/,
    );
  });

  it('respect the maximum planning window', async () => {
    await use('dummy-scheduler', 'DummyScheduler');
    expect(await trigger({ duration: 'P30D' })).toMatchObject(
      unprocessable('json', { duration: [expect.stringContaining('169 hours') as string] }),
    );
  });
});
