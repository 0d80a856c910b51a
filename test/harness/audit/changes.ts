import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForEvents } from '../databases/wait-for-events';
import type { validRequests } from '../contract/valid-requests';
import { DAY, emailOf, Fresh, HALF_A_DAY, uniqueNumber, type Scene } from '../scenes/api-scene';

const HERE = ['--latitude', '52', '--longitude', '5', '--account-id', '1'];
const SOME_HOURS = ['--start', `${DAY}T07:00+01:00`, '--duration', 'PT12H'];

/** Requests and commands that certainly change something, each with records of its own. */
export class Changes {
  private readonly fresh: Fresh;

  constructor(
    private readonly scene: Scene,
    /** For files that commands read. */
    private readonly folder: string,
  ) {
    this.fresh = new Fresh(scene.sql);
  }

  /** Requests for operations whose valid request need not change anything. */
  readonly operations: typeof validRequests = {
    deleteDataOfSensor: async (client) =>
      client.DELETE('/api/v3_0/sensors/{id}/data', {
        params: { path: { id: await this.sensorWithData() } },
        body: { start: `${DAY}T00:00:00Z`, until: `${DAY}T12:00:00Z` },
      }),
    removeTwoFactor: async (client) => {
      const { id, code } = await this.userWithTwoFactor();
      const params = { path: { id } };
      return client.POST('/api/v3_0/users/{id}/two-factor/remove', { params, body: { code } });
    },
    updateAccount: (client) =>
      client.PATCH('/api/v3_0/accounts/{id}', {
        params: { path: { id: 1 } },
        body: { name: `Toy Account ${uniqueNumber()}` },
      }),
    triggerSchedule: (client) =>
      client.POST('/api/v3_0/sensors/{id}/schedules/trigger', {
        params: { path: { id: 2 } },
        body: { ...HALF_A_DAY, start: newStart() },
      }),
    triggerSiteSchedule: (client) =>
      client.POST('/api/v3_0/assets/{id}/schedules/trigger', {
        params: { path: { id: 3 } },
        body: {
          ...HALF_A_DAY,
          start: newStart(),
          'flex-model': [{ sensor: 2, ...HALF_A_DAY['flex-model'] }],
        },
      }),
  };

  /** Arguments of all commands that change something, by the names of the commands. */
  readonly commands: Record<string, () => string[] | Promise<string[]>> = {
    'add initial-structure': () => [],
    'add account': () => ['--name', `Account ${uniqueNumber()}`],
    'add user': () => {
      const name = `user${uniqueNumber()}`;
      return ['--username', name, '--email', emailOf(name), '--account-id', '1'];
    },
    'add asset': () => ['--name', `asset ${uniqueNumber()}`, '--asset-type-id', '5', ...HERE],
    'add sensor': () => [
      ...['--name', `sensor ${uniqueNumber()}`, '--asset-id', '3'],
      ...['--unit', 'MW', '--event-resolution', '60', '--timezone', 'UTC'],
    ],
    'add toy-account': () => [],
    'add account-role': () => ['--name', 'Aggregator'],
    'add asset-type': () => ['--name', 'boiler', '--description', 'heats water'],
    'add plan': () => ['--name', `Plan ${uniqueNumber()}`],
    'add device-token': () => ['--email', emailOf('member'), '--name', 'meter', '--scope', 'read'],
    'add beliefs': async () => [
      ...['--sensor-id', `${await this.fresh.sensor()}`, '--source', 'member'],
      this.fileWithData(),
    ],
    'add annotation': () => ['--content', 'cloudy', '--asset-id', '3', '--at', DAY, '--user-id', '1'],
    'add holidays': () => ['--year', '2026', '--country', 'NL', '--account-id', '1'],
    'add forecasts': () => ['--sensor-id', '3', '--from-date', '2026-03-05', '--to-date', '2026-03-06'],
    'add report': async () => {
      const [input, output] = [await this.sensorWithData(), await this.fresh.sensor()];
      return [
        ...['--reporter', 'AggregatorReporter', '--start', `${DAY}T00:00Z`, '--end', `${DAY}T00:15Z`],
        ...['--parameters', JSON.stringify({ input: [{ sensor: input }], output: [{ sensor: output }] })],
      ];
    },
    'add schedule for-storage': () => [
      ...['--sensor-id', '2', '--consumption-price-sensor', '3', '--soc-at-start', '50%', ...SOME_HOURS],
    ],
    'add schedule for-site': () => [
      ...['--asset-id', '3', ...SOME_HOURS, '--flex-context', '{"consumption-price": {"sensor": 3}}'],
      ...['--flex-model', '[{"sensor": 2, "soc-at-start": "50%"}]'],
    ],
    'edit attribute': async () => ['--asset-id', await this.asset(), '--attribute', 'a', '--int', '1'],
    'edit plan': async () => ['--id', `${await this.plan()}`, '--name', `Plan ${uniqueNumber()}`],
    'edit account': async () => ['--id', '1', '--plan-id', `${await this.plan()}`],
    'edit resample-data': async () => [
      ...['--sensor-id', `${await this.sensorWithData()}`],
      ...['--event-resolution', '30', '--skip-integrity-check'],
    ],
    'add plugin': () => [join(this.folder, `plugin${uniqueNumber()}`)],
    'roles create': () => [`Role ${uniqueNumber()}`],
    'roles add': async () => [await this.emailOfUser(await this.fresh.user()), 'account-admin'],
    'roles remove': () => [emailOf('accountAdmin'), 'account-admin'],
    'users activate': async () => {
      const email = await this.emailOfUser(await this.fresh.user());
      await this.scene.sql.query('UPDATE fm_user SET active = false WHERE email = $1', [email]);
      return [email];
    },
    'users deactivate': async () => [await this.emailOfUser(await this.fresh.user())],
    'delete account-role': () => ['--name', 'Aggregator', '--force'],
    'delete account': async () => ['--id', `${await this.account()}`, '--force'],
    'delete user': async () => ['--email', await this.emailOfUser(await this.fresh.user()), '--force'],
    'delete device-token': async () => {
      const user = await this.fresh.user();
      const token = await this.fresh.deviceToken(user);
      return ['--email', await this.emailOfUser(user), '--id', `${token}`, '--force'];
    },
    'delete two-factor': async () => {
      const { id } = await this.userWithTwoFactor();
      return ['--email', await this.emailOfUser(id), '--force'];
    },
    'delete asset': async () => ['--id', await this.asset(), '--force'],
    'delete sensor': async () => ['--id', `${await this.fresh.sensor()}`, '--force'],
    'delete measurements': () => this.sensorToClean(),
    'delete prognoses': () => this.sensorToClean(),
    'delete unchanged-beliefs': () => this.sensorToClean(),
    'delete nan-beliefs': () => this.sensorToClean(),
    'delete old-beliefs': async () => {
      await this.sensorWithData();
      await this.scene.sql.query(
        "UPDATE timed_belief SET event_start = event_start - interval '30 years' WHERE event_value = 'NaN'",
      );
      return ['--older-than', 'P25Y', '--force'];
    },
    'delete structure': () => ['--force'],
  };

