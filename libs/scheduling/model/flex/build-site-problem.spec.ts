import { HighsSolver } from '#lib/solver';
import { quantityTo } from '#lib/units';
import { parseDurationMs } from '#lib/time';
import { type Recording, withRecordings } from '../../../../test/golden/recorded-case';
import {
  fieldsOf,
  isDevice,
  withIds,
  withoutField,
  SITE_CASES_START,
  type SiteCase,
  type SiteCaseModel,
  siteCaseFields,
  siteCases,
} from '../../../../test/golden/site-case';
import { checkSchedule } from '../site/evaluate/check-schedule';
import { scheduleSequentially, scheduleSite, type SiteProblem, type SiteSchedule } from '..';
import { buildSiteProblem } from './build-site-problem';
import { FLEX_FIELDS, isSensorId, VARIABLE_TYPES } from './fields';

const solver = new HighsSolver();
const noSensor = () => Promise.reject(new Error('There are no sensors here.'));

async function problemOf(one: SiteCase, recordings = new Map<string, Recording>()): Promise<SiteProblem> {
  const window = {
    startMs: Date.parse(SITE_CASES_START),
    stepMs: parseDurationMs(one.step),
    steps: one.steps,
    timezone: 'UTC',
  };
  const names = [
    ...one.flexModels.map(({ name }) => name),
    ...[...Object.keys(one.recordings ?? {}), ...recordings.keys()],
    'heat',
  ];
  const idOf = (_kind: string, name: string) => names.indexOf(name) + 1;
  const describe = (model: SiteCaseModel) => ({
    ...{ id: model.name, name: model.name, path: `${model.name}.` },
    flexModel: withIds(fieldsOf(model), idOf),
    attributes: one.attributes?.[model.name] ?? {},
  });
  const [groups, stocks] = [one.flexModels.filter(({ isGroup }) => isGroup), one.flexModels.filter(isStock)];
  const description = {
    devices: one.flexModels.filter(isDevice).map((model) => ({
      ...describe(model),
      sensorId: model.hasSensor === false ? undefined : idOf('sensor', model.name),
      isStorageType: one.storageTypes?.includes(model.name) ?? false,
      readPower: noSensor,
    })),
    groups: groups.map((model) => {
      const kind = model.hasSensor === false ? 'asset' : 'sensor';
      return { ...describe(model), key: `${kind} ${idOf(kind, model.name)}` };
    }),
    stocks: stocks.map(describe),
    flexContext: withIds(one.flexContext, idOf),
    attributes: one.contextAttributes ?? {},
    inflexiblePowerMw: one.inflexible && Float64Array.from(one.inflexible),
    unitOfSensor: (id: number) => Promise.resolve(recordings.get(names[id - 1]!)!.unit),
  };
  const { problem } = await buildSiteProblem(description, {
    window,
    readSensor: (id, unit) => {
      const recording = recordings.get(names[id - 1]!);
      if (!recording) return Promise.resolve(recorded(one, names[id - 1]!, window));
      const lengthMs = recording.isInstantaneous ? 0 : window.stepMs;
      const intervals = recording.events.map(({ startMs, value }) => ({
        ...{ startMs, endMs: startMs + lengthMs },
        value: quantityTo(`${value} ${recording.unit}`, unit),
      }));
      return Promise.resolve(intervals);
    },
    warn: () => undefined,
  });
  return problem;
}

const isStock = (model: SiteCaseModel): boolean => !model.isGroup && !isDevice(model);

/** The values of a recording, one per step. */
function recorded(one: SiteCase, name: string, { startMs, stepMs }: { startMs: number; stepMs: number }) {
  const values = one.recordings?.[name];
  if (!values) throw new Error(`${name} is not recorded.`);
  return values.map((value, t) => ({
    startMs: startMs + t * stepMs,
    endMs: startMs + (t + 1) * stepMs,
    value,
  }));
}

