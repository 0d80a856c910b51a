import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { AccountsService } from '#lib/accounts';
import { AssetsService, AssetTree } from '#lib/assets';
import { EnergyBalances, SitePartsService } from '#lib/balance';
import { BeliefsService } from '#lib/beliefs';
import { SensorsService, SourcesService } from '#lib/sensors';
import { SystemClock } from '#lib/time';
import { SitePricesService } from '../../../libs/balance/site-prices.service';
import { anAsset, aSensor, saveValues } from '../../harness/databases/factories';
import { startTestApp, type TestApp } from '../../harness/servers/app';

const HOUR_MS = 3_600_000;
const NOW = '2026-03-04T12:00:00Z';
const NOW_MS = Date.parse(NOW);
const WINDOW = { startMs: NOW_MS - 6 * HOUR_MS, endMs: NOW_MS + 6 * HOUR_MS };
const QUARTERS = 24;

/** Counts the statements that connections of a pool are given. */
function countStatements(app: TestApp): () => number {
  const { master } = app.get(DataSource).driver as unknown as { master: Pool };
  const seen = new WeakSet<PoolClient>();
  let count = 0;
  master.on('acquire', (client) => {
    if (seen.has(client)) return;
    seen.add(client);
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    Object.assign(client, {
      query: (...given: unknown[]) => {
        count++;
        return query(...given);
      },
    });
  });
  return () => count;
}

describe('The energy balance of an account', () => {
  let app: TestApp;
  let balances: EnergyBalances;
  let statements: () => number;

  beforeAll(async () => {
    app = await startTestApp();
    const [assets, tree, sensors, beliefs] = [
      ...([app.get(AssetsService), app.get(AssetTree)] as const),
      ...([app.get(SensorsService), app.get(BeliefsService)] as const),
    ];
    const parts = new SitePartsService(assets, tree, sensors);
    const prices = new SitePricesService(tree, sensors, beliefs);
    const clock = Object.assign(new SystemClock(), { now: () => NOW_MS });
    balances = new EnergyBalances(assets, parts, prices, beliefs, clock);
    statements = countStatements(app);
  });
  afterAll(() => app.close());

  /** A site with a load, which is measured and forecast, a battery, which is measured and scheduled, and a price. */
  async function addSite(accountId: number, number: number): Promise<void> {
    const site = await anAsset(app, { type: 'building', accountId });
    const price = await aSensor(app, { asset: site, unit: 'EUR/kWh', eventResolutionMs: HOUR_MS });
    await saveValues(app, price, '2026-03-04T06:00Z', Array<number>(12).fill(number / 10));
    for (const type of ['load', 'battery']) {
      const asset = await anAsset(app, { type, accountId, parentAssetId: site.id });
      const sensor = await aSensor(app, { asset, unit: 'kW' });
      const before = Array.from({ length: QUARTERS }, (_, step) => number + step);
      await saveValues(app, sensor, '2026-03-04T06:00Z', before);
      const sourceId = await app.get(SourcesService).findOrCreate({
        ...{ name: type, model: null, version: null },
        type: type === 'load' ? 'forecasting script' : 'scheduling script',
      });
      const after = before.map((value) => (type === 'load' ? 1 : -1) * value);
      await saveValues(app, sensor, NOW, after, { sourceId, horizonMs: 24 * HOUR_MS });
      if (type === 'load')
        await app.get(AssetsService).update(await app.get(AssetsService).get(site.id), {
          flexContext: {
            'inflexible-consumption': { sensor: sensor.id },
            'consumption-price': { sensor: price.id },
          },
        });
      else
        await app.get(AssetsService).update(asset, {
          flexModel: { consumption: { sensor: sensor.id }, 'soc-max': '10 kWh' },
        });
    }
  }

  const read = async (accountId: number) => {
    const before = statements();
    const balance = await balances.ofAccount(accountId, WINDOW, () => true);
    return { balance, count: statements() - before };
  };

  it('is that of its sites together, read in as many statements for few sites as for many', async () => {
    const { id: accountId } = await app.get(AccountsService).create('Balanced');
    for (const number of [1, 2]) await addSite(accountId, number);
    const few = await read(accountId);
    for (const number of [3, 4, 5]) await addSite(accountId, number);
    const many = await read(accountId);
    // The first reading may have to read more.
    expect(many.count).toBeLessThanOrEqual(few.count);
    expect(many.count).toBeLessThan(15);
    // Load and battery of five sites, before now and after it: 1 + 2 + 3 + 4 + 5 in the first step.
    const { flows, days, parts, currency } = many.balance;
    expect([parts.length, currency]).toEqual([10, 'EUR']);
    expect([flows.inflexible[0], flows.charge[0], flows.import[0]]).toEqual([15, 15, 30]);
    expect([flows.inflexible[QUARTERS], flows.discharge[QUARTERS], flows.import[QUARTERS]]).toEqual([
      15, 15, 0,
    ]);
    const roots = (await app.get(AssetsService).listByAccount(accountId)).filter(
      ({ parentAssetId }) => parentAssetId === null,
    );
    const alone = await Promise.all(roots.map((site) => balances.ofSite(site, WINDOW, () => true)));
    const together = (pick: (day: (typeof days)[number]) => number) =>
      alone.reduce((sum, balance) => sum + balance.days.reduce((total, day) => total + pick(day), 0), 0);
    expect(days.reduce((sum, day) => sum + day.energyKwh.import, 0)).toBeCloseTo(
      together((day) => day.energyKwh.import),
      6,
    );
    expect(days.reduce((sum, day) => sum + day.cost!, 0)).toBeCloseTo(
      together((day) => day.cost!),
      6,
    );
  });
});
