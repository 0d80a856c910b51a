import fc from 'fast-check';
import { isAccepted, type Part } from '../contract/contract';

/** JSON text that is put into a body as it stands, since JavaScript has no value for some of it. */
export class RawJson {
  constructor(readonly text: string) {}
}

const NESTED_ARRAY = new RawJson('['.repeat(1000) + ']'.repeat(1000));
const NESTED_OBJECT = new RawJson('{"a":'.repeat(1000) + '1' + '}'.repeat(1000));

const NUMBERS = ['1e400', '-1e400', '1e308', '9223372036854775808', '-9223372036854775809', '2147483648'];

/** Values of all kinds that some field or other cannot have. */
const VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  ...NUMBERS.map((text) => new RawJson(text)),
  '',
  ' ',
  'x',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '1e400',
  'x'.repeat(300),
  'x'.repeat(20_000),
  "'; DROP TABLE sensor; --",
  "1' OR '1'='1",
  '${7*7}{{7*7}}<script>alert(1)</script>',
  'a\r\nX-Injected: yes',
  'a\u0000b',
  'a\ud800b',
  '\u202e\ufeff\u200b',
  '../../../etc/passwd',
  '__proto__',
  [],
  [[]],
  [null],
  [{}],
  {},
  { a: 1 },
  new RawJson('{"__proto__": {"polluted": true}}'),
  new RawJson('{"constructor": {"prototype": {"polluted": true}}}'),
  { toString: 1, valueOf: 1, length: -1 },
  NESTED_ARRAY,
  NESTED_OBJECT,
];

const MOMENTS = [
  'yesterday',
  '2026-03-04',
  '2026-03-04T00:00:00',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-03-04T25:00:00Z',
  '2026-03-04T00:61:00Z',
  '2026-03-04T00:00:00+99:00',
  '2026-03-04T00:00:00Europe/Amsterdam',
  '0000-00-00T00:00:00Z',
  '+999999-01-01T00:00:00Z',
  '-271822-04-20T00:00:00Z',
  '2026-W10-3',
  '1772582400',
  '20261340T000000Z',
];

const DURATIONS = [
  '1 hour',
  'PT',
  'P',
  'P1',
  'PT1',
  'T1H',
  '1H',
  'P1H',
  'PT1D',
  'P1YT',
  'PTXH',
  'PT1H1H',
  '--PT1H',
  'PT1e400H',
  'PT99999999999999999999999H',
  'P1.5.5D',
];

const ATTRIBUTES = [
  '',
  '{',
  '[]',
  'null',
  '1',
  '"x"',
  "{'a': 1}",
  '{"a": NaN}',
  '{"a": "\\u0000"}',
  '{"a": "\\ud800"}',
  '{"a\\u0000": 1}',
];

const UNKNOWN_ID = 999_999;
const SENSORS: unknown[] = [
  0,
  -3,
  2.5,
  UNKNOWN_ID,
  2 ** 31,
  2 ** 53,
  new RawJson('1e400'),
  `ea1.2026-12.localhost:fm1.${UNKNOWN_ID}`,
  'ea1.2026-12.localhost:fm1.0',
  'ea1.2026-12.localhost:fm1.99999999999999999999',
  'ea1.2026-12.localhost:fm0.40:30:76',
  'ea1.localhost',
  'fm1.3',
];
const UNITS = ['blorp', 'MW/', '%%', 'MW\u0000', 'x'.repeat(500)];
const ZONES = ['Mars/Olympus', '', 'Europe/Amsterdam\u0000', '+25:00', 'europe amsterdam', '../UTC'];

/** Values that the contract's words rule out for fields of a name, where its schema cannot. */
const BY_NAME: Record<string, unknown[]> = {
  unit: UNITS,
  timezone: ZONES,
  attributes: ATTRIBUTES,
  horizon: DURATIONS,
  duration: [...DURATIONS, 'P-1D', '-PT1H'],
  event_resolution: [...DURATIONS, '-PT15M', -15, new RawJson('1e400')],
  sensor: SENSORS,
  'consumption-price-sensor': SENSORS,
  'production-price-sensor': SENSORS,
  generic_asset_type_id: [0, -1, UNKNOWN_ID, 2 ** 31],
  generic_asset_id: [0, -1, UNKNOWN_ID, 2 ** 31],
  account_id: [0, -1, UNKNOWN_ID, 2 ** 31],
  flexmeasures_roles: [[UNKNOWN_ID], [0], [-1], [2 ** 31], ['admin']],
  name: ['x'.repeat(300), 'a\u0000b', 'a\ud800b'],
  username: ['x'.repeat(300), 'a\u0000b', 'a\ud800b'],
  email: [
    'x',
    '@',
    'a@b@c',
    'a@',
    'a b@example.com',
    `${'x'.repeat(300)}@example.com`,
    'a\u0000@example.com',
  ],
  'soc-targets': [[{ value: 1 }], [{ datetime: '2026-03-04T12:00:00Z' }], [{ value: 1, datetime: 'noon' }]],
  'soc-at-start': ['50 apples', 'lots', -1],
  'roundtrip-efficiency': [0, -1, 1.5, '190%', '0%'],
};

