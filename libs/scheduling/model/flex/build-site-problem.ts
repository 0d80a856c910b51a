import { DomainError } from '#lib/errors';
import type { DeviceGroup, SharedStock, SiteDevice, SiteProblem } from '..';
import { assertFieldsOfKind, deviceKind, type DeviceTraits } from './check-fields';
import { findCouplings, type PortEntry } from './relations/couplings';
import { flexError, withDevicePath } from './flex-error';
import { type GroupEntry, membersOfGroups } from './relations/groups';
import {
  ELECTRICITY,
  type ReadCommodity,
  readCommodity,
  splitCommodities,
} from './readers/context/commodities-reader';
import { readCommitments } from './readers/context/commitments-reader';
import type { BreachPrices } from './readers/context/breach-price-reader';
import { ContextReader } from './readers/context/context-reader';
import type { UnitOfSensor } from './readers/context/price-reader';
import { readCurtailable } from './readers/curtailable-reader';
import { FlexReader } from './readers/flex-reader';
import type { FlexSources, ReadSensor, ReadState } from './readers/flex-sources';
import { readFlexible } from './readers/flexible-reader';
import { readGroup } from './readers/group-reader';
import { type MeasuredSensors, readMeasured } from './readers/inflexible-reader';
import { readProcess } from './readers/process-reader';
import { readSharedStock, readStorage } from './readers/storage-reader';
import { findSharedStocks, stockIdOf, withoutStockFields } from './relations/stocks';

/** An entry of a flex-model, and what is known of its asset. */
interface EntryDescription {
  flexModel: Record<string, unknown>;
  /** Path of the entry in errors, such as `flex-model.1.`; empty if not given. */
  path?: string;
  /** Of the sensor, its asset and parent assets, combined. */
  attributes: Record<string, unknown>;
  /** Unit of states of charge that have none of their own; MWh if not given. */
  socUnit?: string;
  /** Reads sensors for the entry; as for the site if not given. */
  readSensor?: ReadSensor;
  /** Reads the state of charge at the start, if a sensor records it. */
  readState?: ReadState;
}

/** A device as its flex-model and attributes describe it. */
export interface DeviceDescription extends DeviceTraits, EntryDescription {
  /** Unique within the site. */
  id: string;
  /** For users. */
  name: string;
  /** The power sensor of the device; undefined if it has none. */
  sensorId?: number;
  /** Whether assets of its type only ever consume. */
  neverProduces?: boolean;
  /** MW, consumption positive: the known power of the device. Used if it is inflexible. */
  readPower: () => Promise<Float64Array>;
}

/** The entry of a storage that several devices change. */
export type StockDescription = EntryDescription;

/** A shared inverter or feeder. */
export interface GroupDescription extends EntryDescription {
  /** Differs from the ids of devices. */
  id: string;
  /** What devices name it by: `sensor 5` or `asset 7`. */
  key: string;
}

/** A site as its flex-models, flex-context and attributes describe it. */
export interface SiteDescription {
  devices: DeviceDescription[];
  groups?: GroupDescription[];
  /** Storages that have an entry of their own, for the devices that change them. */
  stocks?: StockDescription[];
  flexContext: Record<string, unknown>;
  /** Of the asset of the site and its parent assets, combined. */
  attributes: Record<string, unknown>;
  /** MW, consumption positive: sum of the sensors in `inflexible-device-sensors`; undefined if there are none. */
  inflexiblePowerMw?: Float64Array;
  /** Ids of the sensors whose power is in there. */
  inflexibleIds?: readonly number[];
  unitOfSensor: UnitOfSensor;
  /** What is known of measured devices; nothing is checked if not given. */
  measured?: MeasuredSensors;
}

const UNCHECKED: MeasuredSensors = { checkDirection: () => Promise.resolve(), isScheduled: () => false };

/** Id of the device for the power of `inflexible-device-sensors` and the like. */
const inflexibleId = (commodity: string | undefined): string =>
  commodity === undefined ? 'inflexible devices' : `inflexible devices of ${commodity}`;

/**
 * Reads flex-models and a flex-context into an optimisation problem.
 *
 * @returns the problem and the currency of its prices
 * @throws DomainError naming the field, with the path of its device; UNKNOWN_PRICES; UNKNOWN_MARKET if nothing else is
 *   wrong
 */
