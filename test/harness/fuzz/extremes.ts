import { uniqueNumber, type Scene } from '../scenes/api-scene';
import { finished } from './bad-requests';
import { queryText, short, type BadRequest, type Change, type Template } from './template';
import { RawJson, toJson } from './values';
import { fieldsOf, withField } from './json-changes';

const MOMENTS = [
  '0001-01-01T00:00:00Z',
  '0099-12-31T23:59:59Z',
  '1883-11-18T12:03:58Z',
  '1970-01-01T00:00:00Z',
  '2026-03-29T02:30:00+01:00',
  '2026-06-30T23:59:60Z',
  '9999-12-31T23:59:59.999Z',
];
const DURATIONS = ['PT0S', 'PT0.001S', 'PT1S', 'P1M', 'P30D', 'P1Y', 'P1000Y', 'P999999D', 'PT99999999H'];
const NUMBERS = [0, new RawJson('-0'), 1e-320, 1e308, -1e308, 2 ** 53];
const TEXTS = ['', ' ', '\u202e\u{1f50b}\ufeff', "Robert'); DROP TABLE sensor; --", '%s%n\\', 'constructor'];

/** Values at the limits of what fields of a name may hold; whether they are taken is for the server to say. */
const EXTREMES: Record<string, unknown[]> = {
  start: MOMENTS,
  prior: MOMENTS,
  event_starts_after: MOMENTS,
  event_ends_before: MOMENTS,
  beliefs_after: MOMENTS,
  beliefs_before: MOMENTS,
  duration: DURATIONS,
  resolution: DURATIONS,
  event_resolution: [...DURATIONS, ...NUMBERS],
  horizon: [...DURATIONS, ...DURATIONS.map((duration) => `-${duration}`)],
  values: [...NUMBERS, null, [null], Array.from({ length: 5000 }, (_, index) => index), [1e308, -1e308]],
  latitude: NUMBERS,
  longitude: NUMBERS,
  name: TEXTS,
  username: TEXTS,
  filter: TEXTS,
  unit: ['', '%', '10', 'EUR', '°C', 'kW/MW', '1e400 MW', '-W', 'a'.repeat(80), 'MW^99', 'MW\u0000'],
  timezone: ['UTC', 'Etc/GMT+12', 'Pacific/Kiritimati', 'Africa/Monrovia', 'EST5EDT'],
  attributes: ['{"a":1e400}', '{"__proto__":{"a":1}}', `{"a":"${'x'.repeat(100_000)}"}`],
  page: [1, 2 ** 31, 2 ** 53],
  per_page: [1, 1000],
  width: [1, 2 ** 31, 2 ** 53],
  height: [1, 2 ** 31, 2 ** 53],
  'soc-at-start': NUMBERS,
  'soc-min': NUMBERS,
  'soc-max': NUMBERS,
  'roundtrip-efficiency': [1e-320, 1e-9, 1, '1e-9%', '100%'],
  'soc-targets': [
    [],
    ...MOMENTS.map((datetime) => [{ value: 0.2, datetime }]),
    Array.from({ length: 500 }, () => ({ value: 0.1, datetime: '2026-03-04T12:00:00Z' })),
  ],
  'inflexible-device-sensors': [[], [2], [2, 2], [3]],
  knowledge_horizon_fnc: ['ex_ante', 'at_date', 'x_days_ago_at_y_oclock'],
  knowledge_horizon_par: [
    { x: 1e9, y: 24, z: 'UTC' },
    { knowledge_time: MOMENTS[0] },
    { ex_post_horizon: 'P1000Y' },
  ],
};

/** Good requests with one field or parameter at the limits of what it may be. */
export function extremeRequests(scene: Scene, from: Template[]): BadRequest[] {
  return from.flatMap((template) =>
    [...queries(template), ...bodies(template)].map((change) => ({
      ...finished(template, change, scene.tokenOf('admin')),
      isSurelyBad: false,
    })),
  );
}

function queries({ operation, steps, query }: Template): Change[] {
  return operation.parameters
    .filter((parameter) => parameter['in'] === 'query')
    .flatMap(({ name }) =>
      (EXTREMES[name as string] ?? []).map((value): [string, string] => [name as string, text(value)]),
    )
    .map(([name, value]) => ({
      what: `${name} is ${value}`,
      path: steps.join('/') + queryText([...query.filter(([other]) => other !== name), [name, value]]),
    }));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : toJson(value));

function bodies({ operation, json }: Template): Change[] {
  if (!json) return [];
  return fieldsOf(operation.bodies['application/json']!).flatMap(({ path }) =>
    (EXTREMES[path.at(-1)!] ?? []).map((value) => ({
      what: `${path.join('.')} is ${short(toJson(value))}`,
      body: Buffer.from(toJson(withField(renamed(json), path, value))),
    })),
  );
}

/** As the template, but with a name that nothing else has. */
const renamed = (json: Record<string, unknown>): Record<string, unknown> =>
  'name' in json ? { ...json, name: `extreme ${uniqueNumber()}` } : json;