const powersOf = (schedule: SiteSchedule) => schedule.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);

describe('buildSiteProblem', () => {
  it('has a golden case for each field, except for ids of sensors and sensors that are written to', () => {
    const tested = new Set(
      siteCaseFields.map(([, field]) => field.replace(/^(?!context:)[^:]+:/, 'device:')),
    );
    const named = (prefix: string, group: keyof typeof FLEX_FIELDS) =>
      Object.entries(FLEX_FIELDS[group]).flatMap(([name, field]) =>
        isSensorId(field) || field.type === 'output-sensor' ? [] : [`${prefix}:${name}`],
      );
    const all = [...named('device', 'flex-model'), ...named('context', 'flex-context')];
    expect(all.filter((field) => !tested.has(field))).toEqual([]);
  });

  it.each(siteCases)('gives the expected schedule in golden case $id', async (one) => {
    await expectCalculated(one, await problemOf(one));
  });

  it.each(siteCases.map(withRecordings).filter(({ fields }) => fields.length > 0))(
    'gives the expected schedule in golden case $recorded.id from sensors: $fields',
    async ({ recorded: one, recordings }) => {
      await expectCalculated(one, await problemOf(one, recordings));
    },
  );

  it('has a golden case with a sensor for each field that takes one and is read from it', () => {
    const tested = new Set(
      siteCases.flatMap((one) =>
        withRecordings(one).fields.map((field) =>
          field
            .replace(/^(?!context:)[^:]+:/, 'device:')
            .replace(/^context:commodities\.\d+\./, 'context:')
            .replace(/\.\d+$/, ''),
        ),
      ),
    );
    const variable = (prefix: string, group: keyof typeof FLEX_FIELDS) =>
      Object.entries(FLEX_FIELDS[group]).flatMap(([name, { type }]) =>
        VARIABLE_TYPES.includes(type) && type !== 'state-of-charge' ? [`${prefix}:${name}`] : [],
      );
    const all = [...variable('device', 'flex-model'), ...variable('context', 'flex-context')];
    const parts = ['baseline', 'up-price', 'down-price'].map((name) => `context:commitments.0.${name}`);
    expect([...all, ...parts].filter((field) => !tested.has(field))).toEqual([]);
  });

  async function expectCalculated(one: SiteCase, problem: SiteProblem): Promise<void> {
    const schedule = await scheduleSite(problem, solver);
    expect(schedule).toMatchObject({ fallback: false, warnings: [] });
    expect(checkSchedule(problem, powersOf(schedule), 1e-8)).toEqual([]);
    for (const [name, power] of Object.entries(one.expected.power ?? {})) {
      const own = [...schedule.devices, ...(schedule.groups ?? [])].find(({ id }) => id === name)!;
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
  }

  it.each(siteCaseFields)('changes the result of golden case %s without %s', async (_id, field, one) => {
    const outcome = async (given: SiteCase) => {
      try {
        const { cost, devices } = await scheduleSite(await problemOf(given), solver);
        return [cost, ...devices.flatMap(({ powerMw }) => [...powerMw])].map((value) => value.toFixed(5));
      } catch (error) {
        return String(error);
      }
    };
    expect(await outcome(withoutField(one, field))).not.toEqual(await outcome(one));
  });

  it('leaves earlier devices no reason to share a capacity in a sequential schedule', async () => {
    const one = siteCases.find(({ id }) => id === 'site-capacities-shared')!;
    const problem = await problemOf(one);
    const result = await scheduleSequentially(problem, solver);
    // The first takes its whole MWh at 10 and sells it; the other gets what is left: 0.5 MWh at 10 and 0.3 at 20.
    expect([...result.devices[0]!.powerMw]).toEqual([1, 0, -1]);
    expect(result.cost).toBeCloseTo(-69, 6);
    expect(result).toMatchObject({ method: 'sequential', fallback: false });
  });
});
