import { Inject, Injectable } from '@nestjs/common';
import { AssetsService, type DetailedAsset } from '#lib/assets';
import { BeliefsService, type Steps } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { COMPUTED_SOURCE_TYPES, type Sensor } from '#lib/sensors';
import { CLOCK, DAY_MS, floorToStep, formatInstant, HOUR_MS, MINUTE_MS, type Clock } from '#lib/time';
import { convertValues } from '#lib/units';
import { addFlows, addTotals, coarsen, sumFlows, toFlows, type Flows, type Totals } from './model';
import { SitePartsService, type SitePart, type SiteParts } from './site-parts.service';
import { SitePricesService, type SitePrices } from './site-prices.service';

/** The steps in which flows are added up: within a step, import and export cancel. */
const STEP_MS = 15 * MINUTE_MS;
const LONGEST_MS = 31 * DAY_MS;

/** A longer window is shown in steps of an hour. */
const SHORT_MS = 3 * DAY_MS;

/** More sites of an account are left out. */
const MAX_SITES = 100;

/** The values of so many parts are in memory at once, unless a site has more: some 50 kB each for a month. */
const MAX_PARTS_AT_ONCE = 200;

export interface BalanceWindow {
  startMs: number;
  endMs: number;
}

/** A day of a balance. */
export interface BalanceDay extends Totals {
  /** In the time zone of the balance: 2026-03-04. */
  date: string;
}

/** The flows of energy of a site, or of all sites of an account. */
export interface Balance {
  startMs: number;
  stepMs: number;
  /** Before it, flows are measured; after it, they are planned and forecast. */
  nowMs: number;
  zone: string;
  /** Null without prices. */
  currency: string | null;
  /** kW, mean of each step; NaN if not known. */
  flows: Flows;
  days: BalanceDay[];
  parts: Pick<SitePart, 'sensor' | 'kind'>[];
  /** Sentences about what is not known or left out. */
  notes: string[];
}

/** The days of a window in a time zone, with their steps. */
interface Calendar {
  zone: string;
  days: { date: string; from: number; until: number }[];
}

/** A balance in steps in which flows can be added up. */
type FineBalance = Omit<Balance, 'stepMs' | 'zone'> & { steps: Steps; calendar: Calendar };

type CanRead = (sensor: Sensor) => boolean;

/** A site with what its assets and those above it say. */
interface FoundSite extends SiteParts {
  /** The flex-contexts of the site and of the assets above it, nearest first. */
  contexts: DetailedAsset['flexContext'][];
}

/** How sites are read. */
interface Reading {
  steps: Steps;
  nowMs: number;
  canRead: CanRead;
  /** The days; by default those of the first part that can be read. */
  calendar?: Calendar;
}

