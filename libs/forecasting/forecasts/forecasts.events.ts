import { defineEvent } from '#lib/events';

/** Forecasts of a sensor were stored: rolling forecasts with a horizon, or fixed forecasts with a viewpoint. */
export const FORECAST_STORED = defineEvent<
  {
    sensorId: number;
    /** Number of new belief rows. */
    saved: number;
  } & ({ horizonMs: number } | { viewpointMs: number })
>('forecast.stored');
