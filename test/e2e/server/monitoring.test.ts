import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../harness/eventually';
import { DAY, startScene, type Scene } from '../../harness/scenes/api-scene';
import { startSentry, type SentryServer } from '../../harness/servers/sentry';
import { type ApiServer, startApi } from '../../harness/servers/api';

/** A scheduler whose work is a task: it fails if the flex-model says so. */
const PLUGIN = `
  const { Scheduler } = require('flexmeasures/scheduling');
  const { taskWithStatusReport } = require('flexmeasures/tasks');
  const plan = taskWithStatusReport('our_client_plan', async (scheduler) => {
    if (scheduler.flexModel['fails']) throw new Error('no plan today');
    return new Array(scheduler.steps).fill(0);
  });
  exports.Planner = class Planner extends Scheduler {
    computeSchedule() { return plan(this); }
  };
`;

describe('What those who run the server get to know', () => {
  let scene: Scene<ApiServer>;
  let sentry: SentryServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-monitoring-'));
    writeFileSync(join(folder, 'our_client.js'), PLUGIN);
    sentry = await startSentry();
    scene = await startScene(
      {
        SENTRY_DSN: sentry.dsn,
        FLEXMEASURES_SENTRY_CONFIG: '{"max_breadcrumbs": 0}',
        FLEXMEASURES_PLUGINS: join(folder, 'our_client.js'),
      },
      startApi,
    );
  });
  afterAll(async () => {
    await scene.stop();
    await sentry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const runOf = (name: string) => async () => {
    const { rows } = await scene.sql.query<{ status: boolean }>(
      'SELECT status FROM latest_task_runs WHERE name = $1',
      [name],
    );
    return rows[0]?.status;
  };
  const schedule = async (model: object = {}): Promise<void> => {
    const path = '/sensors/2/schedules/trigger';
    const flexModel = { 'soc-at-start': '0.2 MWh', ...model };
    const { status } = await scene.send('POST', path, {
      start: `${DAY}T07:00:00+01:00`,
      'flex-model': flexModel,
      'flex-context': { 'consumption-price-sensor': 3 },
    });
    expect(status).toBe(200);
  };

  it('are unexpected failures, which Sentry gets with their stack', async () => {
    await scene.sql.query('ALTER TABLE annotation RENAME TO gone');
    try {
      const { status } = await scene
        .send('POST', '/assets/3/annotations', {
          ...{ content: 'x', start: `${DAY}T07:00:00Z`, end: `${DAY}T08:00:00Z` },
        })
        .catch(() => ({ status: 500 }));
      expect(status).toBe(500);
    } finally {
      await scene.sql.query('ALTER TABLE gone RENAME TO annotation');
    }
    const [event] = await eventually(
      () => Promise.resolve(sentry.events.filter(({ exception }) => exception)),
      (events) => events.length > 0,
    );
    expect(event).toMatchObject({
      level: 'error',
      environment: 'production',
      release: expect.stringMatching(/^flexmeasures@\d/) as string,
      tags: { context: 'Api' },
    });
    const [failure] = event!.exception!.values;
    expect(failure!.value).toMatch(
      /^POST .* failed: status=500 request=\S+ reason="relation "annotation" does not exist/,
    );
    expect(failure!.stacktrace.frames.length).toBeGreaterThan(3);
    // No credentials, and no bodies.
    expect(JSON.stringify(event)).not.toContain(scene.tokenOf('accountAdmin'));
  });

  it('are the last ends of jobs, and the time of calculations', async () => {
    await scene.sql.query('DELETE FROM latest_task_runs');
    await schedule({ 'soc-max': '0.3 MWh' });
    expect(await eventually(runOf('jobs.schedule'), (status) => status === true)).toBe(true);
    const metrics = await (await fetch(`${scene.api.url}/metrics`)).text();
    const [, count] = /^flexmeasures_calculations_total\{calculation="[^"]+"\} (\d+)$/m.exec(metrics) ?? [];
    const [, seconds] =
      /^flexmeasures_calculation_seconds_total\{calculation="[^"]+"\} (\S+)$/m.exec(metrics) ?? [];
    expect(Number(count)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeGreaterThan(0);
  });

  it('are runs of tasks of plugins, and that jobs failed', async () => {
    await scene.sql.query(
      `UPDATE sensor SET attributes = attributes || '{"custom-scheduler": {"module": "our_client", "class": "Planner"}}' WHERE id = 2`,
    );
    await schedule();
    expect(await eventually(runOf('our_client_plan'), (status) => status !== undefined)).toBe(true);
    await schedule({ fails: true });
    expect(await eventually(runOf('our_client_plan'), (status) => status === false)).toBe(false);
    expect(await eventually(runOf('jobs.schedule'), (status) => status === false)).toBe(false);
  });
});
