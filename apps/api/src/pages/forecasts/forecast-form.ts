import { instantOf } from '../forms/local-times';

/** What a person types to get forecasts; empty texts are not sent. */
export interface ForecastForm {
  /** On the clock of the sensor: "2026-03-04T07:00". */
  start: string;
  duration: string;
  model: string;
  /** Id of a sensor whose forecasts help. */
  regressor: string;
  /** `on` if values below zero are impossible. */
  positive: string;
}

export const FORECAST_FIELDS = [
  'start',
  'duration',
  'model',
  'regressor',
  'positive',
] as const satisfies (keyof ForecastForm)[];

/** Fields of the form by those of the API. */
export const FIELDS_BY_API_NAME: Readonly<Record<string, string>> = {
  'config.model': 'model',
  'config.regressors': 'regressor',
  'config.ensure-positive': 'positive',
};

/** The form as a request of the API. */
export function toForecastBody(form: ForecastForm, zone: string, nowMs: number): object {
  const { start, duration, model, regressor, positive } = form;
  return {
    ...(start !== '' && { start: instantOf(start, zone, nowMs) }),
    ...(duration !== '' && { duration }),
    config: {
      ...(model !== '' && { model }),
      ...(regressor !== '' && { regressors: [Number(regressor)] }),
      ...(positive !== '' && { 'ensure-positive': true }),
    },
  };
}
