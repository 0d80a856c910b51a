import type { ForecastConfig, ForecastTrigger, RegressorReference } from '#lib/forecasting';
import { unprocessable } from '../../http/errors/api-error';
import type { GivenRegressor } from './forecast-kinds';
import type { ForecastConfigPost, ForecastPost } from './forecast-requests.dto';

/** Models by their names in requests. */
const MODELS: Record<string, ForecastConfig['model']> = {
  CustomLGBM: 'linear',
  'linear-OLS': 'linear',
  naive: 'naive',
};

/** Converts a request body to what the domain forecasts. */
export const toForecastTrigger = ({ config = {}, ...body }: ForecastPost): ForecastTrigger => ({
  start: body.start ?? undefined,
  end: body.end ?? undefined,
  duration: body.duration ?? undefined,
  prior: body.prior ?? undefined,
  maxHorizon: body['max-forecast-horizon'] ?? undefined,
  frequency: body['forecast-frequency'] ?? undefined,
  isDeterministic: body.probabilistic === false,
  config: toConfig(config),
});

/** @throws ApiError 422 for bounds that contradict each other */
function toConfig(config: ForecastConfigPost): ForecastConfig {
  const isPositive = config['ensure-positive'] === true;
  if (isPositive && config.lower != null)
    throw unprocessable('json', { 'config.ensure-positive': ['Send either ensure-positive or lower.'] });
  const given: ForecastConfig = {
    model: config.model === undefined ? undefined : MODELS[config.model],
    pastRegressors: config['past-regressors']?.map(toReference),
    futureRegressors: config['future-regressors']?.map(toReference),
    regressors: config.regressors?.map(toReference),
    annotationRegressors: config['annotation-regressors']?.map(
      ({ account, asset, sensor, 'annotation-type': type = 'holiday' }) => ({ account, asset, sensor, type }),
    ),
    trainStart: config['train-start'] ?? undefined,
    trainPeriod: config['train-period'] ?? undefined,
    maxTrainingPeriod: config['max-training-period'] ?? undefined,
    retrainFrequency: config['retrain-frequency'] ?? undefined,
    missingThreshold: config['missing-threshold'],
    lower: isPositive ? 0 : (config.lower ?? undefined),
    upper: config.upper ?? undefined,
    snap: config.snap,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function toReference(given: GivenRegressor): RegressorReference {
  if (typeof given === 'number') return { sensor: given };
  return {
    sensor: given.sensor,
    ...(given.sources && { sources: given.sources }),
    ...(given['source-types'] && { sourceTypes: given['source-types'] }),
    ...(given['exclude-source-types'] && { excludeSourceTypes: given['exclude-source-types'] }),
    ...(given['source-account'] && { sourceAccounts: given['source-account'] }),
  };
}
