import { Inject, Injectable } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { EnergyBalances, SitePartsService, type SitePart } from '#lib/balance';
import { BeliefsService } from '#lib/beliefs';
import { JobsService, type Job } from '#lib/queues';
import { SCHEDULE_JOB, sensorIdOf, type ScheduleJobResult } from '#lib/scheduling';
import { canRead, COMPUTED_SOURCE_TYPES, SensorsService, type Sensor } from '#lib/sensors';
import { CLOCK, HOUR_MS, startOfDay, type Clock } from '#lib/time';
import { quantityTo } from '#lib/units';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { ReadableJobs } from '../../v3/jobs/readable-jobs.service';
import { shownNumber } from '../graphs/latest-values.service';
import { endOfPlan, findCurrentPlan } from '../plans/current-plan';
import { dayInWords } from './balance-content';
import { planContent, stocksInWords } from './plan-content';

/** A name and its text, with more about it. */
export interface NowFact {
  name: string;
  value: string;
  detail?: string;
  path?: string;
}

/** What an asset does now, and what its newest plan says. */
export interface AssetNow {
  facts: NowFact[];
  plan?: ReturnType<typeof planContent> & { stocks: string[] };
  /** How energy flows today, in a sentence. */
  today?: string;
}

/** Older values are not about now. */
const CURRENT_MS = 6 * HOUR_MS;

/** Among so many of the newest schedules, the one that holds is looked for. */
const MAX_JOBS = 20;

const VERBS: Record<SitePart['kind'], [consumes: string, produces: string]> = {
  storage: ['charging', 'discharging'],
  production: ['consuming', 'producing'],
  flexible: ['consuming', 'producing'],
  load: ['consuming', 'producing'],
};

/** Tells what an asset does now. */
@Injectable()
export class AssetNowService {
  constructor(
    private readonly parts: SitePartsService,
    private readonly balances: EnergyBalances,
    private readonly beliefs: BeliefsService,
    private readonly sensors: SensorsService,
    private readonly jobs: JobsService,
    private readonly readable: ReadableJobs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(asset: DetailedAsset, user: ApiUser): Promise<AssetNow> {
    const part = await this.parts.findOwn(asset);
    const mayRead = canRead(user);
    const power = part && mayRead(part.sensor) ? await this.powerOf(part) : [];
    const soc = await this.socSensorOf(asset);
    const stock = soc && mayRead(soc) ? await this.stockOf(soc, asset) : [];
    const job = await this.findPlan(asset, user);
    return {
      facts: [...power, ...stock],
      plan: job && {
        ...planContent(job, asset.id, part?.sensor.timezone ?? soc?.timezone ?? 'UTC'),
        stocks: soc && mayRead(soc) ? await this.plannedStocks(job, soc, asset) : [],
      },
      today: await this.today(asset, user),
    };
  }

  /** The last measured power. */
  private async powerOf({ sensor, sign, kind }: SitePart): Promise<NowFact[]> {
    const last = await this.lastMeasured(sensor);
    if (!last) return [];
    const value = sign * last.value;
    const verb = value === 0 ? 'idle' : VERBS[kind][value > 0 ? 0 : 1];
    const text = `${shownNumber(Math.abs(value))} ${sensor.unit}`;
    return [{ name: 'Power', value: text, detail: verb, path: `/sensors/${sensor.id}` }];
  }

  private async socSensorOf({ flexModel }: DetailedAsset): Promise<Sensor | undefined> {
    const id = sensorIdOf(flexModel['state-of-charge']);
    return id === undefined ? undefined : this.sensors.find(id);
  }

  /** The last measured state of charge, as share of the largest one. */
  private async stockOf(sensor: Sensor, asset: DetailedAsset): Promise<NowFact[]> {
    const last = await this.lastMeasured(sensor);
    if (!last) return [];
    const max = limitOf(asset, 'soc-max', sensor.unit);
    const text = `${shownNumber(last.value)} ${sensor.unit}`;
    const path = `/sensors/${sensor.id}`;
    if (max === undefined || sensor.unit === '%') return [{ name: 'State of charge', value: text, path }];
    const share = `${Math.round((100 * last.value) / max)} %`;
    return [
      {
        name: 'State of charge',
        value: share,
        detail: `${shownNumber(last.value)} of ${shownNumber(max)} ${sensor.unit}`,
        path,
      },
    ];
  }

  private async lastMeasured(sensor: Sensor) {
    const nowMs = this.clock.now();
    return this.beliefs.findLastEvent(sensor, {
      ...{ eventStartsAfterMs: nowMs - CURRENT_MS, eventStartsBeforeMs: nowMs + 1, beliefsBeforeMs: nowMs },
      excludeSourceTypes: COMPUTED_SOURCE_TYPES,
    });
  }

  /** The schedule that holds, if the user may read all that it read. */
  private async findPlan(asset: DetailedAsset, user: ApiUser): Promise<Job | undefined> {
    const own = await this.sensors.listByAsset(asset.id);
    const ids = own.map(({ id }) => id);
    const filter = { kind: SCHEDULE_JOB, state: 'finished' } as const;
    const job = findCurrentPlan(await this.jobs.listAbout(asset.id, ids, MAX_JOBS, filter), this.clock.now());
    // A user who may not read it sees no plan here.
    return job && this.readable.find(job.id, user);
  }

  private async plannedStocks(job: Job, sensor: Sensor, asset: DetailedAsset): Promise<string[]> {
    const result = job.result as ScheduleJobResult;
    const { sourceId, beliefTime } = result;
    // What an earlier plan says of a later time is no part of this one.
    const planned = await this.beliefs.latestPerEvent(sensor, {
      ...{ eventStartsAfterMs: this.clock.now(), eventStartsBeforeMs: endOfPlan(result) + 1 },
      sourceIds: [sourceId],
      beliefsBeforeMs: Date.parse(beliefTime),
    });
    const bounds = {
      min: limitOf(asset, 'soc-min', sensor.unit),
      max: limitOf(asset, 'soc-max', sensor.unit),
    };
    return stocksInWords(planned, bounds, sensor.timezone);
  }

  private async today(asset: DetailedAsset, user: ApiUser): Promise<string | undefined> {
    const nowMs = this.clock.now();
    const { parts } = await this.parts.find(asset);
    const zone = parts.find(({ sensor }) => canRead(user)(sensor))?.sensor.timezone;
    if (zone === undefined) return undefined;
    const window = { startMs: startOfDay(nowMs, zone), endMs: nowMs };
    if (window.endMs <= window.startMs) return undefined;
    const { days, currency } = await this.balances.ofSite(asset, window, canRead(user));
    const day = days.at(-1);
    return day && dayInWords(day, currency, asset.parentAssetId !== null);
  }
}

/** A limit of the flex-model in a unit; undefined if it is not stored as one quantity. */
function limitOf({ flexModel }: DetailedAsset, name: string, unit: string): number | undefined {
  if (unit === '%') return name === 'soc-max' ? 100 : 0;
  const value = flexModel[name];
  if (typeof value !== 'string') return undefined;
  try {
    return quantityTo(value, unit);
  } catch {
    return undefined; // A percentage, or a unit of another kind.
  }
}
