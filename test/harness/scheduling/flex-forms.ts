import { buildSiteProblem } from '../../../libs/scheduling/model/flex/build-site-problem';
import { findFlexField } from '../../../libs/scheduling/model/flex/fields';
import type { ValueInterval } from '../../../libs/scheduling/model/flex/values/intervals';

export const START = Date.parse('2026-12-01T00:00:00+01:00');
export const MINUTE_MS = 60_000;

/** How one quantity is given: a constant, a list, or events of a sensor. */
export type Form =
  string | { list: ValueInterval[]; unit: string } | { events: ValueInterval[]; default?: string };

export interface Forms {
  steps?: number;
  stepMs?: number;
  flexModel?: Record<string, Form>;
  flexContext?: Record<string, Form>;
  /** Fields of a group that the battery is in. */
  group?: Record<string, Form>;
  /** Fields of a commitment. */
  commitment?: Record<string, Form>;
}

const time = (ms: number) => new Date(ms).toISOString();

/** Reads a battery of 50 kWh and 10 kW whose fields are given in some forms; sensors have the unit that is read. */
export async function readForms({
  steps = 4,
  stepMs = 60 * MINUTE_MS,
  flexModel = {},
  flexContext = {},
  group,
  commitment,
}: Forms) {
  const sensors: ValueInterval[][] = [];
  const warnings: string[] = [];
  const written = (fields: Record<string, Form>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, form]): [string, unknown] => {
        if (typeof form === 'string') return [name, form];
        if ('events' in form)
          return [
            name,
            { sensor: sensors.push(form.events), ...(form.default && { default: form.default }) },
          ];
        const entries = form.list.map(({ value, startMs, endMs }) => ({
          value: `${value} ${form.unit}`,
          ...(startMs === endMs ? { datetime: time(startMs) } : { start: time(startMs), end: time(endMs) }),
        }));
        return [name, entries];
      }),
    );
  const device = {
    ...{ id: 'battery', name: 'battery', isStorageType: true },
    attributes: { max_soc_in_mwh: 50, capacity_in_mw: 10 },
    flexModel: { ...written(flexModel), ...(group && { group: { asset: 7 } }) },
    readPower: () => Promise.reject(new Error('It is a storage.')),
  };
  const site = {
    devices: [device],
    groups: group && [
      { id: 'inverter', name: 'inverter', key: 'asset 7', attributes: {}, flexModel: written(group) },
    ],
    flexContext: {
      'consumption-price': '1 EUR/MWh',
      ...written(flexContext),
      ...(commitment && { commitments: [{ name: 'position', ...written(commitment) }] }),
    },
    attributes: {},
    unitOfSensor: (_id: number, field: string) =>
      Promise.resolve(
        findFlexField('flex-context', field)?.measure === 'price of power' ? 'EUR/MW' : 'EUR/MWh',
      ),
  };
  const { problem } = await buildSiteProblem(site, {
    window: { startMs: START, stepMs, steps, timezone: 'Europe/Amsterdam' },
    readSensor: (id) => Promise.resolve(sensors[id - 1]!),
    readState: (id) => {
      const last = sensors[id - 1]!.filter(({ startMs }) => startMs <= START).at(-1);
      return Promise.resolve(last && { value: last.value, unit: 'MWh', timeMs: last.startMs });
    },
    warn: (message) => warnings.push(message),
  });
  return { problem, warnings };
}

/** Events of equal length, from some minutes after the start; NaN where nothing is known. */
export const events = (minutes: number, values: number[], fromMinutes = 0): ValueInterval[] =>
  values
    .map((value, i) => {
      const startMs = START + (fromMinutes + i * minutes) * MINUTE_MS;
      return { startMs, endMs: startMs + minutes * MINUTE_MS, value };
    })
    .filter(({ value }) => !Number.isNaN(value));
