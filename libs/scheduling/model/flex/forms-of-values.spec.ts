import fc from 'fast-check';
import { isThorough, scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import {
  type Form,
  type Forms,
  MINUTE_MS,
  readForms,
  START,
} from '../../../../test/harness/scheduling/flex-forms';
import type { SiteProblem } from '..';
import { FLEX_FIELDS, VARIABLE_TYPES } from './fields';
import type { ValueInterval } from './values/intervals';

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

describe('case 4: sensors mean the same as a list or a constant', () => {
  /** Every field of the table whose value may change over time. */
  const FIELDS = (['flex-model', 'flex-context'] as const).flatMap((table) =>
    Object.entries(FLEX_FIELDS[table])
      .filter(([, { type }]) => VARIABLE_TYPES.includes(type))
      .map(([name, { measure }]) => ({
        name,
        unit: UNITS[measure!]!,
        group: table === 'flex-model' ? ('flexModel' as const) : ('flexContext' as const),
      })),
  );

  /** Fields of groups, and parts of commitments. */
  const RELATED = [
    ...['power-capacity', 'consumption-capacity', 'production-capacity'].map((name) => ({
      name,
      unit: 'MW',
      group: 'group' as const,
    })),
    { name: 'baseline', unit: 'MW', group: 'commitment' as const },
    ...['up-price', 'down-price'].map((name) => ({ name, unit: 'EUR/MWh', group: 'commitment' as const })),
  ];

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
    group: { 'power-capacity': '20 MW' },
    commitment: { baseline: '1 MW', 'up-price': '2 EUR/MWh', 'down-price': '1 EUR/MWh' },
  };

  const formsOf = ({ name, group }: (typeof FIELDS | typeof RELATED)[number], form: Form): Forms => {
    const isRelated = group === 'group' || group === 'commitment';
    return {
      ...{ flexModel: COMPANIONS.flexModel, flexContext: COMPANIONS.flexContext },
      ...(isRelated && { group: COMPANIONS.group, commitment: COMPANIONS.commitment }),
      [group]: { ...COMPANIONS[group], [name]: form },
    };
  };

  const LENGTHS = [0, 5, 10, 15, 20, 30, 60, 90, 180, 1440];
  const example = fc.record({
    field: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...FIELDS) }, fc.constantFrom(...RELATED)),
    stepMinutes: fc.constantFrom(5, 15, 30, 60),
    steps: fc.integer({ min: 1, max: 12 }),
    eventMinutes: fc.constantFrom(...LENGTHS),
    shiftMinutes: fc.integer({ min: 0, max: 59 }),
    values: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 8, maxLength: 8 }),
    isConstant: fc.boolean(),
  });

  /** What sensor and list say: events that cover the window and more, or an instant in every step. */
  const intervalsOf = (given: typeof example extends fc.Arbitrary<infer T> ? T : never): ValueInterval[] => {
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
          onSteps((await readForms({ ...window, ...formsOf(field, form) })).problem);
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
        const readForm = (form: Form) => readForms({ ...window, ...formsOf(field, form) });
        const bySensor = await readForm({ events: kept, default: `${otherwise} ${field.unit}` });
        expect(bySensor.problem).toEqual((await readForm({ list, unit: field.unit })).problem);
        expect(bySensor.warnings).toEqual([]);
      }),
      { numRuns: isThorough ? scaledRuns(2000) : scaledRuns(300), seed: seedOrDefault(5) },
    );
  });
});
