import fc from 'fast-check';
import type {
  Capacity,
  Commitment,
  Commodity,
  Coupling,
  DeviceGroup,
  FlexibleDevice,
  OperationMode,
  SharedStock,
  SiteDevice,
  SiteProblem,
} from '#lib/scheduling/model';
import { aSiteProblem, breach, capacity, maybe, number, series, sparse } from './random-problems';

/** Ranges of power: off, or between two powers; with and without production. */
const modes: fc.Arbitrary<OperationMode[]> = fc.constantFrom(
  [{ lowestMw: 0, highestMw: 0 }, { lowestMw: 0.3, highestMw: 0.5 }],
  [{ lowestMw: 0, highestMw: 0 }, { lowestMw: 0.2, highestMw: 0.2 }, { lowestMw: 0.6, highestMw: 0.6 }],
  [{ lowestMw: -0.5, highestMw: -0.25 }, { lowestMw: 0, highestMw: 0.6 }],
); // prettier-ignore

/** Which devices have a property, by the remainder of their index. */
const every = fc.record({ nth: fc.integer({ min: 1, max: 3 }), from: fc.integer({ min: 0, max: 2 }) });
const isChosen = ({ nth, from }: { nth: number; from: number }, index: number) => index % nth === from % nth;

const groupLimits = (steps: number): fc.Arbitrary<{ consumption?: Capacity; production?: Capacity }> =>
  fc.record(
    { consumption: capacity(steps, 0.4, 1.5), production: capacity(steps, 0.4, 1.5) },
    { requiredKeys: [] },
  );

/** Groups of devices, the second one inside the first one. */
const someGroups = (steps: number) =>
  fc.tuple(every, groupLimits(steps), groupLimits(steps)).map(([chosen, outer, inner]) => {
    return (ids: readonly string[]): DeviceGroup[] => {
      const members = ids.filter((_, i) => isChosen(chosen, i));
      const group = (id: string, own: string[], { consumption, production }: typeof outer): DeviceGroup => ({
        ...{ id, members: own, consumptionCapacity: consumption, productionCapacity: production },
      });
      return [group('feeder', members, outer), group('inverter', members.slice(0, 2), inner)];
    };
  });

const someCommitments = (steps: number) =>
  fc
    .array(
      fc.record({
        chosen: maybe(every),
        baselineMw: fc.oneof(series(steps, -0.5, 1), sparse(steps, -0.5, 1)),
        upPrices: series(steps, -20, 150),
        // Mostly deviations to both sides cost money; otherwise they may earn some.
        downPrices: fc.oneof(series(steps, -150, -20), series(steps, -50, 60)),
      }),
      { minLength: 0, maxLength: 2 },
    )
    .map(
      (some) =>
        (ids: readonly string[]): Commitment[] =>
          some.map(({ chosen, ...one }, i) => ({
            ...one,
            name: `commitment ${i}`,
            members: chosen && ids.filter((_, index) => isChosen(chosen, index)),
          })),
    );

interface Part {
  devices: SiteDevice[];
  commodities?: Commodity[];
  couplings?: Coupling[];
  stocks?: SharedStock[];
}

const flexible = (id: string, given: Partial<FlexibleDevice>): FlexibleDevice => ({
  ...{ kind: 'flexible', id, consumptionMaxMw: 0, productionMaxMw: 0, preferRunningSooner: false },
  ...given,
});

/** A heat buffer with two heaters, of which one has modes. */
const aHeatBuffer = (steps: number): fc.Arbitrary<Part> =>
  fc
    .record({
      socAtStartMwh: number(0.4, 1),
      socMinMwh: fc.constant(0.1),
      socMaxMwh: fc.constantFrom(1.2, 2),
      storageEfficiency: fc.constantFrom(1, 0.97),
      stockInflowMw: series(steps, -0.5, 0),
      socMinima: maybe(fc.record({ mwh: sparse(steps, 0, 0.8), breach: breach(steps) })),
      own: maybe(modes),
      reverse: fc.constantFrom(0, 0.4),
    })
    .map(({ own, reverse, ...stock }) => ({
      devices: [
        flexible('heat pump', { consumptionMaxMw: 0.3, stock: { id: 'buffer', roundtripEfficiency: 1, chargingEfficiency: 3 } }),
        flexible('heater', { consumptionMaxMw: 0.6, productionMaxMw: reverse, modes: own, stock: { id: 'buffer', roundtripEfficiency: 0.81 } }),
      ],
      stocks: [{ id: 'buffer', ...stock }],
    })); // prettier-ignore

