// The module `flexmeasures/forecasting` for authors of forecasters. It has no imports, so that it compiles in their projects
// with any compiler settings.

/** The sensor to forecast. */
export interface ForecastSensor {
  readonly id: number;
  readonly name: string;
  /** Unit of history and forecasts. */
  readonly unit: string;
  /** IANA name. */
  readonly timezone: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asset: {
    readonly id: number;
    readonly name: string;
    readonly type: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  };
}

/** Measurements: one value per step, NaN if unknown. */
export interface MeasuredHistory {
  /** Start of the first step. */
  readonly start: Date;
  readonly values: Float64Array;
}

/** Access to other data for a forecaster. */
export interface ForecasterContext {
  /**
   * Values of another sensor, such as a weather forecast, as known at the belief time: one value per step to forecast, in the
   * unit of that sensor, NaN if unknown. Rejects if the account of the asset cannot read the sensor.
   */
  readSensor(sensorId: number): Promise<Float64Array>;
}

/** Arguments of a forecaster. */
export interface ForecasterRequest {
  sensor: ForecastSensor;
  /** Start of the first event, and end of the last one, to forecast. */
  start: Date;
  end: Date;
  /** Length of a step in milliseconds. */
  resolution: number;
  /** Belief time of the forecasts: only values that were known at this time are available. */
  beliefTime: Date;
  /** Measurements up to the belief time; prices also after it, if they were published. */
  history: MeasuredHistory;
  context: ForecasterContext;
}

/** A forecast with a prediction interval of 80 % (10 % and 90 % quantiles). */
export interface ProbabilisticForecast {
  low: number;
  median: number;
  high: number;
}

/** One forecast per step from start to end; NaN for steps without a forecast. */
export type ForecastValues = ArrayLike<number | ProbabilisticForecast>;

/** Base class of forecasters. */
export abstract class Forecaster {
  /** Name of the data source of the forecasts; by default the name of the class. */
  static readonly author?: string;
  /** Version of the data source. */
  static readonly version?: string;

  readonly sensor: ForecastSensor;
  readonly start: Date;
  readonly end: Date;
  /** Length of a step in milliseconds. */
  readonly resolution: number;
  /** Number of steps from start to end. */
  readonly steps: number;
  readonly beliefTime: Date;
  readonly history: MeasuredHistory;
  readonly context: ForecasterContext;

  constructor(request: ForecasterRequest) {
    this.sensor = request.sensor;
    this.start = request.start;
    this.end = request.end;
    this.resolution = request.resolution;
    this.steps = Math.round((request.end.getTime() - request.start.getTime()) / request.resolution);
    this.beliefTime = request.beliefTime;
    this.history = request.history;
    this.context = request.context;
  }

  /** Computes the forecasts. If it throws, the job fails with the message of the error. */
  abstract computeForecast(): ForecastValues | Promise<ForecastValues>;
}