/** What a server may read as a number, a flag or a moment although it was written as text. */
const READABLE_TEXT = /^\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|true|false|t|f|yes|no|y|n|on|off)\s*$/i;

/** The JavaScript value that a reader of the JSON gets. */
const parsed = (value: unknown): unknown => JSON.parse(toJson(value)) as unknown;

/** JSON with the raw parts in it. */
export function toJson(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${toJson(field)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Values that a field of a JSON body surely cannot have, by its schema or by what the contract says of it. */
export function badValues(name: string, schema: Part, key: string): fc.Arbitrary<unknown> {
  const isBad = (value: unknown): boolean =>
    !(typeof value === 'string' && READABLE_TEXT.test(value) && !isText(schema)) &&
    // Flags may come as 0 and 1.
    !(schema['type'] === 'boolean' && (value === 0 || value === 1)) &&
    !isAccepted(key, schema, parsed(value));
  const format = schema['format'];
  const typed = format === 'date-time' ? MOMENTS : format === 'duration' ? DURATIONS : [];
  const constants = [...VALUES, ...typed].filter(isBad);
  const named = BY_NAME[name] ?? [];
  const random = fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
    )
    .filter(isBad);
  const sources = [
    ...(constants.length > 0 ? [{ arbitrary: fc.constantFrom(...constants), weight: 3 }] : []),
    ...(named.length > 0 ? [{ arbitrary: fc.constantFrom(...named), weight: 3 }] : []),
    ...(constants.length > 0 ? [{ arbitrary: random, weight: 1 }] : []),
  ];
  return fc.oneof(...sources);
}

const isText = ({ type, format }: Part): boolean => type === 'string' && format !== 'date-time';

const NO_NUMBERS = [
  'x',
  '1.5',
  '-1',
  '0',
  '1e400',
  'NaN',
  'null',
  'true',
  '1,2',
  '１',
  '0x10',
  "1' OR '1'='1",
  '1; DROP TABLE sensor',
  '__proto__',
  'constructor',
  '[object Object]',
  '1\u0000',
  '1\r\nX-Injected: yes',
  '../1',
  '-9223372036854775809',
  'x'.repeat(3000),
];
const NO_IDS = [...NO_NUMBERS, String(UNKNOWN_ID), '2147483648', '9223372036854775808', '9'.repeat(400)];
const NO_CHOICES = [
  'x',
  '',
  'maybe',
  '2',
  '-1',
  'null',
  '[]',
  'a\u0000b',
  '__proto__',
  'toString',
  'x'.repeat(3000),
];
const NO_UUIDS = [
  'x',
  '0',
  '-1',
  'null',
  '__proto__',
  "' OR 1=1",
  '00000000-0000-0000-0000-000000000000',
  '364bfd06-c1fa-430b-8d25-8f5a547651fb',
  '364bfd06-c1fa-430b-8d25-8f5a54765',
  'a\u0000b',
  'x'.repeat(3000),
];
const IDS = new Set(['id', 'account_id', 'source']);

/** Texts that a parameter of a path or a query surely cannot be, not yet escaped; empty where any text will do. */
export function badTexts(name: string, schema: Part): string[] {
  if (IDS.has(name)) return NO_IDS;
  if (name === 'uuid') return NO_UUIDS;
  if (name === 'sensor') return SENSORS.filter((value) => !(value instanceof RawJson)).map(String);
  if (name === 'unit') return UNITS;
  if (name === 'filter') return ['x'.repeat(300), 'a\u0000b'];
  if (schema['format'] === 'date-time') return MOMENTS;
  if (schema['format'] === 'duration' || name === 'horizon') return DURATIONS;
  if (schema['type'] === 'integer') return NO_NUMBERS;
  return schema['type'] === 'boolean' || schema['enum'] !== undefined ? NO_CHOICES : [];
}
