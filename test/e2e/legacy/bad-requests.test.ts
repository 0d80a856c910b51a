import { oldOperations } from '../../harness/contract/contract';
import { isThorough, scaledRuns, seedOrDefault, timeoutMs } from '../../harness/effort';
import { startLegacyScene, type LegacyScene } from '../../harness/scenes/legacy-scene';
import * as seed from './seed-messages';

jest.setTimeout(timeoutMs(600_000));

const OPERATIONS = oldOperations();
const COUNT = scaledRuns(isThorough ? 600 : 300);
const SEED = seedOrDefault(20_260_201);
const CONNECTIONS = 6;

/** Messages from which bad ones are made, by operation; others start from an empty message. */
const MESSAGES: Record<string, object> = {
  getMeterData: seed.GET_METER_DATA,
  getMeterDataByPost: seed.GET_METER_DATA,
  getPrognosis: seed.GET_PROGNOSIS,
  postMeterData: seed.POST_METER_DATA,
  postPrognosis: seed.POST_PROGNOSIS,
  postPriceData: seed.POST_PRICE_DATA,
  postWeatherData: seed.POST_WEATHER_DATA,
  postUdiEvent: seed.POST_UDI_EVENT_WITH_TARGETS,
  getDeviceMessage: seed.GET_DEVICE_MESSAGE,
  postAssets: {
    name: 'x',
    asset_type: 'battery',
    unit: 'kW',
    owner_id: 1,
    market_id: 11,
    event_resolution: 5,
    capacity_in_mw: 1,
  },
  patchAsset: { latitude: 1, owner_id: 1 },
  patchUser: { timezone: 'UTC' },
};

const FIELDS = [
  'connection',
  'connections',
  'event',
  'horizon',
  'prior',
  'resolution',
  'source',
  'soc_min',
  'soc_max',
  'roundtrip_efficiency',
  'targets',
  'id',
  'owner_id',
  'account_id',
  '__proto__',
  'constructor',
];

const { HOST } = seed;

const VALUES: unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    -1e-320,
    2 ** 53,
    2_147_483_648,
    'NaN',
    'Infinity',
    '',
    ' ',
    'x'.repeat(5000),
  ],
  ...[
    [],
    {},
    [[]],
    [null],
    [{}],
    { $gt: '' },
    ['CS 1', 3],
    [1, 'x'],
    [{ value: 1 }],
    'a\u0000b',
    '\uD800',
    '%00',
  ],
  ...['P1Y', 'P100000D', 'PT0S', '-PT1H', 'PT1E9H', 'P', 'R/PT1H', '-R/P1D', 'R999999999/PT1H', 'PT1H'],
  ...[
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2015-01-01',
    '2015-02-30T00:00:00Z',
    '2015-01-01T00:00:00+99:00',
  ],
  ...[
    `${HOST}:fm1.999999999999999`,
    `${HOST}:fm1.2147483648`,
    `${HOST}:1:1:999999999999999:soc`,
    `${HOST}:temperature:91:181`,
  ],
  ...[
    `${HOST}:temperature:0:0`,
    `${HOST}:epex_da`,
    `${HOST}:fm1.1`,
    'ea1.2021-01.:fm1.1',
    "'; DROP TABLE sensor; --",
    '../../etc/passwd',
  ],
];

/** Pseudo-random numbers (mulberry32). */
function random(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A message with one to three fields changed, added or removed, also in its groups. */
function changed(message: object, below: (count: number) => number): unknown {
  const copy = JSON.parse(JSON.stringify(message)) as Record<string, unknown>;
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const inner = [copy['groups'], copy['targets']].find(Array.isArray) as
      Record<string, unknown>[] | undefined;
    const target = inner?.[0] && typeof inner[0] === 'object' && below(3) === 0 ? inner[0] : copy;
    const names = [...Object.keys(target), ...FIELDS];
    const name = names[below(names.length)]!;
    const value = VALUES[below(VALUES.length)];
    if (below(5) === 0) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

const BODIES = [
  '',
  '[]',
  '{',
  'null',
  '"x"',
  '[1]',
  '{"type":',
  '\u0000',
  '{"groups":[[[[[[]]]]]]}',
  '['.repeat(5000),
];

describe(`The versions before 3 with random requests (TEST_SEED=${SEED})`, () => {
  let scene: LegacyScene;

  beforeAll(async () => {
    scene = await startLegacyScene();
  });
  afterAll(() => scene.stop());

  it('answer as their contracts say, and never with an internal error', async () => {
    const below = random(SEED);
    const faults = new Map<string, string>();
    const statuses = new Map<number, number>();
    const requests = Array.from({ length: COUNT }, (_, i) => {
      const operation = OPERATIONS[i % OPERATIONS.length]!;
      const message = changed(MESSAGES[operation.operationId] ?? {}, below);
      const text = below(10) === 0 ? BODIES[below(BODIES.length)] : JSON.stringify(message);
      return { operation, message, text, id: [1, 10, 11, 0, 99_999, 'x'][below(6)]! };
    }).values();
    const work = async (): Promise<void> => {
      for (const { operation, message, text, id } of requests) {
        const { method, operationId } = operation;
        const path = operation.path.replace('{id}', String(id));
        // These would end the tokens of the test.
        if (operationId === 'resetUserPassword') continue;
        const token = scene.tokenOf(operationId === 'postAssets' ? 'admin' : 'member');
        const query = new URLSearchParams(
          Object.entries(message as object).map(([name, value]: [string, unknown]): [string, string] => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value ?? null),
          ]),
        ).toString();
        const answer = await scene.api
          .request(method, method === 'GET' ? `${path}?${query}` : path, {
            token,
            text: method === 'GET' ? undefined : text,
          })
          .catch((error: unknown) => String(error));
        if (typeof answer !== 'string') statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const isFault = typeof answer === 'string' || answer.status >= 500;
        if (isFault)
          faults.set(
            `${method} ${operation.path}`,
            `${JSON.stringify(answer).slice(0, 600)} to ${text?.slice(0, 300)} ${query.slice(0, 300)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    expect(Object.fromEntries(faults)).toEqual({});
    expect(statuses.get(400)).toBeGreaterThan(COUNT / 4);
    expect(statuses.get(200)).toBeGreaterThan(0);
  });
});
