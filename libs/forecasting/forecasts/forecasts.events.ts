import { defineEvent } from '#lib/events';

/** Forecasts of a sensor were stored, all made so long before the end of their event, or all from one moment. */
export const FORECAST_STORED = defineEvent<
  {
    sensorId: number;
    /** Rows of beliefs that are new. */
    saved: number;
  } & ({ horizonMs: number } | { viewpointMs: number })
>('forecast.stored');