export async function buildSiteProblem(
  site: SiteDescription,
  sources: FlexSources,
): Promise<{ problem: SiteProblem; currency: string }> {
  const { window } = sources;
  const { electricity, others } = splitCommodities(site.flexContext);
  const reader = new FlexReader(electricity, site.attributes, sources, 'flex-context');
  const shared = {};
  const context = new ContextReader(reader, site.unitOfSensor, shared);
  const prices = await context.energyPrices();
  const limits = await context.limits();
  const breachPrices = await context.breachPrices();
  const commodities: ReadCommodity[] = [];
  for (const one of others) commodities.push(await readCommodity(one, sources, site.unitOfSensor, shared));
  const breachPricesOf = (name: string | undefined) =>
    commodities.find(({ commodity }) => commodity.name === name)?.breachPrices ?? breachPrices;

  const entries = new EntryReader(site, sources, breachPricesOf);
  const { devices, stocks } = await entries.readDevices();
  const { groups, members } = await entries.readGroups();
  const counted = new Set(site.inflexibleIds);
  const measured = await readMeasured(reader, site.measured ?? UNCHECKED, counted);
  addInflexible(devices, undefined, sum(site.inflexiblePowerMw, measured));
  for (const { commodity, path, ...one } of commodities) {
    const powerMw = await atPath(path, () => readMeasured(one.reader, site.measured ?? UNCHECKED, counted));
    addInflexible(devices, commodity.name, powerMw);
  }
  const known = new Map(devices.map(({ id, commodity }) => [id, commodity]));
  const scopesOf = (commodity: string | undefined) => ({
    commodity,
    deviceOfSensor: (id: number) => site.devices.find(({ sensorId }) => sensorId === id)?.id,
    membersOf: (key: string) => members.get(key),
    commodityOf: (id: string) => known.get(id),
  });
  const commitments = await readCommitments(reader, context, scopesOf(undefined));
  for (const { commodity, path, ...one } of commodities) {
    const own = await atPath(path, () => readCommitments(one.reader, one.context, scopesOf(commodity.name)));
    commitments.push(...own);
  }
  const couplings = findCouplings(entries.ports(), devices);
  if (!prices) throw unknownMarket();
  const { currency, ...series } = prices;
  const nodes = internalNodes(devices, new Set(others.map(({ commodity }) => commodity)), window.steps);
  const allCommodities = [...commodities.map(({ commodity }) => commodity), ...nodes];
  const problem: SiteProblem = {
    steps: window.steps,
    stepHours: window.stepMs / 3_600_000,
    ...series,
    ...limits,
    devices,
    ...(allCommodities.length > 0 && { commodities: allCommodities }),
    ...(groups.length > 0 && { groups }),
    ...(commitments.length > 0 && { commitments }),
    ...(couplings.length > 0 && { couplings }),
    ...(stocks.length > 0 && { stocks }),
  };
  return { problem, currency };
}

const unknownMarket = (): DomainError => {
  const field = 'consumption-price-sensor';
  const message = `${field}: needed, because there is neither a consumption-price nor an attribute market_id.`;
  return new DomainError('UNKNOWN_MARKET', message, field);
};

async function atPath<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw withDevicePath(error, path);
  }
}

function sum(one: Float64Array | undefined, other: Float64Array | undefined): Float64Array | undefined {
  if (!one || !other) return one ?? other;
  return one.map((mw, t) => mw + other[t]!);
}

function addInflexible(
  devices: SiteDevice[],
  commodity: string | undefined,
  powerMw: Float64Array | undefined,
): void {
  if (powerMw) devices.push({ kind: 'inflexible', id: inflexibleId(commodity), commodity, powerMw });
}

/** The commodities of devices that the flex-context does not have: they must balance. */
function internalNodes(devices: readonly SiteDevice[], known: ReadonlySet<string>, steps: number) {
  const names = new Set(devices.map(({ commodity }) => commodity));
  const none = new Float64Array(steps);
  const closed = { mw: 0, hardLimitMw: 0 };
  return [...names]
    .filter((name) => name !== undefined)
    .filter((name) => !known.has(name))
    .map((name) => ({
      ...{ name, isInternal: true, consumptionPrices: none, productionPrices: none },
      ...{ consumptionCapacity: closed, productionCapacity: closed },
    }));
}

/** The commodity of an entry; undefined for electricity. */
function commodityOf({ commodity }: Record<string, unknown>): string | undefined {
  return typeof commodity === 'string' && commodity !== ELECTRICITY ? commodity : undefined;
}

/** Reads the entries of the flex-models of a site. */
class EntryReader {
  constructor(
    private readonly site: SiteDescription,
    private readonly sources: FlexSources,
    private readonly breachPricesOf: (commodity: string | undefined) => BreachPrices,
  ) {}

