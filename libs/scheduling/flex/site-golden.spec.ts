import { HighsSolver } from '#lib/solver';
import { parseDurationMs } from '#lib/time';
import golden from '../../../test/golden/site-cases.json';
import { scheduleSequentially, scheduleSite, type SiteProblem, type SiteSchedule } from '../model';
import { checkSite } from '../model/site/check-site';
import { siteProblemOf } from './site-problem-of';

type Words = Record<string, unknown>;

interface SiteCase {
  id: string;
  /** `context:<field>`, `<device>:<field>` or `attributes:<device or site>:<name>`. */
  fields: string[];
  step: string;
  steps: number;
  flexContext: Words;
  contextAttributes?: Words;
  flexModels: (Words & { name: string })[];
  attributes?: Record<string, Words>;
  storageTypes?: string[];
  inflexible?: number[];
  expected: {
    power?: Record<string, number[]>;
    net?: number[];
    cost: number;
    commitments?: Record<string, number>;
  };
  /** What to give a field instead of leaving it out, where it cannot be left out. */
  variants?: Record<string, unknown>;
}

const solver = new HighsSolver();
const cases = golden.cases as unknown as SiteCase[];
const noSensor = () => Promise.reject(new Error('There are no sensors here.'));

async function problemOf(one: SiteCase): Promise<SiteProblem> {
  const window = {
    startMs: Date.parse(golden.start),
    stepMs: parseDurationMs(one.step),
    steps: one.steps,
    timezone: 'UTC',
  };
  const description = {
    devices: one.flexModels.map(({ name, ...flexModel }) => ({
      name,
      flexModel,
      attributes: one.attributes?.[name] ?? {},
      isStorageType: one.storageTypes?.includes(name) ?? false,
      readPower: noSensor,
    })),
    flexContext: one.flexContext,
    attributes: one.contextAttributes ?? {},
    inflexiblePowerMw: one.inflexible && Float64Array.from(one.inflexible),
    unitOfSensor: noSensor,
  };
  const { problem } = await siteProblemOf(description, {
    window,
    readSensor: noSensor,
    warn: () => undefined,
  });
  return problem;
}

const powersOf = (schedule: SiteSchedule) => schedule.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);

/** The case with one field left out, or given as its variant says. */
function changed(one: SiteCase, field: string): SiteCase {
  const copy = structuredClone(one);
  const [group, name, attribute] = field.split(':') as [string, string, string?];
  const inAttributes = name === 'site' ? (copy.contextAttributes ??= {}) : copy.attributes?.[name];
  const words =
    group === 'context'
      ? copy.flexContext
      : group === 'attributes'
        ? inAttributes!
        : copy.flexModels.find((model) => model.name === group)!;
  const key = attribute ?? name;
  expect(words).toHaveProperty([key]);
  if (one.variants && field in one.variants) words[key] = one.variants[field];
  else Reflect.deleteProperty(words, key);
  return copy;
}

describe('sites in the words of users', () => {
  test.each(cases)('$id', async (one) => {
    const problem = await problemOf(one);
    const schedule = await scheduleSite(problem, solver);
    expect(schedule).toMatchObject({ fallback: false, warnings: [] });
    expect(checkSite(problem, powersOf(schedule), 1e-8)).toEqual([]);
    for (const [name, power] of Object.entries(one.expected.power ?? {})) {
      const own = schedule.devices.find((device) => device.name === name)!;
      power.forEach((mw, t) => {
        expect([name, t, own.powerMw[t]]).toEqual([name, t, expect.closeTo(mw, 5)]);
      });
    }
    one.expected.net?.forEach((mw, t) => {
      expect(schedule.netPowerMw[t]).toBeCloseTo(mw, 6);
    });
    expect(schedule.cost).toBeCloseTo(one.expected.cost, 5);
    const named = schedule.commitments.map(({ device, commitment, cost }) => [
      device === undefined ? commitment : `${device}: ${commitment}`,
      cost,
    ]);
    for (const [name, cost] of Object.entries(one.expected.commitments ?? {})) {
      expect(Object.fromEntries(named)).toHaveProperty([name], expect.closeTo(cost, 6));
    }
  });

  const fields = cases.flatMap((one) =>
    one.fields.map((field): [string, string, SiteCase] => [one.id, field, one]),
  );
  test.each(fields)('%s: %s matters', async (_id, field, one) => {
    const outcome = async (given: SiteCase) => {
      try {
        const { cost, devices } = await scheduleSite(await problemOf(given), solver);
        return [cost, ...devices.flatMap(({ powerMw }) => [...powerMw])].map((value) => value.toFixed(5));
      } catch (error) {
        return String(error);
      }
    };
    expect(await outcome(changed(one, field))).not.toEqual(await outcome(one));
  });

  test('one after another, devices do not make room for each other', async () => {
    const one = cases.find(({ id }) => id === 'site-capacities-shared')!;
    const problem = await problemOf(one);
    const result = await scheduleSequentially(problem, solver);
    // The first takes its whole MWh at 10 and sells it; the other gets what is left: 0.5 MWh at 10 and 0.3 at 20.
    expect([...result.devices[0]!.powerMw]).toEqual([1, 0, -1]);
    expect(result.cost).toBeCloseTo(-69, 6);
    expect(result).toMatchObject({ method: 'sequential', fallback: false });
  });
});
