import { FlexReader } from './flex-reader';
import { findDueTargets, readSoc } from './soc-reader';

const START = Date.parse('2026-03-04T06:00Z');
const HOUR_MS = 3_600_000;
const BATTERY = { min_soc_in_mwh: 0.05, max_soc_in_mwh: 0.45 };

type Fields = Record<string, unknown>;

const at = (hours: number) => new Date(START + hours * HOUR_MS).toISOString();

const read = (flexModel: Fields, attributes: Fields = BATTERY, socUnit = 'MWh', warnings: string[] = []) =>
  readSoc(
    new FlexReader(
      flexModel,
      attributes,
      {
        window: { startMs: START, stepMs: HOUR_MS, steps: 4, timezone: 'UTC' },
        readSensor: () => Promise.reject(new Error('There are no sensors here.')),
        warn: (warning) => warnings.push(warning),
      },
      'flex-model',
    ),
    socUnit,
  );

describe('readSoc', () => {
  it('reads attributes if the flex-model has no states of charge', async () => {
    expect(await read({})).toMatchObject({
      socAtStartMwh: 0,
      socMinMwh: 0.05,
      socMaxMwh: 0.45,
      socTargets: [],
    });
  });

  it('reads percentages of the highest state of charge, quantities, and numbers in soc-unit', async () => {
    const atStart = async (flexModel: Fields, socUnit?: string) =>
      (await read(flexModel, BATTERY, socUnit)).socAtStartMwh;
    expect(await atStart({ 'soc-at-start': '50%' })).toBeCloseTo(0.225, 12);
    expect(await atStart({ 'soc-at-start': '225 kWh' })).toBeCloseTo(0.225, 12);
    expect(await atStart({ 'soc-at-start': 0.225 })).toBe(0.225);
    expect(await atStart({ 'soc-at-start': 225, 'soc-unit': 'kWh' })).toBeCloseTo(0.225, 12);
    expect(await atStart({ 'soc-at-start': 225 }, 'kWh')).toBeCloseTo(0.225, 12);
  });

  it('reads percentages of a soc-max that is stored in attributes', async () => {
    for (const attributes of [{ 'flex-model': { 'soc-max': '20 kWh' } }, { soc_max: '20 kWh' }])
      expect(await read({ 'soc-at-start': '50%' }, attributes)).toMatchObject({
        socAtStartMwh: 0.01,
        socMaxMwh: 0.02,
      });
  });

  it('reads the stored state of charge only if it is that of the start, with any UTC offset', async () => {
    const stored = (time: string) => ({ ...BATTERY, soc_datetime: time, soc_in_mwh: 0.3 });
    expect((await read({}, stored('2026-03-04T07:00:00+01:00'))).socAtStartMwh).toBe(0.3);
    expect((await read({}, stored('2026-03-04T07:15:00+01:00'))).socAtStartMwh).toBe(0);
  });

  it('takes the highest target as soc-max if there is no other', async () => {
    const targets = [1, 3, 2].map((value, i) => ({ value, datetime: at(i + 1) }));
    expect((await read({ 'soc-targets': targets }, {})).socMaxMwh).toBe(3);
    await expect(read({}, {})).rejects.toThrow('soc-max: needed');
  });

  it('reads targets at the ends of steps and keeps those that contradict each other', async () => {
    const targets = [
      { value: 0.1, datetime: at(0.5) },
      { value: 0.2, start: at(2), end: at(3) },
      { value: 0.3, datetime: at(3) },
    ];
    expect((await read({ 'soc-targets': targets })).socTargets).toEqual([
      { step: 1, socMwh: 0.1 },
      { step: 2, socMwh: 0.2 },
      { step: 3, socMwh: 0.2 },
      { step: 3, socMwh: 0.3 },
    ]);
  });

  it('case 6: takes a target that is above soc-max by a rounding error as soc-max', async () => {
    const target = (value: number) => ({ 'soc-max': 1.65, 'soc-targets': [{ value, datetime: at(2) }] });
    expect((await read(target(1.6500000000000004))).socTargets).toEqual([{ step: 2, socMwh: 1.65 }]);
    await expect(read(target(1.65000001))).rejects.toThrow('is above soc-max');
    expect((await read({ 'soc-min': 0.1 + 0.2, 'soc-max': 0.3 })).socMinMwh).toBe(0.3);
  });

  it('takes a target that is below soc-min by a rounding error as soc-min', async () => {
    const targets = [{ value: 0.05 - 1e-12, datetime: at(2) }];
    expect((await read({ 'soc-targets': targets })).socTargets).toEqual([{ step: 2, socMwh: 0.05 }]);
  });

  it('tells of targets below soc-min, which is used instead', async () => {
    const warnings: string[] = [];
    const targets = [{ value: 0.04, datetime: at(1) }];
    const { socTargets } = await read({ 'soc-targets': targets }, BATTERY, 'MWh', warnings);
    expect(socTargets).toEqual([{ step: 1, socMwh: 0.05 }]);
    expect(warnings).toEqual([
      'soc-targets: 0.04 MWh at 2026-03-04T07:00:00+00:00 contradicts soc-min 0.05 MWh: soc-min was used.',
    ]);
  });

  it('tells of targets that contradict minima or maxima at their instant', async () => {
    const warningsOf = async (flexModel: Fields) => {
      const warnings: string[] = [];
      await read(flexModel, BATTERY, 'MWh', warnings);
      return warnings;
    };
    const targets = [0.1, 0.1, 0.2].map((value, i) => ({ value, datetime: at(i + 1) }));
    expect(await warningsOf({ 'soc-targets': targets, 'soc-minima': 0.15 })).toEqual([
      'soc-targets: 0.1 MWh at 2026-03-04T07:00:00+00:00 contradicts soc-minima 0.15 MWh, and at 1 later step(s): ' +
        'the target was used.',
    ]);
    const maxima = [{ value: 0.15, datetime: at(3) }];
    expect(await warningsOf({ 'soc-targets': targets, 'soc-maxima': maxima })).toEqual([
      'soc-targets: 0.2 MWh at 2026-03-04T09:00:00+00:00 contradicts soc-maxima 0.15 MWh: the target was used.',
    ]);
    expect(await warningsOf({ 'soc-targets': targets, 'soc-minima': 0.1, 'soc-maxima': 0.2 })).toEqual([]);
  });

  it('refuses targets that overlap in too many steps', async () => {
    const targets = Array.from({ length: 25_001 }, () => ({ value: 0.1, start: at(0), end: at(4) }));
    await expect(read({ 'soc-targets': targets })).rejects.toMatchObject({
      code: 'FLEX_MODEL_INVALID',
      field: 'soc-targets',
    });
  });

  it.each([
    [{ 'soc-min': 'low' }, 'soc-min', 'Not a valid number or quantity of energy'],
    [{ 'soc-min': 0.5 }, 'soc-min', 'is above soc-max'],
    [{ 'soc-at-start': -1 }, 'soc-at-start', 'Must be greater than or equal to 0.'],
    [{ 'soc-targets': [{ value: 0.5, datetime: at(1) }] }, 'soc-targets', 'is above soc-max'],
    [{ 'soc-targets': ['x'] }, 'soc-targets.0', 'Not a valid mapping.'],
  ])('refuses %j and names the field %s', async (flexModel, field, message) => {
    await expect(read(flexModel)).rejects.toMatchObject({
      code: 'FLEX_MODEL_INVALID',
      field,
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses percentages without max_soc_in_mwh', async () => {
    await expect(read({ 'soc-at-start': '50%' }, {})).rejects.toThrow(/soc-max|max_soc_in_mwh/);
    const targets = [{ value: '1 MWh', datetime: at(1) }];
    await expect(read({ 'soc-at-start': '50%', 'soc-targets': targets }, {})).rejects.toThrow(
      'soc-at-start: 50% needs the attribute max_soc_in_mwh, which defines 100%.',
    );
  });
});

describe('findDueTargets', () => {
  it('finds the instants and intervals with targets', () => {
    const targets = [
      { value: 1, datetime: at(1.5) },
      { value: 1, start: at(2), end: at(4.5) },
    ];
    expect(findDueTargets(targets, 'soc-targets', 'UTC')).toEqual([
      { field: 'soc-targets', datetimeMs: START + 1.5 * HOUR_MS },
      { field: 'soc-targets', fromMs: START + 2 * HOUR_MS, datetimeMs: START + 4.5 * HOUR_MS },
    ]);
  });
});
