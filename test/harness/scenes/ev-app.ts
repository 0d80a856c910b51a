import { setTimeout as sleep } from 'node:timers/promises';
import type { Sensor } from '#lib/sensors';
import trigger from '../../golden/ev-trigger.json';
import { anAsset, aSensor, saveValues } from '../databases/factories';
import { POLL_MS } from '../eventually';
import type { ServedApp } from '../servers/served-app';

type Fields = Record<string, unknown>;

/** When the app asks for a schedule: "now" in its request. */
export const EV_START_MS = Date.parse('2026-12-01T06:00:00Z');

const HOUR_MS = 3_600_000;

/** A schedule as the API returns it. */
export interface ScheduleAnswer {
  values: number[];
  start: string;
  duration: string;
  unit: string;
  message: string;
}

/** The result of a job. */
export interface JobAnswer {
  state: string;
  failure_reason: string | null;
  result: {
    cost: number;
    fallback_reason: string | null;
    warnings: string[];
    remarks: string[];
    unresolved: Record<string, unknown>[];
    resolved: Record<string, unknown>[];
  } | null;
}

/** A car with its sensors, whose app asks for schedules as in test/golden/ev-trigger.json. */
export class EvApp {
  power!: Sensor;
  soc!: Sensor;
  price!: Sensor;

  private constructor(private readonly served: ServedApp) {}

  /** @param socUnit unit of the sensor of the state of charge */
  static async create(served: ServedApp, socUnit = 'kWh'): Promise<EvApp> {
    const ev = new EvApp(served);
    const { app } = served;
    const asset = await anAsset(app, { type: 'two-way_evse' });
    const zone = { timezone: 'UTC' };
    ev.power = await aSensor(app, { asset, eventResolutionMs: 5 * 60_000, ...zone });
    ev.soc = await aSensor(app, { asset, unit: socUnit, eventResolutionMs: 0, ...zone });
    ev.price = await aSensor(app, { unit: 'EUR/MWh', eventResolutionMs: HOUR_MS, ...zone });
    const prices = Array.from({ length: 27 }, (_, hour) => 100 + 40 * Math.sin(hour));
    await saveValues(app, ev.price, new Date(EV_START_MS).toISOString(), prices, { horizonMs: 48 * HOUR_MS });
    return ev;
  }

  /** The request of the app, with this car's sensors and real times. */
  request(change: { model?: Fields; context?: Fields } = {}): Fields {
    const { start, duration, 'flex-model': model, 'flex-context': context } = trigger;
    const body = { start, duration, 'flex-model': model, 'flex-context': context };
    const replaced = replaceIn(body, { soc: this.soc.id, price: this.price.id }) as Fields;
    return {
      ...replaced,
      'flex-model': { ...(replaced['flex-model'] as Fields), ...change.model },
      'flex-context': { ...(replaced['flex-context'] as Fields), ...change.context },
    };
  }

  /** Requests a schedule and waits for its job. @returns the UUID and the job */
  async schedule(body: Fields): Promise<{ id: string; job: JobAnswer; message: string }> {
    const { status, body: answer } = await this.send(
      'POST',
      `sensors/${this.power.id}/schedules/trigger`,
      body,
    );
    if (status !== 200) throw new Error(JSON.stringify(answer));
    const { schedule: id, message } = answer as { schedule: string; message: string };
    for (;;) {
      const job = (await this.get(`jobs/${id}`)) as JobAnswer;
      if (['finished', 'failed'].includes(job.state)) return { id, job, message };
      await sleep(POLL_MS);
    }
  }

  read(sensor: Sensor, id: string, query = 'duration=PT27H'): Promise<ScheduleAnswer> {
    return this.get(`sensors/${sensor.id}/schedules/${id}?${query}`) as Promise<ScheduleAnswer>;
  }

  send(method: string, path: string, json?: object) {
    return this.served.api.request(method, `/api/v3_0/${path}`, { token: this.served.token, json });
  }

  private async get(path: string): Promise<unknown> {
    const { status, body } = await this.send('GET', path);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  }
}

/** Replaces names of sensors by ids, and times relative to now by instants. */
function replaceIn(value: unknown, sensors: Record<string, number>): unknown {
  if (Array.isArray(value)) return value.map((one) => replaceIn(one, sensors));
  if (typeof value === 'string') return value.startsWith('now') ? instantOf(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [
      key,
      key === 'sensor' ? sensors[part as string] : replaceIn(part, sensors),
    ]),
  );
}

const UNITS_MS: Record<string, number> = { d: 24 * HOUR_MS, h: HOUR_MS, min: 60_000 };

/** `now+7d-5min` as ISO 8601. */
function instantOf(text: string): string {
  let atMs = EV_START_MS;
  for (const [, sign, amount, unit] of text.matchAll(/([+-])(\d+)(d|h|min)/g))
    atMs += (sign === '-' ? -1 : 1) * Number(amount) * UNITS_MS[unit!]!;
  return new Date(atMs).toISOString();
}
