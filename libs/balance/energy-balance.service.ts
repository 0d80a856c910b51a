import { Inject, Injectable } from '@nestjs/common';
import { AssetsService, type DetailedAsset } from '#lib/assets';
import { BeliefsService, type Steps } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { COMPUTED_SOURCE_TYPES, type Sensor } from '#lib/sensors';
import { CLOCK, DAY_MS, floorToStep, formatInstant, HOUR_MS, MINUTE_MS, type Clock } from '#lib/time';
import { convertValues } from '#lib/units';
import {
  addFlows,
  addTotals,
  coarsen,
  sumFlows,
  toFlows,
  type Flows,
  type PartPower,
  type Totals,
} from './model';
import { SitePartsService, type SitePart } from './site-parts.service';
import { SitePricesService } from './site-prices.service';

/** The steps in which flows are added up: within a step, import and export cancel. */
const STEP_MS = 15 * MINUTE_MS;
const LONGEST_MS = 31 * DAY_MS;

/** A longer window is shown in steps of an hour. */
const SHORT_MS = 3 * DAY_MS;

/** More sites of an account are left out. */
const MAX_SITES = 100;

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
    return toShown(await this.readSite(site, toSteps(window), canRead));
  }

  /** The balance of all sites of an account: its assets that are in no other asset. @throws as `ofSite` */
  async ofAccount(accountId: number, window: BalanceWindow, canRead: CanRead): Promise<Balance> {
    const steps = toSteps(window);
    const roots = (await this.assets.listByAccount(accountId)).filter(
      ({ parentAssetId }) => parentAssetId === null,
    );
    const all: FineBalance[] = [];
    for (const site of roots.slice(0, MAX_SITES)) {
      // All sites have the days of the first one, so that days can be added up.
      const [first] = all.filter(hasParts);
      all.push(await this.readSite(site, steps, canRead, first?.calendar));
    }
    const sites = all.filter(hasParts);
    const notes = sites.flatMap((site) => site.notes);
    if (roots.length > MAX_SITES) notes.push(`Only ${MAX_SITES} of ${roots.length} sites are added up.`);
    const [first] = sites;
    if (!first) return toShown({ ...emptyBalance(steps, this.clock.now()), notes });
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

  /** @param given the days; by default those of the first part that can be read */
  private async readSite(
    site: DetailedAsset,
    steps: Steps,
    canRead: CanRead,
    given?: Calendar,
  ): Promise<FineBalance> {
    const { parts, unusedSensors } = await this.parts.find(site);
    const notes = unusedSensors
      .filter(canRead)
      .map(
        ({ name, asset }) =>
          `${name} of ${asset.name} is not in the flexibility of the site: it is left out.`,
      );
    const nowMs = this.clock.now();
    const powers: PartPower[] = [];
    for (const part of parts) {
      const { sensor, kind } = part;
      const isReadable = canRead(sensor);
      const powerKw = isReadable
        ? await this.readPower(part, steps, nowMs)
        : new Float64Array(steps.steps).fill(NaN);
      if (!isReadable)
        notes.push('You may not read the power of a part of this site, so its import is not known.');
      powers.push({ kind, powerKw });
    }
    const readable = parts.filter(({ sensor }) => canRead(sensor));
    const calendar = given ?? calendarOf(steps, readable[0]?.sensor.timezone ?? 'UTC');
    const flows = toFlows(powers, parts.length === 0 ? 0 : steps.steps);
    const money = parts.length === 0 ? undefined : await this.prices.read(site.id, steps, canRead);
    const days = calendar.days.map(({ date, ...range }) => ({
      date,
      ...sumFlows(flows, money?.prices, { ...range, stepHours: STEP_MS / HOUR_MS }),
    }));
    return {
      ...{ startMs: steps.startMs, steps, nowMs, calendar, flows, notes, parts: readable },
      ...{ currency: money?.currency ?? null, days: parts.length === 0 ? [] : days },
    };
  }

  /** kW, consumption positive: measured before now; then planned, or for parts that are not scheduled forecast. */
  private async readPower(
    { sensor, sign, isScheduled }: SitePart,
    steps: Steps,
    nowMs: number,
  ): Promise<Float64Array> {
    const before = { beliefsBeforeMs: nowMs, excludeSourceTypes: COMPUTED_SOURCE_TYPES };
    const after = {
      beliefsBeforeMs: nowMs,
      excludeSourceTypes: [isScheduled ? 'forecasting script' : 'scheduling script'],
    };
    const measured = await this.beliefs.latestOnSteps(sensor, steps, before);
    const planned = await this.beliefs.latestOnSteps(sensor, steps, after);
    const first = Math.floor((nowMs - steps.startMs) / steps.stepMs);
    const values = measured.map((value, step) => (step < first ? value : planned[step]!));
    return convertValues(values, sensor.unit, 'kW').map((value) => sign * value);
  }
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
