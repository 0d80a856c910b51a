import type { CommitmentCost } from '../model';
import type { ComputedSiteSchedule } from './site-scheduling.service';
import {
  findSensorId,
  toJobConflicts,
  toJobKpis,
  toJobLimits,
  toJobWithoutFlexibility,
  type JobConflict,
  type JobKpis,
  type JobLimits,
  type JobWithoutFlexibility,
} from './schedule-report';

/** As CommitmentCost, with the sensor instead of the device. */
export interface JobCommitment extends Omit<CommitmentCost, 'device'> {
  sensorId?: number;
}

/** What a schedule costs and does, and what it does not keep. */
export interface ScheduleOutcome {
  /** null if unknown (custom schedulers). */
  cost: number | null;
  currency: string | null;
  commitments: JobCommitment[];
  /** Proven upper limit of the possible cost reduction, in the currency; null if there is no proof. */
  gap: number | null;
  fallbackReason?: string;
  /** Contradicting constraints. Empty unless the schedule is a fallback. */
  conflicts: JobConflict[];
  /** Limits that the schedule does not keep, and those that it keeps; jobs of earlier versions lack them. */
  unresolved?: JobLimits[];
  resolved?: JobLimits[];
  kpis: JobKpis;
  /** What would happen without the schedule; null if unknown. Jobs of earlier versions lack it. */
  withoutFlexibility?: JobWithoutFlexibility | null;
  warnings: string[];
  /** What was used, about which nothing is wrong; jobs of earlier versions lack it. */
  remarks?: string[];
}

/** Describes a schedule, stored or not. */
export function toOutcome(computed: ComputedSiteSchedule): ScheduleOutcome {
  const { problem, result, currency, warnings, remarks, isCustom } = computed;
  const { cost, commitments, gap, fallbackReason, conflicts = [], devices } = result;
  const powers = devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  return {
    cost: Number.isNaN(cost) ? null : cost,
    currency: currency === '' ? null : currency,
    commitments: commitments.map(({ device, ...rest }) => ({
      ...rest,
      sensorId: findSensorId(device),
    })),
    gap: Number.isNaN(gap) ? null : gap,
    fallbackReason,
    conflicts: toJobConflicts(conflicts, computed),
    ...toJobLimits(computed.limits, computed, computed.asset.id),
    kpis: {
      ...toJobKpis(problem, powers),
      // Unknown for custom schedulers: they do not tell production from storage.
      ...(isCustom ? { selfConsumption: null } : {}),
    },
    withoutFlexibility: isCustom ? null : toJobWithoutFlexibility(problem),
    warnings,
    remarks,
  };
}
