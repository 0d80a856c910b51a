import { BeliefsService } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import { ForecastingService } from '#lib/forecasting';
import {
  parseScheduleJob,
  ScheduleJobsService,
  SiteSchedulingService,
  StoredFlexibility,
  toScheduleRequest,
  type ScheduleJob,
  type StoredSiteSchedule,
} from '#lib/scheduling';
import { SourcesService, type Sensor } from '#lib/sensors';
import { DAY_MS, floorToStep, HOUR_MS, WEEK_MS } from '#lib/time';
import { toSixDecimals } from '#lib/units';
import type { Services } from '../../../../app/services';
import { TOY_TIMEZONE } from '../toy-structure';
import {
  carAt,
  leavesAt,
  pick,
  publishedUntilMs,
  STEP_MS,
  type BuildingData,
  type Series,
} from './building-data';
import { CAR_POWER_KW, CAR_TARGET_KWH, type Building } from './building-structure';

/** How long the demo has been running, and how often it planned. */
const HISTORY_MS = 2 * WEEK_MS;
const REPLAN_MS = 6 * HOUR_MS;

/** How far forecasts and plans reach. */
const FORECAST_MS = 36 * HOUR_MS;
const PLAN_MS = DAY_MS;

/** How far ahead the trips of the car are known. */
const TRIPS_MS = WEEK_MS;

/** States of charge when the demo starts, kWh. */
const SOC_AT_START = { battery: 5, car: 30 };

/** What happened in the last two weeks, as far as the devices decide it. */
type States = typeof SOC_AT_START;

/** Tells how much is done: a share from 0 to 1. */
type Progress = (share: number) => void;

/** Writes the history of a building: measurements, and forecasts and schedules as they were made at their time. */
export class BuildingHistory {
  private sourceId = 0;

  constructor(
    private readonly services: Services,
    private readonly building: Building,
    private readonly data: BuildingData,
    private readonly nowMs: number,
  ) {}

  /** @returns the id of the job that makes the newest plan, when a server or worker runs it */
  async write(progress: Progress): Promise<string> {
    this.sourceId = await this.services(SourcesService).findOrCreate({
      name: 'demo-building',
      type: 'demo script',
      model: '',
      version: '',
    });
    await this.saveRecorded();
    // Without statistics of the new rows, PostgreSQL would read all of them for each plan.
    await this.services(Transactions).query('ANALYZE timed_belief');
    const lastMs = floorToStep(this.nowMs, STEP_MS, 'UTC');
    let states: States = SOC_AT_START;
    for (let planMs = lastMs - HISTORY_MS; planMs < lastMs; planMs += REPLAN_MS) {
      await this.forecast(planMs);
      const plan = await this.plan(planMs, states);
      states = await this.follow(plan, planMs, Math.min(planMs + REPLAN_MS, lastMs));
      progress((planMs + REPLAN_MS - lastMs + HISTORY_MS) / HISTORY_MS);
    }
    await this.forecast(lastMs);
    return this.queuePlan(lastMs);
  }

  /** What the series and the calendar of the car say. Prices are known up to tomorrow, once they are published. */
  private async saveRecorded(): Promise<void> {
    const { sensors } = this.building;
    const { consumption, solar, price } = this.data;
    await this.save(sensors.consumption, pick(consumption, 0, floorToStep(this.nowMs, STEP_MS, 'UTC')));
    await this.save(sensors.solar, pick(solar, 0, floorToStep(this.nowMs, STEP_MS, 'UTC')));
    await this.save(sensors.price, pick(price, 0, publishedUntilMs(this.nowMs, TOY_TIMEZONE)));
    const startMs = floorToStep(this.nowMs, STEP_MS, 'UTC') - HISTORY_MS;
    const steps = (HISTORY_MS + TRIPS_MS) / STEP_MS;
    const starts = Array.from({ length: steps }, (_, step) => startMs + step * STEP_MS);
    const car = starts.map((ms) => carAt(ms, TOY_TIMEZONE));
    const known = { startMs, stepMs: STEP_MS };
    const available = car.map(({ isHome }) => (isHome ? CAR_POWER_KW : 0));
    await this.saveKnown(sensors.carAvailable, { ...known, values: available });
    await this.saveKnown(sensors.carDriving, { ...known, values: car.map(({ drivingKw }) => drivingKw) });
    for (const ms of starts.filter((start) => leavesAt(start, TOY_TIMEZONE)))
      await this.saveKnown(sensors.carNeeded, { startMs: ms, stepMs: STEP_MS, values: [CAR_TARGET_KWH] });
  }

