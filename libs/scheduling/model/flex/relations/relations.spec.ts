import { buildSiteProblem, type DeviceDescription, type SiteDescription } from '../build-site-problem';

const START = '2026-03-04T00:00:00Z';
const HOUR_MS = 3_600_000;
const WINDOW = { startMs: Date.parse(START), stepMs: HOUR_MS, steps: 4, timezone: 'UTC' };

type Fields = Record<string, unknown>;
/** Values of a sensor: start and length in hours, and the value. */
type Recorded = [fromHour: number, hours: number, value: number][];

const device = (id: string, flexModel: Fields): DeviceDescription => ({
  ...{ id, name: id, path: `${id}.`, flexModel, attributes: {}, isStorageType: false, sensorId: Number(id) },
  readPower: () => Promise.reject(new Error('Not recorded.')),
});

const CONTEXT = { 'consumption-price': '10 EUR/MWh' };
const BATTERY = { 'soc-at-start': '0 MWh', 'soc-max': '1 MWh', 'power-capacity': '1 MW' };

async function build(
  site: Partial<SiteDescription>,
  recorded: Record<number, Recorded> = {},
  units: Record<number, string> = {},
) {
  const warnings: string[] = [];
  const { problem, currency } = await buildSiteProblem(
    {
      devices: [device('1', BATTERY)],
      flexContext: CONTEXT,
      attributes: {},
      unitOfSensor: (id) => Promise.resolve(units[id] ?? 'MW'),
      ...site,
    },
    {
      window: WINDOW,
      warn: (message) => warnings.push(message),
      readSensor: (id) =>
        Promise.resolve(
          (recorded[id] ?? []).map(([from, hours, value]) => ({
            startMs: WINDOW.startMs + from * HOUR_MS,
            endMs: WINDOW.startMs + (from + hours) * HOUR_MS,
            value,
          })),
        ),
    },
  );
  return { problem, currency, warnings };
}

const field = (name: string) => expect.objectContaining({ field: name }) as Error;
const hours = (from: number, count: number, value: string) => ({
  value,
  start: new Date(WINDOW.startMs + from * HOUR_MS).toISOString(),
  duration: `PT${count}H`,
});

describe('inflexible-consumption and inflexible-production', () => {
  it('are added with the sign of the name; unknown values count as 0 and are told', async () => {
    const flexContext = {
      ...CONTEXT,
      'inflexible-consumption': [{ sensor: 4 }],
      'inflexible-production': [{ sensor: 5 }],
    };
    const { problem, warnings } = await build({ flexContext }, { 4: [[0, 2, 3]], 5: [[1, 3, 1]] });
    expect(problem.devices[1]).toEqual({
      kind: 'inflexible',
      id: 'inflexible devices',
      powerMw: Float64Array.of(3, 2, -1, -1),
    });
    expect(warnings).toEqual([
      'inflexible-consumption.0 (sensor 4) has 2 unknown value(s). 0 was assumed.',
      'inflexible-production.0 (sensor 5) has 1 unknown value(s). 0 was assumed.',
    ]);
  });

  it('average values that are finer than a step', async () => {
    const flexContext = { ...CONTEXT, 'inflexible-consumption': [{ sensor: 4 }] };
    const { problem } = await build({ flexContext }, { 4: [[0, 0.5, 2], [0.5, 0.5, 4], [1, 3, 1]] }); // prettier-ignore
    expect(problem.devices[1]).toMatchObject({ powerMw: Float64Array.of(3, 1, 1, 1) });
  });

  it('refuse a sensor that counts already', async () => {
    const flexContext = {
      ...CONTEXT,
      'inflexible-consumption': [{ sensor: 4 }],
      'inflexible-production': [{ sensor: 4 }],
    };
    await expect(build({ flexContext })).rejects.toThrow(field('inflexible-production.0'));
    const twice = { ...CONTEXT, 'inflexible-consumption': [{ sensor: 4 }] };
    await expect(build({ flexContext: twice, inflexibleIds: [4] })).rejects.toThrow(
      field('inflexible-consumption.0'),
    );
  });
});