/** Gas with a price, and heat that must balance: a plant that makes power and heat, a boiler, and a demand. */
const aHeatPlant = (steps: number): fc.Arbitrary<Part> =>
  fc
    .record({
      demand: series(steps, 0, 0.5),
      gasPrices: series(steps, 10, 80),
      gasCapacity: maybe(capacity(steps, 2, 4)),
      share: fc.constantFrom(0.3, 0.45),
      own: maybe(fc.constant([{ lowestMw: 0, highestMw: 0 }, { lowestMw: 0.4, highestMw: 1 }])),
    })
    .map(({ demand, gasPrices, gasCapacity, share, own }) => {
      const none = new Float64Array(steps);
      const internal = { consumptionPrices: none, productionPrices: none, isInternal: true };
      const balanced = { mw: 0, hardLimitMw: 0 };
      return {
        commodities: [
          { name: 'gas', isInternal: false, consumptionPrices: gasPrices, productionPrices: none, consumptionCapacity: gasCapacity },
          { name: 'heat', ...internal, consumptionCapacity: balanced, productionCapacity: balanced },
        ],
        devices: [
          flexible('plant gas', { commodity: 'gas', consumptionMaxMw: 1, modes: own }),
          flexible('plant heat', { commodity: 'heat', productionMaxMw: 1 }),
          flexible('plant power', { productionMaxMw: 1 }),
          flexible('boiler power', { consumptionMaxMw: 0.6 }),
          flexible('boiler heat', { commodity: 'heat', productionMaxMw: 0.6 }),
          { kind: 'inflexible', id: 'heat demand', commodity: 'heat', powerMw: demand },
        ],
        couplings: [
          { name: 'plant', ports: [{ device: 'plant gas', coefficient: 1 }, { device: 'plant heat', coefficient: -0.5 }, { device: 'plant power', coefficient: -share }] },
          { name: 'boiler', ports: [{ device: 'boiler power', coefficient: 1 }, { device: 'boiler heat', coefficient: -0.95 }] },
        ],
      };
    }); // prettier-ignore

const withModes = (device: SiteDevice, own: OperationMode[]): SiteDevice =>
  device.kind === 'storage' ? { ...device, modes: own } : device;

/**
 * Sites with everything that relates devices besides the connection: groups, commitments, modes, a shared stock, commodities
 * with converters; with hard and soft limits.
 */
export const aRelatedSite: fc.Arbitrary<SiteProblem> = aSiteProblem.chain((problem) => {
  const { steps } = problem;
  return fc
    .record({
      groups: maybe(someGroups(steps)),
      commitments: someCommitments(steps),
      ownModes: maybe(fc.record({ modes, which: every })),
      buffer: maybe(aHeatBuffer(steps)),
      plant: maybe(aHeatPlant(steps)),
    })
    .map(({ groups, commitments, ownModes, buffer, plant }): SiteProblem => {
      const parts = [buffer, plant].filter((part) => part !== undefined);
      const devices = problem.devices.map((device, i) =>
        ownModes && isChosen(ownModes.which, i) ? withModes(device, ownModes.modes) : device,
      );
      devices.push(...parts.flatMap((part) => part.devices));
      const electric = devices.filter(({ commodity }) => commodity === undefined).map(({ id }) => id);
      return {
        ...problem,
        devices,
        groups: groups?.(electric),
        commitments: commitments(electric),
        commodities: parts.flatMap((part) => part.commodities ?? []),
        couplings: parts.flatMap((part) => part.couplings ?? []),
        stocks: parts.flatMap((part) => part.stocks ?? []),
      };
    });
});

/** The same with a constraint that usually cannot be met: most of these problems have no schedule. */
export const anImpossibleRelatedSite: fc.Arbitrary<SiteProblem> = aRelatedSite.chain((problem) =>
  fc
    .record({
      demand: fc.constantFrom('group', 'stock', 'node'),
      where: fc.integer({ min: 0, max: problem.steps - 1 }),
      much: number(0.5, 3),
    })
    .map(({ demand, where, much }) => askTooMuch(problem, demand, where, much)),
);

function askTooMuch(problem: SiteProblem, demand: string, where: number, much: number): SiteProblem {
  const { steps, devices, groups = [], stocks = [], commodities = [] } = problem;
  const at = (value: number) => new Float64Array(steps).fill(value, where, where + 1);
  const none = new Float64Array(steps);
  switch (demand) {
    case 'group': {
      const load: SiteDevice = { kind: 'inflexible', id: 'one more', powerMw: at(much) };
      const limit = { mw: 0.2, hardLimitMw: 0.2 };
      return {
        ...problem,
        devices: [...devices, load],
        groups: [...groups, { id: 'small feeder', members: [load.id], consumptionCapacity: limit }],
      };
    }
    case 'stock': {
      const stock = { id: 'one more', socAtStartMwh: 0, socMinMwh: 0, socMaxMwh: 5 };
      const link = { id: stock.id, roundtripEfficiency: 1 };
      return {
        ...problem,
        devices: [...devices, flexible('small heater', { consumptionMaxMw: 0.01, stock: link })],
        stocks: [...stocks, { ...stock, socTargets: [{ step: where + 1, socMwh: much }] }],
      };
    }
    default: {
      const closed = { mw: 0, hardLimitMw: 0 };
      const node: Commodity = {
        ...{ name: 'steam', isInternal: true, consumptionPrices: none, productionPrices: none },
        ...{ consumptionCapacity: closed, productionCapacity: closed },
      };
      return {
        ...problem,
        devices: [
          ...devices,
          { kind: 'inflexible', id: 'steam demand', commodity: 'steam', powerMw: at(much) },
          flexible('small boiler', { commodity: 'steam', productionMaxMw: 0.1 }),
        ],
        commodities: [...commodities, node],
      };
    }
  }
}
