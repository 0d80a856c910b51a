import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkSchedule, siteCosts } from '#lib/scheduling/model';
import type { Sensor } from '#lib/sensors';
import { POLL_MS } from '../harness/eventually';
import {
  type GoldenCase,
  inflexiblePower,
  problemOfCase,
} from '../../libs/scheduling/model/reference/golden-case';
import synthetic from '../golden/scheduling-synthetic.json';
import { pickCases } from '../harness/effort';
import { anAsset, aSensor, saveValues } from '../harness/databases/factories';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { startServedApp, type ServedApp } from '../harness/servers/served-app';
import { redisSettings, startWorker, type Worker } from '../harness/servers/worker';

type Case = GoldenCase & { start?: string };

/** Cases with real prices, which are outside of the repository and need not be available. */
const realPriceFile = resolve(__dirname, '../../..', 'shared', 'cases', 'scheduling-cases.json');
const realCases = existsSync(realPriceFile)
  ? (JSON.parse(readFileSync(realPriceFile, 'utf8')) as { battery_oracles: Case[] }).battery_oracles
  : [];

/**
 * Only cases that attributes can express: one site capacity for both directions, and a device that discharges with the
 * same power as it charges, or not at all.
 */
const cases = [...(synthetic.cases as Case[]), ...realCases].filter(
  (golden) =>
    golden.expected_cost !== undefined &&
    (golden.site_consumption_capacity_MW ?? null) === (golden.site_production_capacity_MW ?? null) &&
    [0, undefined, golden.charge_power_max_MW].includes(golden.discharge_power_max_MW),
);

const START = '2026-03-04T00:00:00Z';

describeWithRedis.each(['a worker on Redis', 'the server alone'])(
  'Schedules over HTTP, computed by %s',
  (by) => {
    let served: ServedApp;
    let redis: RedisServer | undefined;
    let worker: Worker | undefined;

    beforeAll(async () => {
      if (by === 'a worker on Redis') redis = await startRedis();
      served = await startServedApp(redis ? redisSettings(redis.port) : {});
      if (redis) worker = await startWorker(served.app.databaseUri, redis.port, 'any');
    });

    afterAll(async () => {
      await worker?.stop();
      await served.stop();
      await redis?.stop();
    });

    it.each(pickCases(cases, 4))('$id: $description', async (golden) => {
      const { api, token } = served;
      const battery = await createBattery(golden);
      const path = `/api/v3_0/sensors/${battery.id}/schedules/trigger`;
      const { status, body } = await api.request('POST', path, { token, json: await createRequest(golden) });
      expect({ status, body }).toMatchObject({ status: 200 });
      const values = await waitForSchedule(battery, (body as { schedule: string }).schedule, golden);
      const problem = problemOfCase(golden);
      // Powers are rounded to a watt; the differences add up over the steps of the window.
      const roundedMwh = 0.5e-6 * golden.steps * problem.stepHours;
      const powers = [values, inflexiblePower(golden)];
      expect(checkSchedule(problem, powers, 1e-6 + 2 * roundedMwh)).toEqual([]);
      const { cost, turnover } = siteCosts(problem, powers);
      const dearest = Math.max(
        ...problem.consumptionPrices.map(Math.abs),
        ...problem.productionPrices.map(Math.abs),
      );
      expect(Math.abs(cost - golden.expected_cost!)).toBeLessThan(1e-4 * turnover + roundedMwh * dearest);
    });

    /** Creates a power sensor, with the limits of the case as attributes of the sensor and its asset. */
    async function createBattery(golden: Case): Promise<Sensor> {
      const { app } = served;
      const power = golden.charge_power_max_MW ?? golden.capacity_MW;
      const asset = await anAsset(app, {
        attributes: { capacity_in_mw: golden.site_consumption_capacity_MW ?? 1000 },
      });
      return aSensor(app, {
        asset,
        eventResolutionMs: golden.resolution_minutes * 60_000,
        timezone: 'UTC',
        attributes: { capacity_in_mw: power, is_strictly_non_positive: golden.discharge_power_max_MW === 0 },
      });
    }

    async function createRequest(golden: Case): Promise<object> {
      const { app } = served;
      const start = golden.start ?? START;
      const { consumptionPrices, productionPrices } = problemOfCase(golden);
      const stepMs = golden.resolution_minutes * 60_000;
      const series = async (
        values: Float64Array | number[],
        unit: string,
        attributes = {},
      ): Promise<number> => {
        const asset = await anAsset(app, { type: 'series' });
        const sensor = await aSensor(app, {
          asset,
          unit,
          eventResolutionMs: stepMs,
          timezone: 'UTC',
          attributes,
        });
        await saveValues(app, sensor, start, Array.from(values));
        return sensor.id;
      };
      const inflexible = [];
      for (const values of golden.inflexible_net_consumption_MW ?? []) {
        inflexible.push(await series(values, 'MW', { consumption_is_positive: true }));
      }
      return {
        start,
        duration: `PT${golden.steps * golden.resolution_minutes}M`,
        'flex-model': {
          'soc-at-start': golden.soc_at_start_MWh,
          'soc-min': golden.soc_min_MWh,
          'soc-max': golden.soc_max_MWh,
          'roundtrip-efficiency': golden.roundtrip_efficiency ?? 1,
          'prefer-charging-sooner': false,
          'soc-targets': golden.soc_targets?.map(({ step, value_MWh }) => ({
            value: value_MWh,
            datetime: new Date(Date.parse(start) + step * stepMs).toISOString(),
          })),
        },
        'flex-context': {
          'consumption-price-sensor': await series(consumptionPrices, 'EUR/MWh'),
          'production-price-sensor': await series(productionPrices, 'EUR/MWh'),
          'inflexible-device-sensors': inflexible,
        },
      };
    }

    async function waitForSchedule(battery: Sensor, id: string, golden: Case): Promise<Float64Array> {
      const { api, token } = served;
      const duration = `PT${golden.steps * golden.resolution_minutes}M`;
      for (;;) {
        const path = `/api/v3_0/sensors/${battery.id}/schedules/${id}?duration=${duration}`;
        const { status, body } = await api.request('GET', path, { token });
        if (status === 200) return Float64Array.from((body as { values: number[] }).values);
        expect((body as { message: string }).message).toMatch(/waiting to be processed|in progress/);
        await sleep(POLL_MS);
      }
    }
  },
);
