import fc from 'fast-check';
import { isThorough, scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import type { SiteProblem } from '..';
import { buildSiteProblem } from './build-site-problem';
import { FLEX_FIELDS, findFlexField, VARIABLE_TYPES } from './fields';
import type { ValueInterval } from './values/intervals';

const START = Date.parse('2026-12-01T00:00:00+01:00');
const MINUTE_MS = 60_000;

/** How one quantity is given: a constant, a list, or events of a sensor. */
type Form = string | { list: ValueInterval[]; unit: string } | { events: ValueInterval[]; default?: string };

interface Forms {
  steps?: number;
  stepMs?: number;
  flexModel?: Record<string, Form>;
  flexContext?: Record<string, Form>;
}

const time = (ms: number) => new Date(ms).toISOString();

/** Reads a battery of 50 kWh and 10 kW whose fields are given in some forms; sensors have the unit that is read. */
async function read({ steps = 4, stepMs = 60 * MINUTE_MS, flexModel = {}, flexContext = {} }: Forms) {
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
    flexModel: written(flexModel),
    readPower: () => Promise.reject(new Error('It is a storage.')),
  };
  const site = {
    devices: [device],
    flexContext: { 'consumption-price': '1 EUR/MWh', ...written(flexContext) },
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
const events = (minutes: number, values: number[], fromMinutes = 0): ValueInterval[] =>
  values
    .map((value, i) => {
      const startMs = START + (fromMinutes + i * minutes) * MINUTE_MS;
      return { startMs, endMs: startMs + minutes * MINUTE_MS, value };
    })
    .filter(({ value }) => !Number.isNaN(value));

const UNITS: Record<string, string> = {
  energy: 'MWh',
  power: 'MW',
  share: '',
  'price of energy': 'EUR/MWh',
  'price of power': 'EUR/MW',
};

/** A problem whose prices of breaches and peaks are one number per step, also constant ones. */
function onSteps(problem: SiteProblem): unknown {
  const names = ['highest', 'perHour', 'pricePerMw', 'previousMw'];
  const walk = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map(walk);
    return Object.fromEntries(
      Object.entries(value).map(([name, part]: [string, unknown]) => [
        name,
        names.includes(name) && typeof part === 'number'
          ? new Float64Array(problem.steps).fill(part)
          : walk(part),
      ]),
    );
  };
  return walk(problem);
}

describe('limits given by sensors', () => {
  it('case 2: lets the strictest of the minima and maxima hold that touch the end of a step', async () => {
    const quarters = (inside: number, outside: number) =>
      events(
        15,
        Array.from({ length: 16 }, (_, i) => (i >= 1 && i < 7 ? inside : outside)),
      );
    const { problem } = await read({
      flexModel: { 'soc-minima': { events: quarters(40, 0) }, 'soc-maxima': { events: quarters(10, 50) } },
    });
    expect(problem.devices[0]).toMatchObject({
      socMinima: { mwh: Float64Array.of(40, 40, 0, 0) },
      socMaxima: { mwh: Float64Array.of(10, 10, 50, 50) },
    });
  });

  it('case 3: lets the lowest capacity within a step hold', async () => {
    const { problem } = await read({
      flexContext: {
        'site-consumption-capacity': { events: events(15, [10, 10, 0, 10, ...Array<number>(12).fill(10)]) },
      },
    });
    expect(problem.consumptionCapacity).toMatchObject({ mw: Float64Array.of(0, 10, 10, 10) });
  });

  it('case 5: carries the last known capacity on, and the first one back, and says so', async () => {
    const unknown = [NaN, NaN];
    const { problem, warnings } = await read({
      steps: 7,
      flexContext: {
        'site-consumption-capacity': { events: events(60, [NaN, 5, ...unknown, 3, ...unknown]) },
      },
    });
    expect(problem.consumptionCapacity).toMatchObject({ mw: Float64Array.of(5, 5, 5, 5, 3, 3, 3) });
    expect(warnings).toEqual([
      'No values of site-consumption-capacity (sensor 1) known for the first step: the first known value was used.',
      'No values of site-consumption-capacity (sensor 1) known for 2 steps in between: the last value before was used.',
      'No values of site-consumption-capacity (sensor 1) known for the last 2 steps: the last known value was used.',
    ]);
  });

  it.each(['consumption-capacity', 'production-capacity', 'power-capacity', 'charging-efficiency'])(
    'case 5: carries %s on where it is not known',
    async (field) => {
      const { problem, warnings } = await read({ flexModel: { [field]: { events: events(60, [0.5]) } } });
      const known = await read({ flexModel: { [field]: { events: events(60, [0.5, 0.5, 0.5, 0.5]) } } });
      expect(problem).toEqual(known.problem);
      expect(warnings).toEqual([expect.stringContaining(field) as string]);
      expect(known.warnings).toEqual([]);
    },
  );

  it('reads capacities without their sign, and usage and gain with it', async () => {
    const values = [-3, 2, -0.5, 0];
    const { problem } = await read({
      flexModel: {
        'power-capacity': { events: events(60, values) },
        'soc-usage': { events: events(60, values) },
      },
      flexContext: { 'site-production-capacity': { events: events(60, values) } },
    });
    expect(problem.productionCapacity?.mw).toEqual(Float64Array.of(3, 2, 0.5, 0));
    expect(problem.devices[0]).toMatchObject({
      chargePowerMaxMw: Float64Array.of(3, 2, 0.5, 0),
      stockInflowMw: Float64Array.of(3, -2, 0.5, 0),
    });
  });

  it('takes shares of a capacity that a sensor records, step by step', async () => {
    const { problem } = await read({
      flexModel: { 'power-capacity': { events: events(60, [8, 2, 0, 4]) }, 'consumption-capacity': '50%' },
      flexContext: {
        'site-power-capacity': { events: events(60, [6, 0, 2, 1]) },
        'site-production-capacity': '25%',
      },
    });
    expect(problem.productionCapacity?.mw).toEqual(Float64Array.of(1.5, 0, 0.5, 0.25));
    expect(problem.devices[0]).toMatchObject({ consumptionCapacity: { mw: Float64Array.of(4, 1, 0, 2) } });
  });

  it('case 5: carries the last capacity from before the window on, and says since when it was known', async () => {
    const capacityOf = async (given: ValueInterval[]) => {
      const { problem, warnings } = await read({
        flexContext: { 'site-consumption-capacity': { events: given } },
      });
      return { mw: problem.consumptionCapacity?.mw, warnings };
    };
    const before = events(60, [7], -180);
    const since = 'the last known value before, of 2026-11-30T21:00:00+01:00, was used.';
    expect(await capacityOf(before)).toEqual({
      mw: Float64Array.of(7, 7, 7, 7),
      warnings: [`No values of site-consumption-capacity (sensor 1) known for the first 4 steps: ${since}`],
    });
    expect(await capacityOf([...before, ...events(60, [3], 120)])).toEqual({
      mw: Float64Array.of(7, 7, 3, 3),
      warnings: [
        `No values of site-consumption-capacity (sensor 1) known for the first 2 steps: ${since}`,
        'No values of site-consumption-capacity (sensor 1) known for the last step: the last known value was used.',
      ],
    });
    expect((await capacityOf([])).warnings).toEqual([
      'No values of site-consumption-capacity (sensor 1) known: it was ignored.',
    ]);
  });

  it.each(['site-peak-consumption-price', 'site-consumption-breach-price'])(
    'plans as if there was no %s, with a warning, if its sensor has no data',
    async (name) => {
      const flexContext = { 'site-consumption-capacity': '3 MW', [name]: { events: [] } };
      const { problem, warnings } = await read({ flexContext });
      expect(problem.consumptionPeak).toBeUndefined();
      expect(problem.consumptionCapacity).toMatchObject({
        mw: Float64Array.of(3, 3, 3, 3),
        breach: undefined,
      });
      expect(warnings).toEqual([`No prices of ${name} (sensor 1) known: it was ignored.`]);
    },
  );

  it('takes the default of a sensor of prices that has no data', async () => {
    const price = { events: [], default: '5 EUR/MW' };
    const { problem, warnings } = await read({ flexContext: { 'site-peak-consumption-price': price } });
    expect(problem.consumptionPeak).toEqual({ previousMw: 0, pricePerMw: Float64Array.of(5, 5, 5, 5) });
    expect(warnings).toEqual([]);
  });

  it('takes the latest known peak before the window as the peak so far, without a word', async () => {
    const { problem, warnings } = await read({
      flexContext: {
        'site-peak-consumption-price': '2 EUR/MW',
        'site-peak-consumption': { events: events(60, [7], -180) },
      },
    });
    expect(problem.consumptionPeak).toEqual({ previousMw: Float64Array.of(7, 7, 7, 7), pricePerMw: 2 });
    expect(warnings).toEqual([]);
  });

  it('does not carry prices and limits of the stock on from before the window', async () => {
    const { problem } = await read({
      flexModel: {
        'soc-minima': { events: events(60, [20], -180) },
        'soc-targets': { events: events(60, [9], -180) },
      },
      flexContext: { 'consumption-price': { events: [...events(60, [9], -180), ...events(60, [4], 60)] } },
    });
    expect(problem.consumptionPrices).toEqual(Float64Array.of(4, 4, 4, 4));
    expect(problem.devices[0]).toMatchObject({
      socMinima: { mwh: Float64Array.of(NaN, NaN, NaN, NaN) },
      socTargets: [],
    });
  });

  it('case 7: takes a constant where a series of states of charge is allowed', async () => {
    const flexModel = { 'soc-minima': '5 kWh', 'soc-maxima': '50%', 'soc-targets': '20 MWh' };
    const { problem } = await read({ steps: 2, flexModel });
    expect(problem.devices[0]).toMatchObject({
      socMinima: { mwh: Float64Array.of(0.005, 0.005) },
      socMaxima: { mwh: Float64Array.of(25, 25) },
      socTargets: [
        { step: 1, socMwh: 20 },
        { step: 2, socMwh: 20 },
      ],
    });
  });

  it('case 5: says that limits of the stock are not known', async () => {
    const { problem, warnings } = await read({ flexModel: { 'soc-minima': { events: events(60, [20]) } } });
    expect(problem.devices[0]).toMatchObject({ socMinima: { mwh: Float64Array.of(20, NaN, NaN, NaN) } });
    expect(warnings).toEqual([
      'No values of soc-minima (sensor 1) known in 3 of 4 steps: soc-min holds there.',
    ]);
  });

  describe('case 4: mean the same as a list or a constant', () => {
    /** Every field of the table whose value may change over time. */
    const FIELDS = (['flex-model', 'flex-context'] as const).flatMap((table) =>
      Object.entries(FLEX_FIELDS[table])
        .filter(([, { type }]) => VARIABLE_TYPES.includes(type))
        .map(([name, { measure }]) => ({
          name,
          unit: UNITS[measure!]!,
          group: table === 'flex-model' ? 'flexModel' : 'flexContext',
        })),
    );

    it('is tested for all of them', () => {
      expect(FIELDS.length).toBeGreaterThanOrEqual(25);
    });

    /** What else a field needs to have an effect on the problem. */
    const COMPANIONS: Forms = {
      flexModel: {
        'soc-minima': '1 MWh',
        'soc-maxima': '49 MWh',
        'consumption-capacity': '9 MW',
        'production-capacity': '9 MW',
      },
      flexContext: {
        ...{ 'site-consumption-capacity': '20 MW', 'site-production-capacity': '20 MW' },
        ...{ 'site-peak-consumption-price': '1 EUR/MW', 'site-peak-production-price': '1 EUR/MW' },
      },
    };

    const formsOf = ({ name, group }: (typeof FIELDS)[number], form: Form): Forms => ({
      flexModel: { ...COMPANIONS.flexModel, ...(group === 'flexModel' && { [name]: form }) },
      flexContext: { ...COMPANIONS.flexContext, ...(group === 'flexContext' && { [name]: form }) },
    });

    const LENGTHS = [0, 5, 10, 15, 20, 30, 60, 90, 180, 1440];
    const example = fc.record({
      field: fc.constantFrom(...FIELDS),
      stepMinutes: fc.constantFrom(5, 15, 30, 60),
      steps: fc.integer({ min: 1, max: 12 }),
      eventMinutes: fc.constantFrom(...LENGTHS),
      shiftMinutes: fc.integer({ min: 0, max: 59 }),
      values: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 8, maxLength: 8 }),
      isConstant: fc.boolean(),
    });

    /** What sensor and list say: events that cover the window and more, or an instant in every step. */
    const intervalsOf = (
      given: typeof example extends fc.Arbitrary<infer T> ? T : never,
    ): ValueInterval[] => {
      const { stepMinutes, steps, eventMinutes, shiftMinutes, values, isConstant, field } = given;
      const spacing = eventMinutes || stepMinutes;
      const count = Math.ceil((stepMinutes * steps + 60) / spacing) + 2;
      return Array.from({ length: count }, (_, i) => {
        const number = isConstant ? values[0]! : values[i % values.length]!;
        const value = field.unit === '' ? number / 10 : number;
        const shift = eventMinutes ? shiftMinutes % spacing : shiftMinutes % stepMinutes;
        const startMs = START + (shift - (eventMinutes ? spacing : 0) + i * spacing) * MINUTE_MS;
        return { startMs, endMs: startMs + eventMinutes * MINUTE_MS, value };
      });
    };

    it('whatever the length and alignment of its events', async () => {
      await fc.assert(
        fc.asyncProperty(example, async (given) => {
          const { field, stepMinutes, steps, isConstant, eventMinutes } = given;
          // Targets of a list that contradict each other are told; of a sensor, the latest counts.
          if (field.name === 'soc-targets' && !isConstant) return;
          const { unit } = field;
          const intervals = intervalsOf(given);
          if (field.name === 'state-of-charge' && intervals[0]!.startMs > START) return;
          const window = { steps, stepMs: stepMinutes * MINUTE_MS };
          const problemOf = async (form: Form) =>
            onSteps((await read({ ...window, ...formsOf(field, form) })).problem);
          const bySensor = await problemOf({ events: intervals });
          // A list keeps repeated targets apart.
          if (field.name !== 'soc-targets')
            expect(bySensor).toEqual(await problemOf({ list: intervals, unit }));
          if (isConstant && eventMinutes > 0) {
            expect(bySensor).toEqual(await problemOf(`${intervals[0]!.value} ${unit}`));
          }
        }),
        { numRuns: isThorough ? scaledRuns(2000) : scaledRuns(600), seed: seedOrDefault(4) },
      );
    });

    it('with a default wherever the sensor has no data', async () => {
      const withGaps = fc.record({
        given: example,
        known: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      });
      await fc.assert(
        fc.asyncProperty(withGaps, async ({ given, known }) => {
          const { field, stepMinutes, steps, eventMinutes } = given;
          // The state at the start is one value, and targets of a list and of a sensor differ at the same instant.
          if (eventMinutes === 0 || /^(?:state-of-charge|soc-targets)$/.test(field.name)) return;
          const kept = intervalsOf(given).filter((_, i) => known[i % known.length]);
          const otherwise = field.unit === '' ? 0.5 : 4;
          const ends = [-1e9 + START, ...kept.flatMap(({ startMs, endMs }) => [startMs, endMs]), 1e9 + START];
          const gaps = Array.from({ length: ends.length / 2 }, (_, i) => ({
            ...{ startMs: ends[2 * i]!, endMs: ends[2 * i + 1]! },
            value: otherwise,
          })).filter(({ startMs, endMs }) => startMs < endMs);
          const list = [...kept, ...gaps].sort((one, other) => one.startMs - other.startMs);
          const window = { steps, stepMs: stepMinutes * MINUTE_MS };
          const readForm = (form: Form) => read({ ...window, ...formsOf(field, form) });
          const bySensor = await readForm({ events: kept, default: `${otherwise} ${field.unit}` });
          expect(bySensor.problem).toEqual((await readForm({ list, unit: field.unit })).problem);
          expect(bySensor.warnings).toEqual([]);
        }),
        { numRuns: isThorough ? scaledRuns(2000) : scaledRuns(300), seed: seedOrDefault(5) },
      );
    });
  });
});
