// What authors of forecasters import as `flexmeasures/forecasting`. It stands alone, so that it means the same in their
// projects, whatever the settings of their compilers.

/** The sensor that is forecast. */
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

/** What was measured: one value per step, NaN where nothing is known. */
export interface MeasuredHistory {
  /** Start of the first step. */
  readonly start: Date;
  readonly values: Float64Array;
}

/** What a forecaster may ask for. */
export interface ForecasterContext {
  /**
   * What was known by the belief time about another sensor, such as a weather forecast: one value per step that is
   * forecast, in that sensor's unit, NaN where nothing is known. Rejects where the account of the asset may not read it.
   */
  readSensor(sensorId: number): Promise<Float64Array>;
}

/** What forecasts are asked for with. */
export interface ForecasterRequest {
  sensor: ForecastSensor;
  /** Start of the first event, and end of the last one, to forecast. */
  start: Date;
  end: Date;
  /** Length of a step in milliseconds. */
  resolution: number;
  /** Moment of forecasting: only what was known by then counts. */
  beliefTime: Date;
  /** Up to the belief time, and of prices beyond it as far as they were known. */
  history: MeasuredHistory;
  context: ForecasterContext;
}

/** A forecast with what it is between eight times of ten. */
export interface ProbabilisticForecast {
  low: number;
  median: number;
  high: number;
}

/** One forecast per step from start to end; NaN for one that cannot be forecast. */
export type ForecastValues = ArrayLike<number | ProbabilisticForecast>;

/** Base class of forecasters. */
export abstract class Forecaster {
  /** Name of the data source of the forecasts; that of the class when left out. */
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

  /** The forecasts. What it throws is the reason for which the job fails. */
  abstract computeForecast(): ForecastValues | Promise<ForecastValues>;
}
