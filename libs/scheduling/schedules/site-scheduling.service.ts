import { Inject, Injectable } from '@nestjs/common';
import type { Calculator } from '#lib/compute';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import type { Sensor } from '#lib/sensors';
import { CustomSchedulers } from '../custom/custom-schedulers';
import { digest } from '../inputs/input-fingerprint';
import { recordingsOf, ScheduleRecorder, type StoredOutput } from './schedule-recorder';
import { getDeviceId, type ValidatedRequest, type SiteInput, SiteInputs } from '../inputs/site-inputs';
import { type LimitReport, reportLimits, wrapCustomSchedule, type SiteSchedule } from '../model';
import type { SiteScheduleRequest } from '../requests/schedule-request';
import { type SchedulerIdentity, ScheduleStore } from '../store/schedule-store';
import { SCHEDULE_STORED } from '../store/schedules.events';
import { CALCULATOR, SCHEDULE_SEQUENTIALLY, SCHEDULE_SITE } from './calculations';
import { assertFeasible, describeFallback, describeBreaches } from './schedule-report';

/** Computed schedules, not stored yet. */
export interface ComputedSiteSchedule extends SiteInput {
  result: SiteSchedule;
  /** How far the schedule keeps limits that may give way; empty for custom schedulers. */
  limits: LimitReport[];
  scheduler: SchedulerIdentity;
  beliefTimeMs: number;
}

/** Stored schedules. */
export interface StoredSiteSchedule extends ComputedSiteSchedule {
  /** The data source of the schedules. */
  sourceId: number;
  /** The sensors of flexible devices and of groups, for which schedules were stored. */
  scheduled: Sensor[];
  /** What was stored to which sensors, those of devices included. */
  recorded: StoredOutput[];
}

const AUTHOR = 'Seita';
const VERSION = '1';

/** The name of the scheduler, as in FlexMeasures: clients expect it, also of schedules for sites. */
const schedulerModel = ({ sensors, problem }: SiteInput): string =>
  sensors.length === 1 && problem.devices[0]?.kind === 'process' ? 'ProcessScheduler' : 'StorageScheduler';

/**
 * Schedules the devices of a site, or a single device: collects the inputs, optimises, and stores the schedule of each device
 * as beliefs.
 */
@Injectable()
export class SiteSchedulingService {
  constructor(
    private readonly inputs: SiteInputs,
    private readonly custom: CustomSchedulers,
    private readonly schedules: ScheduleStore,
    private readonly recorder: ScheduleRecorder,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(CALCULATOR) private readonly calculator: Calculator,
  ) {}

  /** @throws DomainError with the invalid field, UNKNOWN_PRICES, UNKNOWN_MARKET */
  async createSchedules(request: SiteScheduleRequest): Promise<StoredSiteSchedule> {
    return this.store(await this.compute(request));
  }

  /**
   * @throws DomainError with the invalid field, UNKNOWN_PRICES, UNKNOWN_MARKET, SCHEDULE_UNSOUND, or as
   *   CustomSchedulers.compute
   * @param onResolved called when the request is known to be valid, before the work
   */
  async compute(
    request: SiteScheduleRequest,
    onResolved?: (frame: ValidatedRequest) => void,
  ): Promise<ComputedSiteSchedule> {
    const frame = await this.inputs.resolve(request);
    onResolved?.(frame);
    if (frame.isCustom) return this.computeCustom(request, frame);
    const input = await this.inputs.collect(request, frame);
    const calculation = request.sequential ? SCHEDULE_SEQUENTIALLY : SCHEDULE_SITE;
    const computed = await this.calculator.run(calculation, input.problem);
    assertFeasible(input.problem, computed, input);
    const result = describeFallback(computed, input);
    const powers = result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
    const limits = reportLimits(input.problem, powers);
    const warnings = [...input.warnings, ...result.warnings, ...describeBreaches(limits, computed, input)];
    const scheduler = { author: AUTHOR, model: schedulerModel(input), version: VERSION };
    return { ...input, result, limits, scheduler, warnings, beliefTimeMs: request.beliefTimeMs };
  }

  /** Runs a custom scheduler. Its schedule has only power; costs are unknown. */
  private async computeCustom(
    { flexModel, flexContext, beliefTimeMs }: SiteScheduleRequest,
    frame: ValidatedRequest,
  ): Promise<ComputedSiteSchedule> {
    const { window, notes } = frame;
    const sensor = frame.sensors[0]!;
    const attributes = { ...(await this.inputs.findAttributes(sensor.asset)), ...sensor.attributes };
    const request = {
      sensor,
      attributes,
      window,
      flexModel: flexModel[0]!,
      flexContext,
      beliefTimeMs,
      reader: frame,
    };
    const { powerMw, scheduler, warnings, readIds } = await this.custom.compute(request);
    const { problem, result } = wrapCustomSchedule(getDeviceId(sensor), powerMw, window.stepMs / 3_600_000);
    const input = {
      ...frame,
      problem,
      names: new Map(),
      currency: '',
      warnings: [...notes, ...warnings],
      remarks: [],
      readIds,
    };
    return { ...input, result, limits: [], scheduler, beliefTimeMs };
  }

  /** Stores the schedules of all flexible devices and what else is recorded of them, all or nothing. */
  store(computed: ComputedSiteSchedule): Promise<StoredSiteSchedule> {
    const { window, scheduler, beliefTimeMs } = computed;
    return this.transactions.run(async () => {
      const sourceId = await this.schedules.findOrCreateSource(scheduler);
      const recordings = recordingsOf(computed);
      const digests = new Map<number, string>();
      // Writers to the same sensors must lock them in the same order.
      for (const recording of [...recordings].sort((one, other) => one.sensor.id - other.sensor.id)) {
        const values = await this.recorder.record(recording, { window, sourceId, beliefTimeMs });
        digests.set(recording.sensor.id, digest(values));
      }
      const scheduled = recordings.filter(({ isDevice }) => isDevice).map(({ sensor }) => sensor);
      this.events.emit(SCHEDULE_STORED, {
        ...{ sensorIds: scheduled.map(({ id }) => id), sourceId, beliefTimeMs },
        ...{ startMs: window.startMs, endMs: window.startMs + window.steps * window.stepMs },
      });
      const outputs = recordings.map(({ sensor, recordedAs, device }): StoredOutput => ({
        ...{ sensorId: sensor.id, recordedAs, digest: digests.get(sensor.id)! },
        device: device === undefined ? undefined : computed.sensors[device]!.id,
      }));
      return { ...computed, sourceId, scheduled, recorded: outputs };
    });
  }
}