describe('commitments', () => {
  const withCommitment = (given: Fields) => ({
    ...CONTEXT,
    commitments: [{ name: 'one', baseline: '1 MW', 'up-price': '5 EUR/MWh', ...given }],
  });

  it.each([
    ['a fixed baseline', '0.5 MW', [0.5, 0.5, 0.5, 0.5]],
    ['windows', [hours(1, 2, '500 kW')], [NaN, 0.5, 0.5, NaN]],
    ['a sensor', { sensor: 7 }, [NaN, 0.5, 0.5, NaN]],
  ])('apply where the baseline is known: %s', async (_, baseline, expected) => {
    const { problem, warnings } = await build(
      { flexContext: withCommitment({ baseline }) },
      { 7: [[1, 2, 0.5]] },
    );
    expect(problem.commitments![0]!.baselineMw).toEqual(Float64Array.from(expected));
    expect(warnings).toEqual(
      _ === 'a sensor'
        ? ['commitments.0.baseline (sensor 7) has 2 unknown value(s): one does not apply there.']
        : [],
    );
  });

  it.each([
    ['a fixed price', '30 EUR/MWh', [30, 30, 30, 30]],
    ['a price per kWh', '0.03 EUR/kWh', [30, 30, 30, 30]],
    ['a price per MW in each step', '30 EUR/MW', [30, 30, 30, 30]],
    ['windows', [hours(0, 2, '30 EUR/MWh')], [30, 30, 0, 0]],
    ['a sensor, whose last value is carried on', { sensor: 8 }, [30, 30, 30, 30]],
  ])('have %s', async (_, price, expected) => {
    const { problem } = await build(
      { flexContext: withCommitment({ 'down-price': price }) },
      { 8: [[0, 2, 30]] },
      { 8: 'EUR/MWh' },
    );
    expect(problem.commitments![0]!.downPrices).toEqual(Float64Array.from(expected));
  });

  it('are about the devices that they name, or about all of the site', async () => {
    const devices = [device('1', BATTERY), device('2', BATTERY)];
    const membersOf = async (given: Fields) =>
      (await build({ devices, flexContext: withCommitment(given) })).problem.commitments?.[0]!.members;
    expect(await membersOf({})).toBeUndefined();
    expect(await membersOf({ sensors: [2] })).toEqual(['2']);
    const { problem, warnings } = await build({ devices, flexContext: withCommitment({ sensors: [3] }) });
    expect(problem.commitments).toBeUndefined();
    expect(warnings).toEqual([
      'commitments.0: one is about no device of this schedule, so that it has no effect.',
    ]);
  });

  it.each([
    [{ name: '' }, 'commitments.0.name'],
    [{ baseline: undefined }, 'commitments.0.baseline'],
    [{ 'up-price': undefined }, 'commitments.0.up-price'],
    [{ 'up-price': '5 kWh' }, 'commitments.0.up-price'],
    [{ 'up-price': '5 USD/MWh' }, 'commitments.0.up-price'],
    [{ baseline: '1 MWh' }, 'commitments.0.baseline'],
    [{ colour: 'red' }, 'commitments.0.colour'],
    [{ sensors: [1], group: { asset: 1 } }, 'commitments.0.sensors'],
  ])('refuse %j', async (given, path) => {
    await expect(build({ flexContext: withCommitment(given) })).rejects.toThrow(field(path));
  });
});

