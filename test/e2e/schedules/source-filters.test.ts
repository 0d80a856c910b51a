import { SourcesService, type Sensor } from '#lib/sensors';
import { saveValues } from '../../harness/databases/factories';
import { withClient } from '../../harness/databases/templates';
import { FIELD_START, FieldSites } from '../../harness/scenes/field-sites';
import { startServedApp, type ServedApp } from '../../harness/servers/served-app';

const EARLY = { horizonMs: 365 * 24 * 3_600_000 };

describe('references to sensors in flex-models and flex-contexts', () => {
  let served: ServedApp;
  let sites: FieldSites;
  /** Capacities of three sources: 5 kW of a forecaster, 3 kW of a script, 1 kW of a user. */
  let capacity: Sensor;
  let sources: Record<'forecaster' | 'script' | 'user', number>;
  let accountId: number;

  beforeAll(async () => {
    served = await startServedApp();
    sites = new FieldSites(served);
    const known = served.app.get(SourcesService);
    const { rows } = await withClient(served.app.databaseUri, (sql) =>
      sql.query<{ id: number; account_id: number; username: string }>(
        'SELECT id, account_id, username FROM fm_user LIMIT 1',
      ),
    );
    accountId = rows[0]!.account_id;
    sources = {
      forecaster: await known.findOrCreate({ name: 'forecaster', type: 'forecasting script' }),
      script: await known.findOrCreate({ name: 'script', type: 'CLI script' }),
      user: await known.findOrCreateForUser(rows[0]!),
    };
    capacity = await sites.sensor('kW');
    const values = { forecaster: 5, script: 3, user: 1 };
    for (const [name, kw] of Object.entries(values) as [keyof typeof values, number][])
      await sites.save(capacity, [kw, kw, kw], { sourceId: sources[name] });
  });
  afterAll(() => served.stop());

  /** kW of a battery that charges as much as the capacity of the site lets it. */
  const charged = async (reference: object, given = capacity) =>
    sites.schedule(
      await sites.device(),
      3,
      { 'soc-at-start': '0 kWh', 'soc-max': '100 kWh', 'power-capacity': '10 kW' },
      { 'consumption-price': '-1 EUR/kWh', 'site-consumption-capacity': { sensor: given.id, ...reference } },
    );

  it.each<[string, () => object, number]>([
    ['source, an id', () => ({ source: sources.script }), 3],
    ['source, a list', () => ({ source: [sources.forecaster] }), 5],
    ['sources', () => ({ sources: [sources.forecaster, sources.script] }), 3],
    ['source-types', () => ({ 'source-types': ['forecasting script'] }), 5],
    ['exclude-source-types', () => ({ 'exclude-source-types': ['user', 'CLI script'] }), 5],
    ['source-account', () => ({ 'source-account': accountId }), 1],
    ['source-account, a list', () => ({ 'source-account': [accountId] }), 1],
    ['both', () => ({ 'exclude-source-types': ['user'], sources: Object.values(sources) }), 3],
  ])('select sources by %s', async (_by, reference, kw) => {
    expect((await charged(reference())).values).toEqual([kw, kw, kw]);
  });

  it('have a default where no source that counts has data', async () => {
    const gaps = await sites.sensor('kW');
    await sites.save(gaps, [NaN, 4, NaN], { sourceId: sources.script });
    const { values, warnings } = await charged({ default: '2 kW' }, gaps);
    expect(values).toEqual([2, 4, 2]);
    expect(warnings).toEqual([]);
    expect((await charged({ default: '2 kW', sources: [sources.user] }, gaps)).values).toEqual([2, 2, 2]);
  });

  it('select sources of the state of charge at the start, whose planned states do not count after a measurement', async () => {
    const soc = await sites.sensor('kWh', { eventResolutionMs: 0 });
    const before = (minutes: number) => new Date(Date.parse(FIELD_START) - minutes * 60_000).toISOString();
    const known = (minutes: number, kwh: number, sourceId: number) =>
      saveValues(served.app, soc, before(minutes), [kwh], { ...EARLY, sourceId });
    await known(30, 20, sources.script);
    await known(20, 30, sources.user);
    await known(10, 40, sources.forecaster);
    const device = await sites.device();
    const startOf = async (reference: object) => {
      const flexModel = {
        ...{ 'soc-max': '100 kWh', 'power-capacity': '10 kW', 'production-capacity': '0 kW' },
        'state-of-charge': { sensor: soc.id, ...reference },
      };
      const plan = await sites.schedule(
        device,
        1,
        flexModel,
        { 'consumption-price': '1 EUR/kWh' },
        {
          force_new_job_creation: true,
        },
      );
      const { body } = await served.api.request('GET', `/api/v3_0/sensors/${soc.id}/schedules/${plan.id}`, {
        token: served.token,
      });
      return (body as { values: number[] }).values[0];
    };
    expect(await startOf({ 'source-types': ['CLI script'] })).toBe(20);
    // The forecaster stated its value long before 30 kWh were measured.
    expect(await startOf({ 'exclude-source-types': ['scheduling script'] })).toBe(30);
    expect(await startOf({ source: sources.forecaster })).toBe(40);
  });

  it('are stored on assets with their filters', async () => {
    const device = await sites.device();
    const reference = { sensor: capacity.id, 'source-types': ['forecasting script'], default: '1 kW' };
    const { status, body } = await served.api.request('PATCH', `/api/v3_0/assets/${device.assetId}`, {
      token: served.token,
      json: { flex_context: { 'consumption-price': '-1 EUR/kWh', 'site-consumption-capacity': reference } },
    });
    expect({ status, body }).toMatchObject({ status: 200 });
    const model = { 'soc-at-start': '0 kWh', 'soc-max': '100 kWh', 'power-capacity': '10 kW' };
    expect((await sites.schedule(device, 3, model, {})).values).toEqual([5, 5, 5]);
  });
});
