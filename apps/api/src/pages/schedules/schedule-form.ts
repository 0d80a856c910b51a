import type { FlexGroup } from '#lib/scheduling/model/flex';
import { instantOf } from '../forms/local-times';
import {
  POWER_FIELDS,
  SITE_SUBJECT,
  STORAGE_FIELDS,
  timedName,
  type TimedSubject,
  type TimedValues,
} from './timed-rows';

/** What a person types to get a schedule; empty texts are not sent. */
export interface ScheduleForm {
  /** On the clock of the sensor: "2026-03-04T07:00". */
  start: string;
  duration: string;
  soc_at_start: string;
  target: string;
  target_time: string;
  /** Id of the sensor of prices. */
  price_sensor: string;
}

export const SCHEDULE_FIELDS = [
  'start',
  'duration',
  'soc_at_start',
  'target',
  'target_time',
  'price_sensor',
] as const satisfies (keyof ScheduleForm)[];

/** What a form about a device and its site offers for certain times of one schedule. */
export const TIMED_SUBJECTS: readonly TimedSubject[] = [
  { title: 'The device', group: 'flex-model', fields: [...STORAGE_FIELDS, ...POWER_FIELDS] },
  SITE_SUBJECT,
];

/** The form as a request of the API. @param timed rows of times */
export function toScheduleBody(
  form: ScheduleForm,
  zone: string,
  nowMs: number,
  timed: readonly TimedValues[] = [],
): object {
  const { start, duration, soc_at_start: soc, price_sensor: prices } = form;
  const { [TARGETS]: rows = [], ...model } = timedOf(timed, 'flex-model');
  const targets = [
    ...(hasTarget(form) ? [{ value: form.target, datetime: instantOf(form.target_time, zone, nowMs) }] : []),
    ...(rows as object[]),
  ];
  return {
    start: instantOf(start, zone, nowMs),
    ...(duration !== '' && { duration }),
    'flex-model': {
      ...(soc !== '' && { 'soc-at-start': soc }),
      ...(targets.length > 0 && { [TARGETS]: targets }),
      ...model,
    },
    'flex-context': {
      ...(prices !== '' && { 'consumption-price-sensor': Number(prices) }),
      ...timedOf(timed, 'flex-context'),
    },
  };
}

/** Fields of the form by those of the API. @param timed rows of times */
export function namesByApi(form: ScheduleForm, timed: readonly TimedValues[]): Record<string, string> {
  const names: Record<string, string> = {
    'soc-at-start': 'soc_at_start',
    'consumption-price-sensor': 'price_sensor',
    [TARGETS]: 'target',
  };
  for (const { subject, values } of timed)
    for (const field of Object.keys(values)) names[field] = timedName(subject, field);
  // The target that is typed beside its time comes before those of rows.
  if (hasTarget(form)) {
    names[`${TARGETS}.0`] = 'target';
    names[`${TARGETS}.0.datetime`] = 'target_time';
  }
  return names;
}

const TARGETS = 'soc-targets';

const hasTarget = ({ target, target_time: time }: ScheduleForm): boolean => target !== '' || time !== '';

const timedOf = (timed: readonly TimedValues[], group: FlexGroup): Record<string, unknown> =>
  Object.fromEntries(
    timed.flatMap(({ subject, values }) => (subject.group === group ? Object.entries(values) : [])),
  );
