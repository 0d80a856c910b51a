// What authors of schedulers import as `flexmeasures/scheduling`. It stands alone, so that it means the same in their
// projects, whatever the settings of their compilers.

/** The asset that a power sensor belongs to. */
export interface ScheduledAsset {
  readonly id: number;
  readonly name: string;
  /** Name of its type, such as `battery`. */
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The power sensor that a schedule is for. */
export interface ScheduledSensor {
  readonly id: number;
  readonly name: string;
  /** Unit in which it is stored; schedules are in MW whatever it is. */
  readonly unit: string;
  /** IANA name. */
  readonly timezone: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asset: ScheduledAsset;
  /** An attribute of the sensor, else of its asset, else of what that is a part of. */
  getAttribute(name: string, otherwise?: unknown): unknown;
}

/** What a scheduler may ask for. */
export interface SchedulerContext {
  /**
   * What was known by the belief time about a sensor, such as a price or a load: one value per step of the schedule,
   * NaN where nothing is known. Values have the sign that they were stored with. Rejects where whoever asked for the
   * schedule may not read the sensor, or the account of the asset may not, unless the request names the sensor.
   *
   * @param unit to convert to, such as `EUR/MWh` or `MW`; the sensor's own when left out
   */
  readSensor(sensorId: number, unit?: string): Promise<Float64Array>;
  /** Tells those who asked for the schedule what was assumed. */
  warn(sentence: string): void;
}

/** What a schedule is asked for with. */
export interface SchedulerRequest {
  sensor: ScheduledSensor;
  start: Date;
  end: Date;
  /** Length of a step in milliseconds. */
  resolution: number;
  /** Moment of scheduling: only what was known by then counts. */
  beliefTime: Date;
  /** As sent: nothing of it has been looked at. */
  flexModel: Readonly<Record<string, unknown>>;
  flexContext: Readonly<Record<string, unknown>>;
  context: SchedulerContext;
}

/** Mean power in the step that starts at a moment. */
export interface PowerEvent {
  start: Date | string | number;
  /** MW, consumption positive. */
  value: number;
}

/** MW, consumption positive: one number per step from start to end, or one event per step. */
export type PowerSchedule = ArrayLike<number> | readonly PowerEvent[];

/** Base class of schedulers. */
export abstract class Scheduler {
  /** Name of the data source of the schedules; that of the class when left out. */
  static readonly author?: string;
  /** Version of the data source. */
  static readonly version?: string;

  readonly sensor: ScheduledSensor;
  readonly start: Date;
  readonly end: Date;
  /** Length of a step in milliseconds. */
  readonly resolution: number;
  /** Number of steps from start to end. */
  readonly steps: number;
  readonly beliefTime: Date;
  flexModel: Readonly<Record<string, unknown>>;
  flexContext: Readonly<Record<string, unknown>>;
  readonly context: SchedulerContext;
  configDeserialized = false;

  constructor(request: SchedulerRequest) {
    this.sensor = request.sensor;
    this.start = request.start;
    this.end = request.end;
    this.resolution = request.resolution;
    this.steps = Math.round((request.end.getTime() - request.start.getTime()) / request.resolution);
    this.beliefTime = request.beliefTime;
    this.flexModel = request.flexModel;
    this.flexContext = request.flexContext;
    this.context = request.context;
  }

  /** The schedule. It is asked for once, after `deserializeConfig`. */
  abstract computeSchedule(): PowerSchedule | Promise<PowerSchedule>;

  /** Reads flex-model and flex-context. What it throws is the reason for which the job fails. */
  deserializeConfig(): void | Promise<void> {
    this.configDeserialized = true;
  }
}
