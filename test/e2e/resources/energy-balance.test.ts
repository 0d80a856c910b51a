import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { DEMO_BUILDING, TOY_USER, withClient } from '../../harness/databases/templates';
import { startApiHere, type Api } from '../../harness/servers/api';

const HOUR_MS = 3_600_000;
const INTO = ['import', 'production', 'discharge'] as const;
const OUT = ['export', 'charge', 'flexible', 'inflexible'] as const;

describe('The energy balance of the demo building', () => {
  let database: TestDatabase;
  let api: Api;
  let client: ReturnType<Api['client']>;

  beforeAll(async () => {
    database = await createTestDatabase({ template: DEMO_BUILDING });
    api = await startApiHere(database.uri);
    client = api.client(await api.logIn(TOY_USER.email, TOY_USER.password));
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
  const ofSite = async (start: string, end: string) => {
    const { data } = await client.GET('/api/v3_0/assets/{id}/energy_balance', {
      params: { path: { id: 1 }, query: { start, end } },
    });
    return data!;
  };

  it('adds up in each step and each day, in quarter-hours and in hours', async () => {
    for (const [hours, resolution] of [
      [48, 'PT15M'],
      [7 * 24, 'PT1H'],
    ] as const) {
      const balance = await ofSite(ago(hours), ago(3));
      expect(balance.resolution).toBe(resolution);
      expect(balance.parts.map(({ kind }) => kind).sort()).toEqual([
        'flexible',
        'load',
        'production',
        'storage',
      ]);
      const sum = (names: readonly (keyof typeof balance.flows)[], step: number) =>
        names.reduce((total, name) => total + balance.flows[name][step]!, 0);
      balance.flows.import.forEach((power, step) => {
        expect(power).not.toBeNull();
        expect(sum(INTO, step)).toBeCloseTo(sum(OUT, step), 4);
      });
      for (const day of balance.days) {
        const [into, out] = [INTO, OUT].map((names) => names.reduce((total, name) => total + day[name], 0));
        expect(into).toBeCloseTo(out!, 4);
        expect(day.unknown_hours).toBe(0);
      }
      expect(balance.currency).toBe('EUR');
      expect(balance.days.some(({ cost }) => cost! > 0)).toBe(true);
    }
  });

  it('agrees with the meter of the building', async () => {
    const [start, end] = [ago(30), ago(6)];
    const { days } = await ofSite(start, end);
    const metered = await withClient(database.uri, async (sql) => {
      const { rows } = await sql.query<{ into: number; out: number }>(
        `SELECT sum(greatest(event_value, 0)) / 4 AS into, sum(greatest(-event_value, 0)) / 4 AS out
         FROM timed_belief JOIN sensor ON sensor.id = sensor_id JOIN data_source ON data_source.id = source_id
         WHERE sensor.name = 'grid power' AND data_source.type = 'demo script'
           AND event_start >= date_bin('15 minutes', $1::timestamptz, '2026-01-01')
           AND event_start < $2`,
        [start, end],
      );
      return rows[0]!;
    });
    const total = (name: 'import' | 'export') => days.reduce((sum, day) => sum + day[name], 0);
    expect(total('import')).toBeCloseTo(metered.into, 3);
    expect(total('export')).toBeCloseTo(metered.out, 3);
  });

  it('does not know what nobody measured or planned, and adds up the rest', async () => {
    const { flows, days } = await ofSite(ago(24 * 20), ago(24 * 15));
    // Battery and car are measured for two weeks, the household for longer.
    expect(flows.import.every((power) => power === null)).toBe(true);
    expect(flows.inflexible.every((power) => power !== null)).toBe(true);
    for (const day of days) expect(day).toMatchObject({ import: 0, inflexible: 0, cost: 0 });
  });

  it('is the same for the account, which has one site', async () => {
    const query = { start: ago(24), end: ago(3) };
    const { data } = await client.GET('/api/v3_0/accounts/{id}/energy_balance', {
      params: { path: { id: 1 }, query },
    });
    expect(data!.days).toEqual((await ofSite(query.start, query.end)).days);
  });

  it('of the battery alone has its own import', async () => {
    const { data } = await client.GET('/api/v3_0/assets/{id}/energy_balance', {
      params: { path: { id: 3 }, query: { start: ago(48), end: ago(3) } },
    });
    expect(data!.parts).toMatchObject([{ name: 'battery power (demo-battery)', kind: 'storage' }]);
    for (const { charge, import: imported } of data!.days) expect(imported).toBe(charge);
  });

  it.each([
    ['an end before the start', ago(1), ago(2), 'end', 'Must be after the start.'],
    ['too long a period', ago(24 * 40), ago(0), 'end', 'Must be at most 31 days after the start.'],
  ])('refuses %s', async (_, start, end, field, reason) => {
    const { response, error } = await client.GET('/api/v3_0/assets/{id}/energy_balance', {
      params: { path: { id: 1 }, query: { start, end } },
    });
    expect(response.status).toBe(422);
    expect(JSON.stringify(error)).toContain(`"${field}":["${reason}"]`);
  });

  it('of an account adds up sites of several time zones by the same days', async () => {
    await withClient(database.uri, async (sql) => {
      await sql.query(`INSERT INTO generic_asset (name, generic_asset_type_id, account_id)
        SELECT 'overseas', generic_asset_type_id, account_id FROM generic_asset WHERE id = 1`);
      await sql.query(`INSERT INTO sensor (name, unit, timezone, event_resolution, generic_asset_id)
        SELECT 'power', 'kW', 'Asia/Tokyo', '15 minutes', max(id) FROM generic_asset`);
    });
    const start = `${ago(48).slice(0, 10)}T00:00:00Z`;
    const at = (hours: number) => new Date(Date.parse(start) + hours * HOUR_MS).toISOString();
    const { data } = await client.GET('/api/v3_0/accounts/{id}/energy_balance', {
      params: { path: { id: 1 }, query: { start, end: at(24) } },
    });
    // In Tokyo, the day changes at 15:00 UTC, and at the building some hours later.
    const halves = [await ofSite(start, at(15)), await ofSite(at(15), at(24))];
    const imports = halves.map(({ days }) => days.reduce((sum, day) => sum + day.import, 0));
    expect(data!.days.map((day) => day.unknown_hours)).toEqual([15, 9]);
    data!.days.forEach((day, i) => expect(day.import).toBeCloseTo(imports[i]!, 3));
  });
});
