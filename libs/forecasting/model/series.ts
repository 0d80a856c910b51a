/** Values at equal steps; NaN where nothing is known. */
export interface RegularSeries {
  /** Start of the first event, epoch ms. */
  startMs: number;
  /** Length of an event, ms. */
  stepMs: number;
  /** One value per step. */
  values: Float64Array;
}

/** What forecasts of a series are made from. */
export interface ForecastData {
  series: RegularSeries;
  /** IANA zone in which people live who make the series what it is. */
  zone: string;
  /** Days since 1970-01-01 in local time that are holidays. */
  holidays?: ReadonlySet<number>;
  /**
   * Other series that help, for instance weather: aligned with the steps of the series and reaching as far beyond it as
   * forecasts are wanted. Each value must have been known when a forecast for its step was made. NaN where unknown.
   */
  regressors?: readonly Float64Array[];
}