describe('commodities', () => {
  const commodityOf = async (given: Fields) => {
    const flexContext = { ...CONTEXT, commodities: [{ commodity: 'gas', ...given }] };
    return (await build({ flexContext })).problem.commodities![0]!;
  };
  const closed = { mw: 0 };

  it('are internal nodes without prices and capacities, also if only devices name them', async () => {
    const internal = { isInternal: true, consumptionCapacity: { mw: 0, hardLimitMw: 0 } };
    expect(await commodityOf({})).toMatchObject(internal);
    const devices = [device('1', { commodity: 'steam', coupling: 'boiler', 'production-capacity': '1 MW' })];
    const { problem } = await build({ devices });
    expect(problem.commodities).toMatchObject([{ name: 'steam', ...internal }]);
  });

  it('have a connection in the direction that has a price', async () => {
    const consumed = await commodityOf({ 'consumption-price': '30 EUR/MWh' });
    expect(consumed).toMatchObject({ isInternal: false, productionCapacity: closed });
    expect(consumed.consumptionCapacity).toBeUndefined();
    const produced = await commodityOf({ 'production-price': '30 EUR/MWh' });
    expect(produced).toMatchObject({ isInternal: false, consumptionCapacity: closed });
    expect(produced.productionPrices).toEqual(Float64Array.of(30, 30, 30, 30));
  });

  it('have a connection at no cost with a capacity only', async () => {
    const limited = await commodityOf({ 'site-power-capacity': '2 MW' });
    expect(limited).toMatchObject({ isInternal: false, consumptionPrices: new Float64Array(4) });
    expect(limited.consumptionCapacity!.mw).toEqual(Float64Array.of(2, 2, 2, 2));
    expect(limited.productionCapacity!.mw).toEqual(Float64Array.of(2, 2, 2, 2));
    const consumed = await commodityOf({ 'site-consumption-capacity': '2 MW' });
    expect(consumed).toMatchObject({ productionCapacity: closed });
  });

  it.each([
    [[{ commodity: 'gas' }, { commodity: 'gas' }], 'commodities.1.commodity'],
    [[{ commodity: '' }], 'commodities.0.commodity'],
    [[{ commodity: 'gas', 'consumption-price': '5 USD/MWh' }], 'commodities.0.consumption-price'],
    [[{ commodity: 'gas', 'inflexible-device-sensors': [4] }], 'commodities.0.inflexible-device-sensors'],
    ['gas', 'commodities'],
  ])('refuse %j', async (commodities, path) => {
    await expect(build({ flexContext: { ...CONTEXT, commodities } })).rejects.toThrow(field(path));
  });

  it('add an entry for electricity to the fields beside the list', async () => {
    const flexContext = { commodities: [{ commodity: 'electricity', 'consumption-price': '7 EUR/MWh' }] };
    const { problem } = await build({ flexContext });
    expect(problem.consumptionPrices).toEqual(Float64Array.of(7, 7, 7, 7));
    expect(problem.commodities).toBeUndefined();
  });
});

describe('operation-modes', () => {
  it.each([
    [[], 'operation-modes'],
    [[{}], 'operation-modes.0'],
    [[{ 'consumption-range': ['1 kW'] }], 'operation-modes.0.consumption-range'],
    [[{ 'consumption-range': ['2 kW', '1 kW'] }], 'operation-modes.0.consumption-range'],
    [[{ 'consumption-range': ['-1 kW', '1 kW'] }], 'operation-modes.0.consumption-range.0'],
    [[{ 'consumption-range': ['1 kW', '2 kW'], 'production-range': ['0 kW', '2 kW'] }], 'operation-modes.0'],
    [[{ 'consumption-range': ['0 kW', '2 kWh'] }], 'operation-modes.0.consumption-range.1'],
  ])('refuse %j', async (modes, path) => {
    const devices = [device('1', { ...BATTERY, 'operation-modes': modes })];
    await expect(build({ devices })).rejects.toThrow(field(`1.${path}`));
  });
});

