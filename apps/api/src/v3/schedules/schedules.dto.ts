import { isNominal, parseDuration } from '#lib/time';
import { Field, ListField, DeferredObjectField, DeferredListField } from '../../http/schema/field';
import { jsonObject } from '../../http/schema/json-kinds';
import {
  choice,
  duration,
  flag,
  instant,
  nullable,
  schemaOnly,
  text,
  unit,
  type Kind,
} from '../../http/schema/kinds';
import { COMMITMENT_COST, KPIS, OUTCOME } from '../jobs/jobs.dto';
import { FlexContext, FlexModel, SiteFlexModel, TopLevelFlexFields } from './flex.dto';

/** Length of a step; without days, months or years, whose length varies. */
const stepLength: Kind = {
  ...duration(),
  explain: (value) => {
    const reason = duration().explain(value);
    if (reason !== undefined) return reason;
    return isNominal(parseDuration(value as string))
      ? 'The resolution must have a fixed length: use hours, minutes or seconds.'
      : undefined;
  },
};

const OPTIONAL = { optional: true };

/** Common fields of triggers and previews: period, resolution and latest belief time. */
class PlannedPeriod {
  @Field(instant())
  start!: string;

  @Field(duration(), OPTIONAL)
  duration?: string;

  @Field(stepLength, OPTIONAL)
  resolution?: string;

  @Field(instant(), OPTIONAL)
  prior?: string;
}

/** Common fields of triggers: also whether to compute again. */
class SchedulePeriod extends PlannedPeriod {
  @Field(flag(), { default: false, also: ['force-new-job-creation'] })
  force_new_job_creation?: boolean;
}

/** A schedule to compute. Fields of flex-model and flex-context at the top level are deprecated. */
@TopLevelFlexFields()
export class SchedulePost extends SchedulePeriod {
  @DeferredObjectField(() => FlexModel, OPTIONAL)
  'flex-model'?: object;

  @DeferredObjectField(() => FlexContext, OPTIONAL)
  'flex-context'?: object;
}

/** Schedules to compute for the devices of a site. */
export class SiteSchedulePost extends SchedulePeriod {
  @DeferredListField(() => SiteFlexModel, { optional: true, maxItems: 1000 })
  'flex-model'?: object[];

  @DeferredObjectField(() => FlexContext, OPTIONAL)
  'flex-context'?: object;

  @Field(flag(), { default: false })
  sequential?: boolean;
}

/** What the asset would store, in place of what it stores. */
export class TriedFlexibility {
  @Field(jsonObject(), OPTIONAL)
  flex_model?: Record<string, unknown>;

  @Field(jsonObject(), OPTIONAL)
  flex_context?: Record<string, unknown>;
}

/** Schedules to see without storing anything. */
export class SiteSchedulePreviewPost extends PlannedPeriod {
  @DeferredListField(() => SiteFlexModel, { optional: true, maxItems: 1000 })
  'flex-model'?: object[];

  @DeferredObjectField(() => FlexContext, OPTIONAL)
  'flex-context'?: object;

  @Field(flag(), { default: false })
  sequential?: boolean;

  @DeferredObjectField(() => TriedFlexibility, OPTIONAL)
  flexibility?: object;
}

/** How much of a schedule to return. */
export class ScheduleQuery {
  @Field(duration(), { default: 'PT6H' })
  duration?: string;

  @Field(unit({ maxLength: 80 }), OPTIONAL)
  unit?: string;

  @Field(choice('consumption-positive', 'production-positive', 'wysiwyg'), {
    default: 'consumption-positive',
  })
  'sign-convention'?: 'consumption-positive' | 'production-positive' | 'wysiwyg';
}

/** A schedule was queued. */
export class ScheduleReceipt {
  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'string', format: 'uuid' }))
  schedule!: string;

  @Field(schemaOnly({ type: 'string', format: 'uuid' }))
  job!: string;

  @Field(text())
  'job-url'!: string;

  @Field(text())
  'results-url'!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';
}

/** Who made a schedule. */
export class SchedulerInfo {
  @Field(text())
  scheduler!: string;
}

/** A schedule, or the first part of it. */
export class Schedule {
  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'string', format: 'date-time' }))
  start!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';

  @Field(text())
  unit!: string;

  @Field(schemaOnly({ type: 'array', items: { type: 'number' } }))
  values!: number[];

  @Field(() => SchedulerInfo)
  scheduler_info!: SchedulerInfo;
}

/** The schedule of one device of a site; consumption is positive. */
export class DeviceSchedule {
  @Field(schemaOnly({ type: 'integer' }))
  sensor!: number;

  @Field(text())
  unit!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  resolution!: string;

  @Field(schemaOnly({ type: 'array', items: { type: 'number' } }))
  values!: number[];
}

/** The schedules of a site's devices, and their cost. */
export class SiteSchedule {
  @Field(schemaOnly({ type: 'array', items: COMMITMENT_COST }))
  commitments!: unknown[];

  @Field(schemaOnly({ type: 'number', nullable: true }))
  cost!: number | null;

  @Field(nullable(text()))
  currency!: string | null;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(text())
  message!: string;

  @ListField(() => DeviceSchedule)
  schedules!: DeviceSchedule[];

  @Field(schemaOnly({ type: 'string', format: 'date-time' }))
  start!: string;

  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';
}

/** What a device would do. */
export class DevicePreview {
  @Field(schemaOnly({ type: 'integer' }))
  sensor!: number;

  @Field(text())
  unit!: string;

  @Field(schemaOnly({ type: 'array', items: { type: 'number' } }))
  values!: number[];

  @Field(schemaOnly({ type: 'array', items: { type: 'number' }, nullable: true }))
  state_of_charge!: number[] | null;
}

/** What schedules would do. */
export class SchedulePreview {
  @Field(choice('PROCESSED'))
  status!: 'PROCESSED';

  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'string', format: 'date-time' }))
  start!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  duration!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  resolution!: string;

  @Field(schemaOnly(OUTCOME.cost))
  cost!: number | null;

  @Field(nullable(text()))
  currency!: string | null;

  @Field(schemaOnly(OUTCOME.commitments))
  commitments!: unknown[];

  @Field(schemaOnly(OUTCOME.gap))
  gap!: number | null;

  @Field(nullable(text()))
  fallback_reason!: string | null;

  @Field(schemaOnly(OUTCOME.conflicts))
  conflicts!: unknown[];

  @Field(schemaOnly(OUTCOME.unresolved))
  unresolved!: unknown[];

  @Field(schemaOnly(OUTCOME.resolved))
  resolved!: unknown[];

  @Field(schemaOnly(KPIS))
  kpis!: unknown;

  @Field(schemaOnly(OUTCOME.without_flexibility))
  without_flexibility!: unknown;

  @Field(schemaOnly(OUTCOME.warnings))
  warnings!: string[];

  @Field(schemaOnly(OUTCOME.remarks))
  remarks!: string[];

  @ListField(() => DevicePreview)
  devices!: DevicePreview[];
}