  private readonly asset = async (): Promise<string> => String(await this.fresh.asset());

  private readonly sensorToClean = async (): Promise<string[]> => [
    ...['--sensor-id', `${await this.sensorWithData()}`, '--force'],
  ];

  /** A sensor with a forecast, a measurement, a repetition of the measurement, and a measurement that is NaN. */
  private async sensorWithData(): Promise<number> {
    const id = await this.fresh.sensor();
    await this.scene.sql.query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       SELECT $1, $2::timestamptz + start, horizon, (SELECT min(id) FROM data_source), 0.5, value
       FROM (VALUES ('0'::interval, 3600000, 1::float8), ('0', 0, 2), ('0', -3600000, 2), ('15 minutes', 0, 'NaN')) AS given (start, horizon, value)`,
      [id, `${DAY}T00:00:00Z`],
    );
    return id;
  }

  /** A user who has set up an app, and a code of the app. The entry about it is written when this returns. */
  private async userWithTwoFactor(): Promise<{ id: number; code: string }> {
    const { id, code } = await this.fresh.userWithApp();
    const params = { path: { id } };
    await this.scene.as('admin').POST('/api/v3_0/users/{id}/two-factor/confirm', { params, body: { code } });
    await waitForEvents(this.scene.sql);
    return { id, code };
  }

  private async plan(): Promise<number> {
    const { rows } = await this.scene.sql.query<{ id: number }>(
      'INSERT INTO plan (name) VALUES ($1) RETURNING id',
      [`Plan ${uniqueNumber()}`],
    );
    return rows[0]!.id;
  }

  private async account(): Promise<number> {
    const { rows } = await this.scene.sql.query<{ id: number }>(
      "INSERT INTO account (name) VALUES ('Gone') RETURNING id",
    );
    return rows[0]!.id;
  }

  private async emailOfUser(id: number): Promise<string> {
    const { rows } = await this.scene.sql.query<{ email: string }>(
      'SELECT email FROM fm_user WHERE id = $1',
      [id],
    );
    return rows[0]!.email;
  }

  private fileWithData(): string {
    const path = join(this.folder, 'values.csv');
    writeFileSync(path, `time,value\n${DAY}T00:00:00Z,1\n`);
    return path;
  }
}

/** A start that no earlier request had. */
const newStart = (): string =>
  new Date(Date.parse(`${DAY}T00:00:00Z`) + uniqueNumber() * 900_000).toISOString();
