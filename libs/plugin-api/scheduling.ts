// The module `flexmeasures/scheduling` for authors of schedulers. It has no imports, so that it compiles in their projects
// with any compiler settings.

/** The asset that a power sensor belongs to. */
export interface ScheduledAsset {
  readonly id: number;
  readonly name: string;
  /** Name of its type, such as `battery`. */
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The power sensor to schedule. */
export interface ScheduledSensor {
  readonly id: number;
  readonly name: string;
  /** Unit of the stored values. Schedules are always in MW. */
  readonly unit: string;
  /** IANA name. */
  readonly timezone: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asset: ScheduledAsset;
  /** An attribute of the sensor, its asset or the nearest parent asset that has it; `otherwise` if none has it. */
  getAttribute(name: string, otherwise?: unknown): unknown;
}

/** Access to other data for a scheduler. */
export interface SchedulerContext {
  /**
   * Values of a sensor, such as a price or a load, as known at the belief time: one value per step of the schedule, NaN if
   * unknown. Values have the sign with which they are stored. Rejects if the user who asked for the schedule cannot read the
   * sensor, and also if the account of the asset cannot read it, unless the request refers to the sensor.
   *
   * @param unit unit to convert to, such as `EUR/MWh` or `MW`; by default the unit of the sensor
   */
  readSensor(sensorId: number, unit?: string): Promise<Float64Array>;
  /** Adds a warning to the result of the schedule, for example about an assumption. */
  warn(sentence: string): void;
}

/** Arguments of a scheduler. */
export interface SchedulerRequest {
  sensor: ScheduledSensor;
  start: Date;
  end: Date;
  /** Length of a step in milliseconds. */
  resolution: number;
  /** Belief time of the schedule: only values that were known at this time are available. */
  beliefTime: Date;
  /** The flex-model as sent, not validated; below, the flex-context. */
  flexModel: Readonly<Record<string, unknown>>;
  flexContext: Readonly<Record<string, unknown>>;
  context: SchedulerContext;
}

/** Mean power in the step that starts at `start`. */
export interface PowerEvent {
  start: Date | string | number;
  /** MW, consumption positive. */
  value: number;
}

/** MW, consumption positive: one number per step from start to end, or one event per step. */
export type PowerSchedule = ArrayLike<number> | readonly PowerEvent[];

/** Base class of schedulers. */
export abstract class Scheduler {
  /** Name of the data source of the schedules; by default the name of the class. */
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

  /** Computes the schedule. It is called once, after `deserializeConfig`. */
  abstract computeSchedule(): PowerSchedule | Promise<PowerSchedule>;

  /** Reads flex-model and flex-context. If it throws, the job fails with the message of the error. */
  deserializeConfig(): void | Promise<void> {
    this.configDeserialized = true;
  }
}