  async readDevices(): Promise<{ devices: SiteDevice[]; stocks: SharedStock[] }> {
    const own = this.site.devices.map((device) => ({ ...device, path: device.path ?? '' }));
    const alone = (this.site.stocks ?? []).map((one) => ({
      ...one,
      path: one.path ?? '',
      isStockOnly: true,
    }));
    const stocks: SharedStock[] = [];
    const stockOf = new Map<string, string>();
    for (const { sensorId, owner, flexModel, devices } of findSharedStocks<
      (typeof own)[number] | (typeof alone)[number]
    >([...own, ...alone])) {
      const id = stockIdOf(sensorId);
      for (const device of devices) if ('id' in device) stockOf.set(device.id, id);
      const breachPrices = this.breachPricesOf(undefined);
      const reader = this.readerOf({ ...owner, flexModel });
      stocks.push(
        await atPath(owner.path, () => readSharedStock({ id, socUnit: owner.socUnit }, reader, breachPrices)),
      );
    }
    const devices: SiteDevice[] = [];
    for (const device of own) {
      const stockId = stockOf.get(device.id);
      devices.push(await atPath(device.path, () => this.readDevice(device, stockId)));
    }
    return { devices, stocks };
  }

  async readGroups(): Promise<{ groups: DeviceGroup[]; members: Map<string, readonly string[]> }> {
    const memberOf = ({ id, path = '', flexModel }: { id: string } & EntryDescription) => ({
      ...{ id, path },
      group: flexModel['group'],
    });
    const described = this.site.groups ?? [];
    const entries = described.map((one): GroupEntry => ({ ...memberOf(one), key: one.key }));
    const members = membersOfGroups(this.site.devices.map(memberOf), entries);
    const groups: DeviceGroup[] = [];
    for (const one of described) {
      const { id, path = '', flexModel } = one;
      await atPath(path, async () => {
        assertFieldsOfKind(flexModel, 'group');
        const limits = await readGroup(this.readerOf(one), this.breachPricesOf(undefined).group);
        groups.push({ id, members: members.get(id)!, ...limits });
      });
    }
    return { groups, members: new Map(entries.map(({ id, key }) => [key, members.get(id)!])) };
  }

  /** The ports of converters. */
  ports(): PortEntry[] {
    return this.site.devices.flatMap((one) => {
      const { id, path = '', flexModel } = one;
      const name = flexModel['coupling'];
      if (name === undefined) return [];
      if (typeof name !== 'string' || name.trim() === '')
        throw flexError(`${path}coupling`, 'a name is needed.');
      return [{ id, path, name, coefficient: this.readerOf(one).fixed('coupling-coefficient') ?? 1 }];
    });
  }

  private async readDevice(description: DeviceDescription, stockId: string | undefined): Promise<SiteDevice> {
    const { flexModel } = description;
    const commodity = commodityOf(flexModel);
    const device = await this.readOwnFields(description, stockId, this.breachPricesOf(commodity));
    return commodity === undefined ? device : { ...device, commodity };
  }

  private async readOwnFields(
    description: DeviceDescription,
    stockId: string | undefined,
    breachPrices: BreachPrices,
  ): Promise<SiteDevice> {
    const { id, flexModel } = description;
    if (stockId !== undefined) {
      const own = withoutStockFields(flexModel);
      assertFieldsOfKind(own, 'flexible');
      return readFlexible({ ...description, stockId }, this.readerOf(description), breachPrices);
    }
    const reader = this.readerOf(description);
    const kind = deviceKind(description);
    assertFieldsOfKind(flexModel, kind);
    switch (kind) {
      case 'process':
        return readProcess(description, reader);
      case 'storage':
        return readStorage(description, reader, breachPrices);
      case 'curtailable':
        return readCurtailable(description, reader);
      case 'flexible':
        return readFlexible(description, reader, breachPrices);
      case 'inflexible':
        return { kind: 'inflexible', id, powerMw: await this.readKnownPower(description, reader) };
    }
  }

  /** MW of a device that is not scheduled: of the sensor that the entry names, or else of its own sensor. */
  private async readKnownPower(
    description: DeviceDescription,
    reader: FlexReader<'flex-model'>,
  ): Promise<Float64Array> {
    const { measured = UNCHECKED } = this.site;
    return (await readMeasured(reader, measured, new Set())) ?? description.readPower();
  }

  private readerOf({ flexModel, attributes, ...own }: EntryDescription) {
    const { readSensor = this.sources.readSensor, readState = this.sources.readState } = own;
    return new FlexReader(flexModel, attributes, { ...this.sources, readSensor, readState }, 'flex-model');
  }
}