  /** Saves measurements: known at the end of each event. Prices have a rule of their own. */
  private save(sensor: Sensor, series: Series): Promise<void> {
    return this.saveWithHorizon(sensor, series, 0);
  }

  /** Saves what is known a week before. */
  private saveKnown(sensor: Sensor, series: Series): Promise<void> {
    return this.saveWithHorizon(sensor, series, TRIPS_MS);
  }

  private async saveWithHorizon(sensor: Sensor, series: Series, horizonMs: number): Promise<void> {
    const { startMs, stepMs, values } = series;
    await this.services(BeliefsService).save(sensor, {
      eventStarts: Float64Array.from(values, (_, step) => startMs + step * stepMs),
      beliefHorizons: new Float64Array(values.length).fill(horizonMs),
      sourceIds: new Int32Array(values.length).fill(this.sourceId),
      cumulativeProbabilities: new Float64Array(values.length).fill(0.5),
      values: Float64Array.from(values),
    });
  }

  private async forecast(viewpointMs: number): Promise<void> {
    const { consumption, solar } = this.building.sensors;
    for (const { id: sensorId } of [consumption, solar]) {
      const events = { sensorId, viewpointMs, fromMs: viewpointMs, untilMs: viewpointMs + FORECAST_MS };
      await this.services(ForecastingService).createForecasts(events, this.nowMs);
    }
  }

  private plan(beliefTimeMs: number, { battery, car }: States): Promise<StoredSiteSchedule> {
    const { sensors } = this.building;
    const job = this.jobAt(beliefTimeMs, [
      { sensor: sensors.battery.id, 'soc-at-start': `${battery} kWh` },
      { sensor: sensors.car.id, 'soc-at-start': `${car} kWh` },
    ]);
    return this.services(StoredFlexibility).use(job, (completed) =>
      this.services(SiteSchedulingService).createSchedules(
        toScheduleRequest(parseScheduleJob({ ...job, ...completed }), beliefTimeMs),
      ),
    );
  }

  private async queuePlan(startMs: number): Promise<string> {
    const job = this.jobAt(startMs, []);
    const { id } = await this.services(StoredFlexibility).use(
      job,
      ({ flexModel, positions, parts, flexContext }) =>
        this.services(ScheduleJobsService).trigger({ ...job, flexModel, positions, parts, flexContext }),
    );
    return id;
  }

  private jobAt(startMs: number, flexModel: ScheduleJob['flexModel']): ScheduleJob {
    const time = new Date(startMs).toISOString();
    return {
      assetId: this.building.site.id,
      start: time,
      beliefTime: time,
      duration: `PT${PLAN_MS / HOUR_MS}H`,
      flexModel,
      flexContext: {},
    };
  }

  /** The devices do as planned: records their power, states of charge and the power of the site. */
  private async follow(
    { result, window, sensors: scheduled }: StoredSiteSchedule,
    fromMs: number,
    untilMs: number,
  ): Promise<States> {
    const { sensors } = this.building;
    const steps = Math.round((untilMs - fromMs) / window.stepMs);
    const done = { startMs: fromMs, stepMs: STEP_MS };
    // The devices that are scheduled come before those that are measured.
    const followed = ({ id }: Sensor) => {
      const { powerMw, socMwh } = result.devices[scheduled.findIndex((sensor) => sensor.id === id)]!;
      return {
        kw: toThousands(powerMw.subarray(0, steps)),
        kwh: toThousands(socMwh!.subarray(0, steps + 1)),
      };
    };
    const battery = followed(sensors.battery);
    const car = followed(sensors.car);
    await this.save(sensors.battery, { ...done, values: battery.kw });
    await this.save(sensors.car, { ...done, values: car.kw });
    // The state at the end is the first one of the next plan.
    await this.save(sensors.batterySoc, { ...done, values: battery.kwh });
    await this.save(sensors.carSoc, { ...done, values: car.kwh });
    const consumption = pick(this.data.consumption, fromMs, untilMs).values;
    const solar = pick(this.data.solar, fromMs, untilMs).values;
    const grid = battery.kw.map((power, step) => power + car.kw[step]! + consumption[step]! - solar[step]!);
    await this.save(sensors.grid, { ...done, values: grid.map(toSixDecimals) });
    return { battery: battery.kwh.at(-1)!, car: car.kwh.at(-1)! };
  }
}

const toThousands = (values: Float64Array): number[] =>
  Array.from(values, (value) => toSixDecimals(value * 1000));