/** Tells how the energy of sites flows: measured before now, planned and forecast after it. */
@Injectable()
export class EnergyBalances {
  constructor(
    private readonly assets: AssetsService,
    private readonly parts: SitePartsService,
    private readonly prices: SitePricesService,
    private readonly beliefs: BeliefsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The balance of an asset with everything below it.
   * @param canRead which sensors count as known
   * @throws DomainError BALANCE_WINDOW_INVALID with the field, TOO_MUCH_DATA
   */
  async ofSite(site: DetailedAsset, window: BalanceWindow, canRead: CanRead): Promise<Balance> {
    const reading = { steps: toSteps(window), nowMs: this.clock.now(), canRead };
    const found = { ...(await this.parts.find(site)), contexts: await this.prices.findContexts(site.id) };
    const [balance] = await this.readSites([found], reading);
    return toShown(balance!);
  }

  /** The balance of all sites of an account: its assets that are in no other asset. @throws as `ofSite` */
  async ofAccount(accountId: number, window: BalanceWindow, canRead: CanRead): Promise<Balance> {
    const reading: Reading = { steps: toSteps(window), nowMs: this.clock.now(), canRead };
    const { steps } = reading;
    const trees = toTrees(await this.assets.listByAccount(accountId));
    const some = trees.slice(0, MAX_SITES);
    const found = (await this.parts.findIn(some)).map((site, index) => ({
      ...site,
      contexts: some[index]!.filter(isRoot).map(({ flexContext }) => flexContext),
    }));
    // All sites have the days of the first one with a part that can be read, so that days can be added up.
    const [zone] = found.flatMap(({ parts }) =>
      readable(parts, canRead).map(({ sensor }) => sensor.timezone),
    );
    if (zone !== undefined) reading.calendar = calendarOf(steps, zone);
    const sites: FineBalance[] = [];
    for (const together of inPortions(found))
      sites.push(...(await this.readSites(together, reading)).filter(hasParts));
    const notes = sites.flatMap((site) => site.notes);
    if (trees.length > MAX_SITES) notes.push(`Only ${MAX_SITES} of ${trees.length} sites are added up.`);
    const [first] = sites;
    if (!first) return toShown({ ...emptyBalance(steps, reading.nowMs), notes });
    const hasOneCurrency = sites.every(({ currency }) => currency === first.currency);
    if (!hasOneCurrency) notes.push('The sites have no prices in common, so money is not added up.');
    const flows = addFlows(
      sites.map((site) => site.flows),
      steps.steps,
    );
    const days = first.days.map(({ date }, index) => {
      const totals = addTotals(sites.map((site) => site.days[index]!));
      return { date, ...totals, ...(hasOneCurrency ? {} : { cost: null, revenue: null }) };
    });
    const parts = sites.flatMap((site) => site.parts);
    const currency = hasOneCurrency ? first.currency : null;
    return toShown({ ...first, currency, flows, days, parts, notes });
  }

  /** Reads sites together: the number of statements does not grow with that of their parts. */
  private async readSites(sites: readonly FoundSite[], reading: Reading): Promise<FineBalance[]> {
    const { steps, canRead } = reading;
    const powers = await this.readPowers(
      sites.flatMap(({ parts }) => readable(parts, canRead)),
      reading,
    );
    const contexts = sites.map((site) => (site.parts.length === 0 ? [] : site.contexts));
    const prices = await this.prices.read(contexts, steps, canRead);
    return sites.map((site, index) => toFineBalance(site, powers, prices[index], reading));
  }

  /**
   * kW by part, consumption positive: measured before now; then planned, or for parts that are not scheduled forecast.
   */
  private async readPowers(
    parts: readonly SitePart[],
    { steps: { startMs, stepMs, steps }, nowMs }: Reading,
  ): Promise<Map<SitePart, Float64Array>> {
    const first = Math.min(Math.max(Math.floor((nowMs - startMs) / stepMs), 0), steps);
    const before = { startMs, stepMs, steps: first };
    const after = { startMs: startMs + first * stepMs, stepMs, steps: steps - first };
    const read = (some: readonly SitePart[], window: Steps, excludeSourceTypes: readonly string[]) => {
      const sensors = some.map(({ sensor }) => sensor);
      return this.beliefs.latestOnStepsOf(sensors, window, { beliefsBeforeMs: nowMs, excludeSourceTypes });
    };
    const scheduled = parts.filter(({ isScheduled }) => isScheduled);
    const others = parts.filter(({ isScheduled }) => !isScheduled);
    const measured = await read(parts, before, COMPUTED_SOURCE_TYPES);
    const planned = await read(scheduled, after, ['forecasting script']);
    const forecast = await read(others, after, ['scheduling script']);
    return new Map(
      parts.map((part) => {
        const { sensor, sign, isScheduled } = part;
        const values = new Float64Array(steps);
        values.set(measured.get(sensor.id)!);
        values.set((isScheduled ? planned : forecast).get(sensor.id)!, first);
        return [part, convertValues(values, sensor.unit, 'kW').map((value) => sign * value)];
      }),
    );
  }
}

/** The parts that the user may read. */
const readable = (parts: readonly SitePart[], canRead: CanRead): SitePart[] =>
  parts.filter(({ sensor }) => canRead(sensor));

const isRoot = ({ parentAssetId }: DetailedAsset): boolean => parentAssetId === null;

/** The assets of each site of an account, ordered by id; sites in the order of the assets. */
function toTrees(assets: readonly DetailedAsset[]): DetailedAsset[][] {
  const children = new Map<number, DetailedAsset[]>();
  for (const asset of assets.filter((one) => !isRoot(one))) {
    const siblings = children.get(asset.parentAssetId!);
    if (siblings) siblings.push(asset);
    else children.set(asset.parentAssetId!, [asset]);
  }
  return assets.filter(isRoot).map((root) => {
    const tree = [root];
    // Grows while it is read.
    for (const { id } of tree) tree.push(...(children.get(id) ?? []));
    return tree.sort((one, other) => one.id - other.id);
  });
}

/** Sites that are read together: as many as have not too many parts, at least one. */
function inPortions(sites: readonly FoundSite[]): FoundSite[][] {
  const portions: FoundSite[][] = [];
  let parts = Infinity;
  for (const site of sites) {
    parts += site.parts.length;
    if (parts > MAX_PARTS_AT_ONCE) {
      portions.push([]);
      parts = site.parts.length;
    }
    portions.at(-1)!.push(site);
  }
  return portions;
}

function toFineBalance(
  { parts, unusedSensors }: FoundSite,
  powers: ReadonlyMap<SitePart, Float64Array>,
  money: SitePrices | undefined,
  { steps, nowMs, canRead, calendar: given }: Reading,
): FineBalance {
  const notes = unusedSensors
    .filter(canRead)
    .map(
      ({ name, asset }) => `${name} of ${asset.name} is not in the flexibility of the site: it is left out.`,
    );
  const known = readable(parts, canRead);
  for (let hidden = known.length; hidden < parts.length; hidden++)
    notes.push('You may not read the power of a part of this site, so its import is not known.');
  const flows = toFlows(
    parts.map((part) => ({
      kind: part.kind,
      powerKw: powers.get(part) ?? new Float64Array(steps.steps).fill(NaN),
    })),
    parts.length === 0 ? 0 : steps.steps,
  );
  const calendar = given ?? calendarOf(steps, known[0]?.sensor.timezone ?? 'UTC');
  const days = calendar.days.map(({ date, ...range }) => ({
    date,
    ...sumFlows(flows, money?.prices, { ...range, stepHours: STEP_MS / HOUR_MS }),
  }));
  return {
    ...{ startMs: steps.startMs, steps, nowMs, calendar, flows, notes, parts: known },
    ...{ currency: money?.currency ?? null, days: parts.length === 0 ? [] : days },
  };
}

/** @throws DomainError BALANCE_WINDOW_INVALID */
function toSteps({ startMs, endMs }: BalanceWindow): Steps {
  const invalid = (field: string, message: string) =>
    new DomainError('BALANCE_WINDOW_INVALID', message, field);
  if (endMs <= startMs) throw invalid('end', 'Must be after the start.');
  if (endMs - startMs > LONGEST_MS) throw invalid('end', 'Must be at most 31 days after the start.');
  const firstMs = floorToStep(startMs, STEP_MS, 'UTC');
  return { startMs: firstMs, stepMs: STEP_MS, steps: Math.ceil((endMs - firstMs) / STEP_MS) };
}

const hasParts = ({ parts }: FineBalance): boolean => parts.length > 0;

function calendarOf({ startMs, stepMs, steps }: Steps, zone: string): Calendar {
  const days: Calendar['days'] = [];
  for (let step = 0; step < steps; step++) {
    const date = formatInstant(startMs + step * stepMs, zone).slice(0, 10);
    const last = days.at(-1);
    if (last?.date === date) last.until = step + 1;
    else days.push({ date, from: step, until: step + 1 });
  }
  return { zone, days };
}

function emptyBalance(steps: Steps, nowMs: number): FineBalance {
  const { startMs } = steps;
  return {
    startMs,
    steps,
    nowMs,
    calendar: { zone: 'UTC', days: [] },
    currency: null,
    flows: toFlows([], 0),
    days: [],
    parts: [],
    notes: [],
  };
}

function toShown({ steps, flows, calendar: { zone }, ...balance }: FineBalance): Balance {
  const isShort = steps.steps * STEP_MS <= SHORT_MS;
  const stepMs = isShort ? STEP_MS : HOUR_MS;
  return { ...balance, zone, stepMs, flows: isShort ? flows : coarsen(flows, HOUR_MS / STEP_MS) };
}
