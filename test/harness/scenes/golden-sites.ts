import { setTimeout as sleep } from 'node:timers/promises';
import type { Asset } from '#lib/assets';
import type { Sensor } from '#lib/sensors';
import { parseDurationMs } from '#lib/time';
import type { Recording } from '../../golden/recorded-case';
import { POLL_MS } from '../eventually';
import {
  fieldsOf,
  isDevice,
  type FlexFields,
  SITE_CASES_START,
  type SiteCase,
  type SiteCaseModel,
  withIds,
} from '../../golden/site-case';
import type { Api } from '../servers/api';
import type { TestApp } from '../servers/app';
import { anAsset, aSensor, saveEvents, saveValues } from '../databases/factories';
import type { ServedApp } from '../servers/served-app';

/** The schedule of a case: numbers by name, or the reason why there is none. */
export interface SiteOutcome {
  /** By device, MW per step. */
  power: Record<string, number[]>;
  cost: number;
  /** By name; the commitments of a device have the name of the device and a colon before. */
  commitments: Record<string, number>;
  failure?: string;
  fallbackReason: string | null;
  warnings: string[];
}

interface JobAnswer {
  state: string;
  failure_reason: string | null;
  result: {
    cost: number;
    commitments: { commitment: string; sensor?: number; cost: number }[];
    fallback_reason: string | null;
    warnings: string[];
  } | null;
}

/** Requests the golden cases of sites through the API. */
export class GoldenSites {
  private readonly app: TestApp;
  private readonly api: Api;
  private readonly token: string;

  constructor({ app, api, token }: ServedApp) {
    [this.app, this.api, this.token] = [app, api, token];
  }

  /**
   * The schedule of a case. A single storage is requested for its sensor, every other case for the asset.
   * @param recordings values that sensors recorded, by their name in the case
   */
  async schedule(one: SiteCase, recordings = new Map<string, Recording>()): Promise<SiteOutcome> {
    const site = await anAsset(this.app, { type: 'building', attributes: one.contextAttributes ?? {} });
    const devices = new Map<string, Sensor>();
    const ids = new Map<string, number>();
    for (const model of one.flexModels) {
      const { sensor, asset } = await this.createDevice(one, model, site);
      ids.set(`asset ${model.name}`, asset.id);
      if (!sensor) continue;
      ids.set(`sensor ${model.name}`, sensor.id);
      devices.set(model.name, sensor);
    }
    for (const [name, values] of Object.entries(one.recordings ?? {}))
      ids.set(`sensor ${name}`, (await this.record(one, values)).id);
    for (const [name, recording] of recordings)
      ids.set(`sensor ${name}`, (await this.recordInstead(one, recording)).id);
    const stocks = new Set(one.flexModels.flatMap((model) => socSensorOf(model) ?? []));
    for (const name of stocks)
      ids.set(`sensor ${name}`, (await aSensor(this.app, { unit: 'kWh', eventResolutionMs: 0 })).id);
    const idOf = (kind: 'sensor' | 'asset', name: string): number => ids.get(`${kind} ${name}`)!;
    const flexModel: (FlexFields & { sensor?: number })[] = [];
    for (const model of one.flexModels) {
      const given = withIds(fieldsOf(model), idOf);
      const own = model.isGroup ? { asset: idOf('asset', model.name) } : {};
      const sensor = devices.get(model.name)?.id;
      flexModel.push({ ...given, ...(sensor === undefined ? own : { sensor }) });
    }
    const context = withIds(one.flexContext, idOf);
    const flexContext = { ...context, ...(await this.createInflexible(one)) };
    const window = { start: SITE_CASES_START, duration: durationOf(one) };
    const only = isSingleStorage(one) ? flexModel[0] : undefined;
    const { sensor, ...own } = only ?? {};
    const answer = await this.post(
      only ? `sensors/${sensor}/schedules/trigger` : `assets/${site.id}/schedules/trigger`,
      { ...window, 'flex-model': only ? own : flexModel, 'flex-context': flexContext },
    );
    if (answer.status !== 200) return failed(JSON.stringify(answer.body));
    return this.read(
      (answer.body as { schedule: string }).schedule,
      devices,
      one,
      only ? undefined : site.id,
    );
  }

  private async createDevice(
    one: SiteCase,
    model: SiteCaseModel,
    site: Asset,
  ): Promise<{ asset: Asset; sensor: Sensor | undefined }> {
    const isStorage = isSingleStorage(one) || one.storageTypes?.includes(model.name);
    const asset = await anAsset(this.app, {
      type: isStorage ? 'battery' : 'device',
      attributes: one.attributes?.[model.name] ?? {},
      parentAssetId: site.id,
    });
    if (model.hasSensor === false) return { asset, sensor: undefined };
    const eventResolutionMs = parseDurationMs(one.step);
    return { asset, sensor: await aSensor(this.app, { asset, eventResolutionMs, timezone: 'UTC' }) };
  }

  /** A sensor with the values of a recording. */
  private async record({ step }: SiteCase, values: number[]): Promise<Sensor> {
    const sensor = await aSensor(this.app, {
      eventResolutionMs: parseDurationMs(step),
      timezone: 'UTC',
    });
    await saveValues(this.app, sensor, SITE_CASES_START, values);
    return sensor;
  }

  private async createInflexible({ inflexible, step }: SiteCase): Promise<FlexFields> {
    if (!inflexible) return {};
    const sensor = await aSensor(this.app, {
      eventResolutionMs: parseDurationMs(step),
      timezone: 'UTC',
      attributes: { consumption_is_positive: true },
    });
    await saveValues(this.app, sensor, SITE_CASES_START, inflexible);
    return { 'inflexible-device-sensors': [sensor.id] };
  }

