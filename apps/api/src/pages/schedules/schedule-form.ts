import { instantOf } from '../forms/local-times';

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

/** Fields of the form by those of the API. */
export const FIELDS_BY_API_NAME: Readonly<Record<string, string>> = {
  'soc-at-start': 'soc_at_start',
  'soc-targets': 'target',
  'soc-targets.0.datetime': 'target_time',
  'consumption-price-sensor': 'price_sensor',
};

/** The form as a request of the API. */
export function toScheduleBody(form: ScheduleForm, zone: string, nowMs: number): object {
  const { start, duration, soc_at_start: soc, target, target_time: time, price_sensor: prices } = form;
  const isTarget = target !== '' || time !== '';
  return {
    start: instantOf(start, zone, nowMs),
    ...(duration !== '' && { duration }),
    'flex-model': {
      ...(soc !== '' && { 'soc-at-start': soc }),
      ...(isTarget && { 'soc-targets': [{ value: target, datetime: instantOf(time, zone, nowMs) }] }),
    },
    'flex-context': prices === '' ? {} : { 'consumption-price-sensor': Number(prices) },
  };
}
