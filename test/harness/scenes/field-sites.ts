import { setTimeout as sleep } from 'node:timers/promises';
import { AssetsService } from '#lib/assets';
import type { Sensor } from '#lib/sensors';
import { POLL_MS } from '../eventually';
import { anAsset, aSensor, saveValues } from '../databases/factories';
import type { ServedApp } from '../servers/served-app';

/** When the schedules of field cases start. */
export const FIELD_START = '2026-12-01T00:00:00+01:00';

const HOUR_MS = 3_600_000;

/** What was known long before. */
const EARLY = { horizonMs: 365 * 24 * HOUR_MS };

type Fields = Record<string, unknown>;

/** A schedule with the sentences that the answer and its job tell. */
export interface FieldSchedule {
  id: string;
  values: number[];
  message: string;
  warnings: string[];
  cost: number;
}

/** Sites of cases from the field, asked for through the API: hourly sensors in kW, with consumption positive. */
export class FieldSites {
  constructor(private readonly served: ServedApp) {}

  /** A power sensor on an asset of its own. */
  async device(
    type = 'battery',
    {
      attributes = {},
      eventResolutionMs = HOUR_MS,
    }: { attributes?: Fields; eventResolutionMs?: number } = {},
  ): Promise<Sensor> {
    const asset = await anAsset(this.served.app, { type, attributes });
    return this.sensor('kW', { asset, eventResolutionMs, attributes: { consumption_is_positive: true } });
  }

  sensor(unit: string, options: Parameters<typeof aSensor>[1] = {}): Promise<Sensor> {
    return aSensor(this.served.app, { unit, eventResolutionMs: HOUR_MS, ...options });
  }

  /** A sensor that has recorded values from the start of schedules on; NaN is left out. */
  async recorded(unit: string, values: number[], minutes = 60): Promise<{ sensor: number }> {
    const sensor = await this.sensor(unit, {
      eventResolutionMs: minutes * 60_000,
      attributes: { consumption_is_positive: true },
    });
    await this.save(sensor, values);
    return { sensor: sensor.id };
  }

  save(
    sensor: Sensor,
    values: number[],
    options: { sourceId?: number; horizonMs?: number } = {},
  ): Promise<void> {
    return saveValues(this.served.app, sensor, FIELD_START, values, { ...EARLY, ...options });
  }

  setAttributes(sensor: Sensor, attributes: Fields): Promise<unknown> {
    return this.served.app.get(AssetsService).setAttributes(sensor.assetId, attributes);
  }

  /** Hourly prices as a list. */
  prices(values: number[], unit = 'EUR/kWh'): Fields[] {
    return values.map((value, hour) => ({
      value: `${value} ${unit}`,
      start: new Date(Date.parse(FIELD_START) + hour * HOUR_MS).toISOString(),
      duration: 'PT1H',
    }));
  }

  trigger(sensor: Sensor, hours: number, flexModel: Fields, flexContext: Fields, change: Fields = {}) {
    return this.served.api.request('POST', `/api/v3_0/sensors/${sensor.id}/schedules/trigger`, {
      token: this.served.token,
      json: {
        start: FIELD_START,
        duration: `PT${hours}H`,
        'flex-model': flexModel,
        'flex-context': flexContext,
        ...change,
      },
    });
  }

  /** The schedule of one device, in kW. */
  async schedule(...request: Parameters<FieldSites['trigger']>): Promise<FieldSchedule> {
    const answer = await this.trigger(...request);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    const { schedule: id } = answer.body as { schedule: string };
    return { ...(await this.finished(id)), ...(await this.read(request[0], id, request[1])) };
  }

  /** Schedules of devices that share a connection, in kW and in their order. */
  async siteSchedules(
    hours: number,
    devices: { sensor: Sensor; flexModel: Fields }[],
    flexContext: Fields,
  ): Promise<FieldSchedule[]> {
    const { api, token } = this.served;
    const { id: assetId } = await anAsset(this.served.app, { type: 'building' });
    const { status, body } = await api.request('POST', `/api/v3_0/assets/${assetId}/schedules/trigger`, {
      token,
      json: {
        start: FIELD_START,
        duration: `PT${hours}H`,
        'flex-model': devices.map(({ sensor, flexModel }) => ({ sensor: sensor.id, ...flexModel })),
        'flex-context': flexContext,
      },
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
    const { schedule: id } = body as { schedule: string };
    const job = await this.finished(id);
    const schedules: FieldSchedule[] = [];
    for (const { sensor } of devices) schedules.push({ ...job, ...(await this.read(sensor, id, hours)) });
    return schedules;
  }

  private async finished(id: string): Promise<{ id: string; warnings: string[]; cost: number }> {
    for (;;) {
      const job = (await this.get(`jobs/${id}`)) as {
        state: string;
        failure_reason: string | null;
        result: { warnings: string[]; cost: number } | null;
      };
      if (job.state === 'failed') throw new Error(job.failure_reason ?? '');
      if (job.state === 'finished') return { id, warnings: job.result!.warnings, cost: job.result!.cost };
      await sleep(POLL_MS);
    }
  }

  private async read(
    sensor: Sensor,
    id: string,
    hours: number,
  ): Promise<{ values: number[]; message: string }> {
    const path = `sensors/${sensor.id}/schedules/${id}?duration=PT${hours}H`;
    return (await this.get(path)) as { values: number[]; message: string };
  }

  private async get(path: string): Promise<unknown> {
    const { api, token } = this.served;
    const { status, body } = await api.request('GET', `/api/v3_0/${path}`, { token });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  }
}
