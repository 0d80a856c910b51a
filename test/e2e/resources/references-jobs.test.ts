import { eventually } from '../../harness/eventually';
import { flexmeasures, spawnFlexmeasures } from '../../harness/servers/cli';
import { installPlugin, type TestPlugin } from '../../harness/servers/plugins';
import {
  BATTERY,
  START,
  startReferenceScene,
  type ReferenceScene,
} from '../../harness/scenes/reference-scene';
import { startApi } from '../../harness/servers/api';

jest.setTimeout(300_000);

const WINDOW = { start: START, duration: 'PT4H' };

describe('Jobs with references to sensors of another account', () => {
  let plugin: TestPlugin;
  let scene: ReferenceScene;
  beforeAll(async () => {
    plugin = installPlugin();
    scene = await startReferenceScene({ FLEXMEASURES_PLUGINS: plugin.folder }, startApi);
  });
  afterAll(async () => {
    await scene.stop();
    plugin.remove();
  });
  afterEach(async () => {
    for (const place of ['sensor', 'asset', 'parent', 'grandparent'] as const)
      await scene.setAttributes(place, {});
    expect(scene.leaks()).toEqual([]);
  });

  const trigger = (change: object = {}, person: 'member' | 'admin' = 'member') =>
    scene.ask(
      'POST',
      `/sensors/${scene.battery}/schedules/trigger`,
      { ...WINDOW, ...BATTERY, ...change, force_new_job_creation: true },
      person,
    );
  const idOf = ({ body }: { body: unknown }): string => (body as { schedule: string }).schedule;
  const scheduleOf = (id: string) => scene.ask('GET', `/sensors/${scene.battery}/schedules/${id}`);
  const options = () => ({ databaseUri: scene.databaseUri, env: { FLEXMEASURES_PLUGINS: plugin.folder } });
  const run = (...args: string[]) => flexmeasures(args, options());
  /** Plugins are loaded in separate processes. */
  const runWithPlugins = (...args: string[]) => spawnFlexmeasures(args, options());
  const capacityOf = (sensor: number) => ({ 'consumption-capacity': { sensor } });

  /** The stored values of the battery. */
  const stored = async (sensor = scene.battery): Promise<number[]> => {
    const { rows } = await scene.sql.query<{ event_value: number }>(
      'SELECT event_value FROM timed_belief WHERE sensor_id = $1 ORDER BY event_start, belief_horizon',
      [sensor],
    );
    return rows.map(({ event_value: value }) => value);
  };

  it('make a schedule of the data of their own account', async () => {
    await scene.setAttributes('asset', capacityOf(scene.sensors.own.power));
    const id = idOf(await trigger());
    expect(await scene.waitForJob(id)).toMatchObject({ state: 'finished', result: { cost: -20 } });
    expect(await scheduleOf(id)).toMatchObject({ status: 200, body: { values: [3, 7, 1, 9] } });
  });

  it('compute a schedule for an admin, and show its cost to no other user of the account', async () => {
    const { theirs } = scene.sensors;
    const context = { ...BATTERY['flex-context'], 'inflexible-device-sensors': [theirs.power] };
    const id = idOf(await trigger({ 'flex-context': context }, 'admin'));
    const job = async () =>
      (await scene.send('GET', `/jobs/${id}`, undefined, 'admin')).body as { state: string };
    while (/queued|started/.test((await job()).state))
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await job()).toMatchObject({ state: 'finished' });
    expect(await scene.ask('GET', `/jobs/${id}`)).toMatchObject({ status: 403 });
    expect(await scheduleOf(id)).toMatchObject({
      status: 200,
      body: { message: 'Request has been processed.' },
    });
    const attribute = capacityOf(theirs.power);
    const site = await scene.ask(
      'POST',
      `/assets/${scene.ids.asset}/schedules/trigger`,
      {
        ...WINDOW,
        ...BATTERY,
        'flex-model': [{ ...BATTERY['flex-model'], ...attribute, sensor: scene.battery }],
      },
      'admin',
    );
    expect(site.status).toBe(200);
    const path = `/assets/${scene.ids.asset}/schedules/${idOf(site)}`;
    while ((await scene.send('GET', path, undefined, 'admin')).status === 400)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await scene.send('GET', path, undefined, 'admin')).toMatchObject({ status: 200 });
    expect(await scene.ask('GET', path)).toMatchObject({ status: 403 });
    await scene.sql.query('DELETE FROM timed_belief WHERE sensor_id = $1', [scene.battery]);
  });

  it('show nothing about sensors that were deleted later, except to users who could read them', async () => {
    const inflexible = async (owner: 'own' | 'theirs', person: 'member' | 'admin') => {
      const { rows } = await scene.sql.query<{ id: number }>(
        `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
         SELECT 'for a while', unit, event_resolution, timezone, generic_asset_id FROM sensor WHERE id = $1
         RETURNING id`,
        [scene.sensors[owner].power],
      );
      const [{ id: sensor }] = rows as [{ id: number }];
      const context = { ...BATTERY['flex-context'], 'inflexible-device-sensors': [sensor] };
      const id = idOf(await trigger({ 'flex-context': context }, person));
      const job = async () =>
        (await scene.send('GET', `/jobs/${id}`, undefined, 'admin')).body as { state: string };
      while (/queued|started/.test((await job()).state))
        await new Promise((resolve) => setTimeout(resolve, 50));
      await scene.sql.query('DELETE FROM sensor WHERE id = $1', [sensor]);
      return id;
    };
    const statusFor = async (id: string, person: 'member' | 'accountAdmin' | 'reader' | 'admin') =>
      (await scene.send('GET', `/jobs/${id}`, undefined, person)).status;
    const [ofAdmin, ofMember] = [await inflexible('theirs', 'admin'), await inflexible('own', 'member')];
    expect(await statusFor(ofAdmin, 'member')).toBe(403);
    expect(await statusFor(ofAdmin, 'reader')).toBe(200);
    expect(await statusFor(ofAdmin, 'admin')).toBe(200);
    expect(await statusFor(ofMember, 'member')).toBe(200);
    // It is no longer known that the sensor belonged to their own account.
    expect(await statusFor(ofMember, 'accountAdmin')).toBe(403);
    expect(await scheduleOf(ofAdmin)).toMatchObject({
      status: 200,
      body: { message: 'Request has been processed.' },
    });
    expect(await scheduleOf(ofMember)).toMatchObject({
      status: 200,
      body: { message: expect.stringContaining('(for a while) has 4 unknown value(s)') as string },
    });
    await scene.sql.query('DELETE FROM timed_belief WHERE sensor_id = $1', [scene.battery]);
  });

  it('do not read through attributes that members set when an admin sends the request', async () => {
    const { own, theirs } = scene.sensors;
    for (const place of ['sensor', 'asset', 'grandparent'] as const) {
      await scene.setAttributes(place, capacityOf(theirs.power));
      const message = expect.stringMatching(
        /^consumption-capacity: account 1 may not read sensor \d+, which an attribute names\.$/,
      ) as string;
      expect(await trigger({}, 'admin')).toMatchObject({ status: 403, body: { message } });
      await scene.setAttributes(place, capacityOf(own.power));
      expect(await trigger({}, 'admin')).toMatchObject({ status: 200 });
      await scene.setAttributes(place, {});
    }
    await scene.setAttributes('sensor', {
      ...{ 'custom-scheduler': { module: 'our_client', class: 'MirrorScheduler' }, mirror: theirs.power },
    });
    const id = idOf(await trigger({}, 'admin'));
    expect(await scene.waitForJob(id)).toMatchObject({
      failure_reason: expect.stringMatching(/account 1 may not read sensor \d+\.$/) as string,
    });
  });

  it('are not visible to other accounts', async () => {
    const id = idOf(await trigger());
    await scene.waitForJob(id);
    for (const path of [`/jobs/${id}`, `/sensors/${scene.battery}/schedules/${id}`])
      expect(await scene.send('GET', path, undefined, 'stranger')).toMatchObject({ status: 403 });
    // Through their own sensor or asset, the job is not found.
    const through = `/sensors/${scene.sensors.theirs.power}/schedules/${id}`;
    expect(await scene.send('GET', through, undefined, 'stranger')).toMatchObject({
      status: 400,
      body: { status: 'UNRECOGNIZED_UDI_EVENT' },
    });
  });

  it("are not shared between two users, and check each user's permissions", async () => {
    const context = { ...BATTERY['flex-context'], 'inflexible-device-sensors': [scene.sensors.theirs.power] };
    const body = { ...WINDOW, ...BATTERY, 'flex-context': context };
    const path = `/sensors/${scene.battery}/schedules/trigger`;
    const [first, again] = [
      await scene.send('POST', path, body, 'admin'),
      await scene.send('POST', path, body, 'admin'),
    ];
    expect(idOf(again)).toBe(idOf(first));
    expect(await scene.ask('POST', path, body)).toMatchObject({ status: 403 });
    const own = { ...WINDOW, ...BATTERY };
    expect(idOf(await scene.ask('POST', path, own))).not.toBe(
      idOf(await scene.ask('POST', path, own, 'accountAdmin')),
    );
  });

  describe('while they are queued', () => {
    beforeEach(async () => {
      // Jobs of the tests before would change the stored values.
      await eventually(
        () =>
          scene.sql.query("SELECT FROM job WHERE queue = 'scheduling' AND state IN ('queued', 'started')"),
        ({ rowCount }) => rowCount === 0,
      );
      await scene.sql.query(
        `CREATE FUNCTION hold_schedules() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN NEW.run_after := 'infinity'; RETURN NEW; END $$`,
      );
      await scene.sql.query(
        `CREATE TRIGGER hold_schedules BEFORE INSERT ON job FOR EACH ROW
         WHEN (NEW.queue = 'scheduling') EXECUTE FUNCTION hold_schedules()`,
      );
    });
    afterEach(() => scene.sql.query('DROP FUNCTION hold_schedules CASCADE'));

    const release = (id: string) => scene.sql.query('UPDATE job SET run_after = now() WHERE id = $1', [id]);
    const refusal = (field: string) => ({
      state: 'failed',
      failure_reason: expect.stringMatching(`^NOT_PERMITTED: ${field}: user \\d+ may not`) as string,
    });

    it('read nothing that attributes name by then, and that the user may not read', async () => {
      await scene.setAttributes('asset', capacityOf(scene.sensors.own.power));
      const [id, before] = [idOf(await trigger()), await stored()];
      await scene.setAttributes('asset', capacityOf(scene.sensors.theirs.power));
      await release(id);
      expect(await scene.waitForJob(id)).toMatchObject(refusal('consumption-capacity'));
      expect(await scheduleOf(id)).toMatchObject({ status: 400 });
      expect(await stored()).toEqual(before);
    });

    it('do not read sensors when the user has lost the permission', async () => {
      const change = {
        'flex-model': { ...BATTERY['flex-model'], ...capacityOf(scene.sensors.theirs.power) },
      };
      const id = idOf(await trigger(change, 'admin'));
      const roles = async (name: string) =>
        scene.sql.query(
          `UPDATE roles_users SET role_id = (SELECT id FROM role WHERE name = $1)
           WHERE user_id = (SELECT id FROM fm_user WHERE username = 'admin')`,
          [name],
        );
      await roles('account-admin');
      await release(id);
      const { rows } = await scene.sql.query<{ state: string }>('SELECT state FROM job WHERE id = $1', [id]);
      for (let state = rows[0]!.state; /queued|started/.test(state);) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        state = (await scene.sql.query<{ state: string }>('SELECT state FROM job WHERE id = $1', [id]))
          .rows[0]!.state;
      }
      await roles('admin');
      const seen = await scene.send('GET', `/jobs/${id}`, undefined, 'admin');
      expect(seen.body).toMatchObject(refusal('sensor'));
      const hidden = expect.stringContaining(
        'a reason that only users with access to all of its sensors can see',
      ) as string;
      expect(await scheduleOf(id)).toMatchObject({ status: 400, body: { message: hidden } });
      expect(await scene.ask('GET', `/jobs/${id}`)).toMatchObject({ status: 403 });
    });

    it('do not read sensors for users who are no longer active', async () => {
      const id = idOf(await trigger());
      await scene.sql.query(`UPDATE fm_user SET active = false WHERE username = 'member'`);
      await release(id);
      const job = async () => (await scene.send('GET', `/jobs/${id}`)).body as { state: string };
      while (/queued|started/.test((await job()).state))
        await new Promise((resolve) => setTimeout(resolve, 50));
      await scene.sql.query(`UPDATE fm_user SET active = true WHERE username = 'member'`);
      expect(await job()).toMatchObject({
        state: 'failed',
        failure_reason: expect.stringMatching(/^NOT_PERMITTED: User \d+, .* is no longer active/) as string,
      });
    });
  });

  describe('of custom schedulers', () => {
    const uses = (name: string, mirror: number) => ({
      ...{ 'custom-scheduler': { module: 'our_client', class: name }, mirror },
    });

    it('read what the user may read', async () => {
      await scene.setAttributes('sensor', uses('MirrorScheduler', scene.sensors.own.power));
      const id = idOf(await trigger());
      expect(await scene.waitForJob(id)).toMatchObject({ state: 'finished' });
      expect(await scheduleOf(id)).toMatchObject({ status: 200, body: { values: [3, 7, 1, 9] } });
    });

    it('fail when they read other sensors', async () => {
      const before = await stored();
      for (const place of ['sensor', 'grandparent'] as const) {
        await scene.setAttributes(place, { mirror: scene.sensors.theirs.power });
        await scene.setAttributes('sensor', {
          ...uses('MirrorScheduler', scene.sensors.theirs.power),
          ...(place === 'sensor' ? {} : { mirror: undefined }),
        });
        const id = idOf(await trigger());
        expect(await scene.waitForJob(id)).toMatchObject({
          state: 'failed',
          failure_reason: expect.stringMatching(
            /^CUSTOM_SCHEDULER_FAILED: MirrorScheduler: readSensor: user \d+ may not read sensor \d+\.$/,
          ) as string,
        });
      }
      expect(await stored()).toEqual(before);
    });

    it('may go on without, and then have learnt nothing', async () => {
      await scene.setAttributes('sensor', uses('CarefulMirror', scene.sensors.theirs.power));
      const id = idOf(await trigger());
      expect(await scene.waitForJob(id)).toMatchObject({ state: 'finished' });
      const message = expect.stringContaining('may not read sensor') as string;
      expect(await scheduleOf(id)).toMatchObject({ body: { values: [0, 0, 0, 0], message } });
    });

    it('are not asked where the request names what the user may not read', async () => {
      await scene.setAttributes('sensor', uses('MirrorScheduler', scene.sensors.own.power));
      const refused = await trigger({ 'flex-model': { forecast: [{ sensor: scene.sensors.theirs.power }] } });
      const message = expect.stringMatching(/^forecast\.0\.sensor: user \d+ may not read/) as string;
      expect(refused).toMatchObject({ status: 403, body: { message } });
    });
  });

  describe('of attributes set on the command line', () => {
    const schedule = (context: object, ...more: string[]) =>
      run(
        ...[
          'add',
          'schedule',
          'for-storage',
          '--sensor-id',
          String(scene.battery),
          '--soc-at-start',
          '0 kWh',
        ],
        ...['--start', START, '--duration', 'PT4H', '--flex-model', JSON.stringify(BATTERY['flex-model'])],
        ...['--flex-context', JSON.stringify({ ...BATTERY['flex-context'], ...context }), ...more],
      );

    it("allow any attribute, and read with the permissions of the asset's account", async () => {
      const { own, theirs } = scene.sensors;
      const before = await stored();
      const [asset, dict] = [String(scene.ids.asset), (sensor: number) => JSON.stringify({ sensor })];
      const edit = (sensor: number) =>
        run(
          'edit',
          'attribute',
          '--asset-id',
          asset,
          '--attribute',
          'consumption-capacity',
          '--dict',
          dict(sensor),
        );
      for (const more of [[], ['--as-job']]) {
        expect(await edit(theirs.power)).toMatchObject({ code: 0 });
        const refused = await schedule({}, ...more);
        expect(refused).toMatchObject({ code: 1, stdout: '' });
        expect(refused.stderr).toContain('consumption-capacity: account 1 may not read sensor');
        const asked = await schedule({ 'inflexible-device-sensors': [theirs.power] }, ...more);
        expect(asked.stderr).toContain('inflexible-device-sensors.0: account 1 may not read sensor');
      }
      expect(await stored()).toEqual(before);
      expect(await edit(own.power)).toMatchObject({ code: 0 });
      expect(await schedule({})).toMatchObject({ code: 0 });
    });

    it('do not forecast from sensors that the account may not read', async () => {
      const { own, theirs } = scene.sensors;
      const forecast = (...more: string[]) =>
        runWithPlugins(
          ...['add', 'forecasts', '--sensor-id', String(scene.battery), '--horizon', '1'],
          ...['--from-date', START, '--to-date', START.replace('00:00:00', '04:00:00'), ...more],
        );
      const uses = (mirror: number) => ({
        ...{ 'custom-forecaster': { module: 'our_client', class: 'MirrorForecaster' }, mirror },
      });
      const before = await stored();
      await scene.setAttributes('sensor', uses(theirs.power));
      const custom = await forecast();
      expect(custom.stderr).toContain('readSensor: account 1 may not read sensor');
      await scene.setAttributes('sensor', {});
      for (const more of [[], ['--as-job']]) {
        const asked = await forecast('--regressor', String(theirs.power), ...more);
        expect(asked.stderr).toContain('regressors: account 1 may not read sensor');
      }
      expect(await stored()).toEqual(before);
      await scene.setAttributes('sensor', uses(own.power));
      expect(await forecast()).toMatchObject({ code: 0 });
      expect(await stored()).toEqual(expect.arrayContaining([3, 7, 1, 9]));
    });
  });

  it('do not show those sensors in charts', async () => {
    const { own, theirs } = scene.sensors;
    const path = `/assets/${scene.ids.asset}`;
    await scene.setAttributes('asset', { sensors_to_show: [theirs.power, [theirs.price, own.power]] });
    const data = await scene.ask('GET', `${path}/chart_data/`);
    const shown = data.body as { sensor: { id: number } }[];
    expect(new Set(shown.map(({ sensor }) => sensor.id))).toEqual(new Set([own.power]));
    const chart = await scene.ask('GET', `${path}/chart/?include_data=true`);
    const names = await scene.sql.query<{ name: string }>('SELECT name FROM sensor WHERE id = ANY($1)', [
      [theirs.power, theirs.price],
    ]);
    for (const { name } of names.rows) expect(JSON.stringify(chart.body)).not.toContain(`${name} `);
    await scene.setAttributes('asset', { sensors_to_show: [theirs.power] });
    expect((await scene.ask('GET', `${path}/chart_data/`)).body).toEqual([]);
  });

  it('do not reveal those sensors by their entity addresses', async () => {
    const { power } = scene.sensors.theirs;
    const window = `start=${START}&duration=PT4H`;
    const paths = [
      `/sensors/${power}`,
      `/sensors/${power}/stats`,
      `/sensors/${power}/accuracy?event_starts_after=${START}&event_ends_before=2026-03-05T00:00:00Z`,
      `/sensors/${power}/data?${window}`,
      `/sensors/data?sensor=${power}&unit=kW&${window}`,
    ];
    for (const path of paths) expect(await scene.ask('GET', path)).toMatchObject({ status: 403 });
  });
});
