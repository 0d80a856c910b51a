import { join } from 'node:path';
import { createHome, readHome, type Home, type HomeName } from '../../bench/scheduling/home-request';
import { eventually } from '../../harness/eventually';
import { startServedApp, type ServedApp } from '../../harness/servers/served-app';

const STEP_HOURS = 0.25;
const ROOT = join(__dirname, '..', '..', '..');

interface HomeSchedule {
  cost: number;
  schedules: { sensor: number; unit: string; values: number[] }[];
}

/** EUR that the site pays: for energy, less what production earns, and for the highest power beyond the known peak. */
function costOf(home: Home, siteKw: readonly number[]): number {
  const energy = siteKw.reduce(
    (sum, kw, k) => sum + STEP_HOURS * kw * (kw > 0 ? home.price_eur_per_kwh[k]! : 0.06),
    0,
  );
  return energy + 0.5 * Math.max(0, Math.max(...siteKw) - 5);
}

describe('the schedule of a home with five devices', () => {
  let served: ServedApp;
  beforeAll(async () => {
    served = await startServedApp();
  });
  afterAll(() => served.stop());

  const send = async (method: string, path: string, json?: object): Promise<Record<string, unknown>> => {
    const { status, body } = await served.api.request(method, `/api/v3_0${path}`, {
      token: served.token,
      json,
    });
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as Record<string, unknown>;
  };

  /** @returns the cost that the answer tells, and that of the powers in it */
  async function costsOf(name: HomeName): Promise<{ told: number; paid: number; home: Home }> {
    const home = readHome(name, ROOT);
    const { assetId, sensors, trigger } = await createHome(
      (path, json) => send('POST', path, json),
      name,
      home,
    );
    const { schedule } = await send('POST', `/assets/${assetId}/schedules/trigger`, trigger);
    await eventually(
      () => send('GET', `/jobs/${schedule as string}`),
      ({ state }) => state === 'finished',
    );
    const answer = await send('GET', `/assets/${assetId}/schedules/${schedule as string}`);
    const { cost, schedules } = answer as unknown as HomeSchedule;
    expect(schedules.map(({ sensor, unit, values }) => [sensor, unit, values.length])).toEqual(
      sensors.map((sensor) => [sensor, 'kW', 192]),
    );
    const siteKw = home.load_kw.map((load, k) =>
      schedules.reduce((sum, { values }) => sum + values[k]!, load),
    );
    return { told: cost, paid: costOf(home, siteKw), home };
  }

  it('costs what an independent linear program found', async () => {
    const { told, paid, home } = await costsOf('home');
    const { cost_eur: optimum, tolerance } = home.expected;
    expect(Math.abs(told - optimum)).toBeLessThan(tolerance);
    expect(Math.abs(paid - optimum)).toBeLessThan(tolerance);
  });

  it('costs at most as much with negative prices as the best schedule known', async () => {
    const { told, paid, home } = await costsOf('home with negative prices');
    const known = home.expected.with_negative_prices;
    expect(told).toBeGreaterThanOrEqual(known.lower_bound_of_relaxation_eur);
    expect(told).toBeLessThan(known.found_by_the_project_eur + home.expected.tolerance);
    expect(Math.abs(paid - told)).toBeLessThan(home.expected.tolerance);
  });
});