describe('A shared storage', () => {
  const heater = (given: Fields = {}) => ({
    'state-of-charge': { sensor: 9 },
    'power-capacity': '1 MW',
    ...given,
  });

  it('takes its fields from any of its devices, each field from one', async () => {
    const devices = [
      device('1', heater({ 'soc-max': '2 MWh', 'soc-at-start': '1 MWh' })),
      device('2', heater()),
    ];
    const { problem } = await build({ devices });
    expect(problem.stocks).toMatchObject([{ socAtStartMwh: 1, socMaxMwh: 2 }]);
    expect(problem.devices).toMatchObject([
      { kind: 'flexible', stock: { id: problem.stocks![0]!.id } },
      { kind: 'flexible', stock: { id: problem.stocks![0]!.id } },
    ]);
    const twice = [devices[0]!, device('2', heater({ 'soc-max': '2 MWh' }))];
    await expect(build({ devices: twice })).rejects.toThrow(field('2.soc-max'));
  });

  it('has the state at the start that its sensor recorded, in % of soc-max', async () => {
    const readState = (id: number) =>
      Promise.resolve({ value: id === 9 ? 25 : NaN, unit: '%', timeMs: WINDOW.startMs });
    const devices = [
      { ...device('1', heater({ 'soc-max': '2 MWh' })), readState },
      { ...device('2', heater()), readState },
    ];
    const { problem, warnings } = await build({ devices });
    expect(problem.stocks).toMatchObject([{ socAtStartMwh: 0.5, socMaxMwh: 2 }]);
    expect(warnings).toEqual([
      'The state of charge at the start is that of 2026-03-04T00:00:00+00:00: 25 % (sensor 9).',
    ]);
  });

  it('needs a state at the start', async () => {
    const readState = () => Promise.resolve(undefined);
    const devices = [
      { ...device('1', heater({ 'soc-max': '2 MWh' })), readState },
      { ...device('2', heater()), readState },
    ];
    await expect(build({ devices })).rejects.toThrow(field('1.state-of-charge'));
  });
});

describe('Relax flags', () => {
  const minima = { 'soc-minima': [{ value: '1 MWh', datetime: '2026-03-04T02:00:00Z' }] };
  const heater = (given: Fields = {}) => ({
    ...{ 'state-of-charge': { sensor: 9 }, 'power-capacity': '1 MW', 'consumption-capacity': '0.5 MW' },
    ...{ 'production-capacity': '0 MW', ...given },
  });
  const devices = [
    device('1', heater({ 'soc-at-start': '0 MWh', 'soc-max': '2 MWh', ...minima })),
    device('2', heater()),
  ];

  it('hold for storages that several devices change, and for the devices', async () => {
    const flags = { 'relax-soc-constraints': true, 'relax-capacity-constraints': true };
    const { problem } = await build({ devices, flexContext: { ...CONTEXT, ...flags } });
    expect(problem.stocks![0]!.socMinima!.breach).toEqual({ highest: 1_000_000, perHour: 1_000_000 });
    expect(problem.devices).toMatchObject([
      // A direction without any capacity stays closed.
      { consumptionCapacity: { breach: { perHour: 100_000 } }, productionCapacity: { breach: undefined } },
      { consumptionCapacity: { breach: { perHour: 100_000 } } },
    ]);
    const hard = await build({ devices });
    expect(hard.problem.stocks![0]!.socMinima!.breach).toBeUndefined();
  });

  it('hold for all commodities, unless one has its own', async () => {
    const gas = {
      ...{ commodity: 'gas', 'consumption-price': '5 EUR/MWh', 'site-consumption-capacity': '1 MW' },
    };
    const breachOf = async (own: Fields) => {
      const flexContext = { ...CONTEXT, 'relax-constraints': true, commodities: [{ ...gas, ...own }] };
      return (await build({ flexContext })).problem.commodities![0]!.consumptionCapacity!.breach;
    };
    expect(await breachOf({})).toEqual({ highest: 10_000_000, perHour: 10_000_000 });
    expect(await breachOf({ 'relax-site-capacity-constraints': false })).toBeUndefined();
  });
});

describe('coupling', () => {
  it('needs ports with one direction', async () => {
    const devices = [device('1', { coupling: 'boiler', 'power-capacity': '1 MW' })];
    await expect(build({ devices })).rejects.toThrow(field('1.coupling'));
  });

  it('does not apply to a storage', async () => {
    const devices = [device('1', { ...BATTERY, coupling: 'boiler' })];
    await expect(build({ devices })).rejects.toThrow(field('1.coupling'));
  });
});
