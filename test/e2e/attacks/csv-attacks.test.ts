import { Fresh, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';
import { expectWithinLimits, watchServer, withOrdinaryRequests } from '../../harness/attacks/attack';
import { isThorough, pickCases } from '../../harness/effort';
import { type ApiServer, startApi } from '../../harness/servers/api';

// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

const MEGABYTE = 1_000_000;
/** Half of the rows block the event loop as long as all of them if they block it. */
const SHARE = isThorough ? 1 : 0.5;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const filled = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));
const at = (ms: number): string => new Date(Date.UTC(2024, 0, 1) + ms).toISOString();
const rowsOf = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

/** The numbers below `count` in random order; the first hundred are ordered, so that they show the resolution. */
const shuffled = (count: number): number[] => {
  const scrambled = (i: number): number => {
    const half = Math.imul(i ^ (i >>> 16), 0x85eb_ca6b);
    return Math.imul(half ^ (half >>> 13), 0xc2b2_ae35) >>> 0;
  };
  const place = (i: number): number => (i < 100 ? i : 100 + scrambled(i));
  return Array.from({ length: count }, (_, i) => i).sort((one, other) => place(one) - place(other));
};

const PLAIN = 'when,what\n2024-01-01T00:00Z,1\n';
const ODD = 'when,"what ""exactly"""\n2024-01-01T00:00Z,1\n';
const TOO_LONG = /the line is too long for a CSV file(?:, or a quote is opened here but not closed)?\.$/;
const TOO_WIDE = /the line has more than 16,384 columns\.$/;
const NO_ROWS = /^The file has no rows\.$/;

interface CsvAttack {
  what: string;
  text: () => string;
  /** The expected error; undefined if the file is accepted. */
  reason?: RegExp;
  /** Resolution of the sensor; 15 minutes by default. */
  resolution?: string;
  fields?: Record<string, string>;
}

/** Files that cost the reader much time per byte. */
const LINES: CsvAttack[] = [
  { what: 'a million columns', text: () => filled(',', 20 * MEGABYTE), reason: TOO_WIDE },
  {
    what: 'a million columns after a quoted header',
    text: () => ODD + filled(',', 20 * MEGABYTE),
    reason: TOO_LONG,
  },
  {
    what: 'a header of a million columns',
    text: () => `a,${filled('b,', 20 * MEGABYTE)}\n${PLAIN}`,
    reason: TOO_WIDE,
  },
  { what: 'an endless line', text: () => PLAIN + filled('a', 40 * MEGABYTE), reason: TOO_LONG },
  { what: 'an endless cell', text: () => `${PLAIN}"${filled('a', 40 * MEGABYTE)}`, reason: TOO_LONG },
  {
    what: 'a cell of a million lines',
    text: () => `${PLAIN}"${filled('a\n', 20 * MEGABYTE)}`,
    reason: TOO_LONG,
  },
  { what: 'empty lines', text: () => filled('\n', 20 * MEGABYTE), reason: NO_ROWS },
  { what: 'empty lines that end with CR', text: () => filled('\r', 20 * MEGABYTE), reason: NO_ROWS },
  {
    what: 'lines of blanks',
    text: () => filled(`${' '.repeat(999)}\n`, 40 * MEGABYTE),
    reason: NO_ROWS,
  },
  {
    what: 'ten million lines to skip',
    text: () => filled('a\n', 20 * MEGABYTE),
    fields: { skiprows: '1000000000' },
    reason: /^The file has no rows after the 1000000000 to skip\.$/,
  },
  {
    what: 'an endless line to skip',
    text: () => filled('a', 20 * MEGABYTE),
    fields: { skiprows: '1' },
    reason: TOO_LONG,
  },
  { what: 'rows without a value', text: () => PLAIN + filled(',\n', 4 * MEGABYTE) },
  { what: 'rows with a date only', text: () => filled('2024-01-01T00:00Z,\n', SHARE * 20 * MEGABYTE) },
  { what: 'doubled quotes', text: () => ODD + filled('"",""\n', SHARE * 6 * MEGABYTE) },
];

/** Files whose rows cause much work, or many events, for the sensor. */
const EVENTS: CsvAttack[] = [
  {
    what: 'instants in random order',
    resolution: '0',
    text: () =>
      shuffled(SHARE * 200_000)
        .map((i) => `${at(i * MINUTE_MS)},1\n`)
        .join(''),
  },
  {
    what: 'instants at different distances',
    resolution: '0',
    text: () => rowsOf(SHARE * 600_000, (i) => `${at(i * i)},1`),
  },
  {
    what: 'parts of long events in random order',
    resolution: '1 day',
    text: () =>
      shuffled(SHARE * 259_200)
        .map((i) => `${at(i * 10_000)},1\n`)
        .join(''),
  },
  {
    what: 'one long event of many parts, each with a belief time of its own',
    resolution: '1 day',
    fields: { beliefcol: '2' },
    text: () =>
      rowsOf(80_000, (i) => `${at(i * 1000)},1,${at(0)}`) +
      rowsOf(80_000, (i) => `${at(0)},1,${at(i * 1000 + 1)}`),
    reason: /^The file has too many belief times about the parts of the event at /,
  },
  {
    what: 'events of a thousand years',
    resolution: '1 minute',
    text: () => rowsOf(3, (i) => `${at((i - 1) * 365_000 * DAY_MS)},1`),
    reason: /^The events of the file split into more than 5,000,000 events of the sensor\.$/,
  },
  {
    what: 'weeks for a sensor of minutes',
    resolution: '1 minute',
    text: () => rowsOf(60, (i) => `${at(i * 7 * DAY_MS)},1`),
  },
];

describe('CSV files that attack the server', () => {
  let scene: Scene<ApiServer>;
  let fresh: Fresh;
  let honestSensor: number;

  beforeAll(async () => {
    scene = await startScene({}, startApi);
    fresh = new Fresh(scene.sql);
    honestSensor = await fresh.sensor(1);
  });
  afterAll(() => scene.stop());

  async function upload(person: Person, sensor: number, text: string, fields: Record<string, string> = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([text]), 'data.csv');
    const response = await scene.api.fetch(
      new Request(`${scene.api.url}/api/v3_0/sensors/${sensor}/data`, {
        method: 'POST',
        headers: { Authorization: scene.tokenOf(person) },
        body: form,
      }),
    );
    const body = (await response.json()) as { message: string | { form: { file: string[] } } };
    const reason = typeof body.message === 'string' ? body.message : body.message.form.file.join();
    return { status: response.status, reason };
  }

  async function attack({ text, fields, resolution = '15 minutes' }: CsvAttack) {
    const sensor = await fresh.sensor(2);
    await scene.sql.query('UPDATE sensor SET event_resolution = $1::interval WHERE id = $2', [
      resolution,
      sensor,
    ]);
    return upload('stranger', sensor, text(), fields);
  }

  it.each(pickCases([...LINES, ...EVENTS], 7))('answers $what while it serves other users', async (given) => {
    const seen = await watchServer(scene.api, () =>
      withOrdinaryRequests(
        () => attack(given),
        () => upload('accountAdmin', honestSensor, PLAIN),
      ),
    );
    const { result, honest } = seen.result;
    if (given.reason)
      expect(result).toEqual({ status: 422, reason: expect.stringMatching(given.reason) as string });
    else expect(result).toEqual({ status: 200, reason: expect.stringMatching(/processed/) as string });
    expect(new Set(honest.map(({ status }) => status))).toEqual(new Set([200]));
    expectWithinLimits(seen);
  });
});