  /** A sensor with the values that a case has instead of a constant or a list. */
  private async recordInstead(
    { step }: SiteCase,
    { unit, isInstantaneous, events }: Recording,
  ): Promise<Sensor> {
    const sensor = await aSensor(this.app, {
      ...{ unit, eventResolutionMs: isInstantaneous ? 0 : parseDurationMs(step), timezone: 'UTC' },
      attributes: { consumption_is_positive: true },
    });
    await saveEvents(this.app, sensor, events);
    return sensor;
  }

  private post(path: string, json: object) {
    return this.api.request('POST', `/api/v3_0/${path}`, { token: this.token, json });
  }

  private async get(path: string): Promise<unknown> {
    const { status, body } = await this.api.request('GET', `/api/v3_0/${path}`, { token: this.token });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  }

  private async read(
    id: string,
    devices: Map<string, Sensor>,
    one: SiteCase,
    siteId: number | undefined,
  ): Promise<SiteOutcome> {
    const job = await this.waitForJob(id);
    if (!job.result) return failed(job.failure_reason ?? '');
    const { cost, commitments, fallback_reason: fallbackReason, warnings } = job.result;
    const power: Record<string, number[]> = {};
    const nameOf = new Map([...devices].map(([name, sensor]) => [sensor.id, name]));
    if (siteId !== undefined) {
      const site = (await this.get(`assets/${siteId}/schedules/${id}`)) as {
        cost: number;
        commitments: unknown;
        schedules: { sensor: number; values: number[] }[];
      };
      expect(site).toMatchObject({ cost, commitments });
      for (const { sensor, values } of site.schedules) power[nameOf.get(sensor)!] = values;
    }
    for (const [name, sensor] of devices) {
      const path = `sensors/${sensor.id}/schedules/${id}?duration=${durationOf(one)}`;
      const { values } = (await this.get(path)) as { values: number[] };
      if (siteId !== undefined) expect(values).toEqual(power[name]);
      power[name] = values;
    }
    const named = commitments.map(({ commitment, sensor, cost: part }) => [
      sensor === undefined ? commitment : `${nameOf.get(sensor)}: ${commitment}`,
      part,
    ]);
    return {
      power,
      cost,
      commitments: Object.fromEntries(named) as Record<string, number>,
      fallbackReason,
      warnings,
    };
  }

  private async waitForJob(id: string): Promise<JobAnswer> {
    for (;;) {
      const job = (await this.get(`jobs/${id}`)) as JobAnswer;
      if (['finished', 'failed'].includes(job.state)) return job;
      await sleep(POLL_MS);
    }
  }
}

const durationOf = ({ step, steps }: SiteCase): string => `PT${(steps * parseDurationMs(step)) / 60_000}M`;

/** Name of the sensor of the state of charge in a flex-model; undefined if there is none. */
const socSensorOf = (model: SiteCaseModel): string | undefined =>
  (model['state-of-charge'] as { sensor: string } | undefined)?.sensor;

/** Whether a case has only one storage, so that the endpoint of its sensor accepts it. */
const isSingleStorage = ({ flexModels }: SiteCase): boolean =>
  flexModels.length === 1 &&
  !('process-type' in flexModels[0]!) &&
  (Object.keys(flexModels[0]!).some((field) => field.startsWith('soc-')) ||
    !['production-capacity', 'operation-modes'].some((field) => field in flexModels[0]!));

const failed = (failure: string): SiteOutcome => ({
  power: {},
  cost: NaN,
  commitments: {},
  failure,
  fallbackReason: null,
  warnings: [],
});

/** Compares the schedule of a case with the expected values, which were calculated by hand. */
export function expectCalculatedSchedule(one: SiteCase, outcome: SiteOutcome): void {
  expect(outcome.fallbackReason).toBeNull();
  // Limits that are exceeded at a price are told, and where a sensor has no baseline.
  expect(
    outcome.warnings.filter((warning) => !/ is (?:missed|exceeded) |does not apply there/.test(warning)),
  ).toEqual([]);
  expect(outcome.failure).toBeUndefined();
  for (const [name, power] of Object.entries(one.expected.power ?? {})) {
    power.forEach((mw, t) => {
      expect([name, t, outcome.power[name]![t]]).toEqual([name, t, expect.closeTo(mw, 5)]);
    });
  }
  one.expected.net?.forEach((mw, t) => {
    const net = one.flexModels
      .filter(isDevice)
      .reduce((sum, { name }) => sum + outcome.power[name]![t]!, one.inflexible?.[t] ?? 0);
    expect(net).toBeCloseTo(mw, 5);
  });
  expect(outcome.cost).toBeCloseTo(one.expected.cost, 5);
  for (const [name, cost] of Object.entries(one.expected.commitments ?? {})) {
    expect(outcome.commitments).toHaveProperty([name], expect.closeTo(cost, 6));
  }
}

/** The parts of an outcome that differ between two different schedules, as text. */
export const toComparableText = ({ power, cost, failure, fallbackReason }: SiteOutcome): string =>
  JSON.stringify([
    // Ids in messages differ between runs of the same case.
    failure?.replace(/\d+/g, '#') ?? null,
    fallbackReason?.replace(/\(sensor \d+\)/g, '') ?? null,
    cost.toFixed(5),
    ...Object.values(power).map((values) => values.map((mw) => mw.toFixed(5))),
  ]);
