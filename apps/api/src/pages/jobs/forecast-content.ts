import { REQUESTED_FORECAST_JOB, type ForecastJobResult, type RequestedForecast } from '#lib/forecasting';
import type { Job } from '#lib/queues';
import { dateAt, formatInstant } from '#lib/time';
import { timeInWords } from '../frame/words';

/** Results of both kinds of forecast jobs, as far as a page shows them. */
type ForecastResult = Pick<
  ForecastJobResult,
  'linear' | 'withRegressors' | 'naive' | 'custom' | 'missing' | 'known' | 'failures'
> & { viewpoints?: number; firstEvent?: string };

/** What the page of a finished forecast job shows of its result. @param zone of the sensor */
export function forecastContent({ kind, payload, result }: Job, zone: string) {
  const { linear, withRegressors, naive, custom, missing, known, failures, ...rest } =
    result as ForecastResult;
  const counts: [name: string, count: number][] = [
    ['Events forecast by the model', linear],
    ['of these with the help of other sensors', withRegressors],
    ['Events forecast without a model', naive],
    ['Events forecast by a custom forecaster', custom],
    ['Events that could not be forecast', missing],
    ['Events that were known before', known],
  ];
  const request = kind === REQUESTED_FORECAST_JOB ? (payload as RequestedForecast) : undefined;
  const [startMs, endMs] = request ? [Date.parse(request.start), Date.parse(request.end)] : [NaN, NaN];
  return {
    facts: [
      ...(request
        ? [
            ['From', timeInWords(formatInstant(startMs, zone))],
            ['Until', timeInWords(formatInstant(endMs, zone))],
          ]
        : []),
      ...(rest.viewpoints !== undefined && rest.viewpoints > 1
        ? [['Moments from which it was forecast', String(rest.viewpoints)]]
        : []),
      ...counts.filter(([, count]) => count > 0).map(([name, count]) => [name, String(count)]),
    ],
    window: request && { first: dateAt(startMs, zone), last: dateAt(endMs - 1, zone) },
    warnings: failures,
  };
}
