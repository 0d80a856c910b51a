// The module `flexmeasures/reporting` for authors of reporters. It has no imports, so that it compiles in their projects with any
// compiler settings.

/** A sensor that a reporter reads or writes. */
export interface ReportSensor {
  readonly id: number;
  readonly name: string;
  readonly unit: string;
  /** Length of its events in milliseconds; 0 for instants. */
  readonly resolution: number;
  /** IANA name. */
  readonly timezone: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a report is made from. */
export interface ReportInput {
  /** Name in the parameters; by default the name of the sensor. */
  readonly name: string;
  readonly sensor: ReportSensor;
  /** One value per step, in the unit of the sensor; NaN if unknown. Power and prices are means of a step, energy is its sum. */
  readonly values: Float64Array;
}

/** What a report fills. */
export interface ReportOutput {
  /** Name in the parameters; by default the name of the sensor. */
  readonly name: string;
  readonly sensor: ReportSensor;
}

/** Access to other data for a reporter. */
export interface ReporterContext {
  /** Values of another sensor, as those of an input. Rejects if there is no such sensor. */
  readSensor(sensorId: number): Promise<Float64Array>;
  /** Converts values of steps to another unit, also power to energy and back. Throws if that is not possible. */
  convert(values: Float64Array, from: string, to: string): Float64Array;
}

/** Arguments of a reporter. */
export interface ReporterRequest {
  /** Start of the first step, and end of the last one. */
  start: Date;
  end: Date;
  /** Starts of the steps. Steps are the events of the outputs. */
  steps: readonly Date[];
  /** Only what was known at this time is read, and the report is believed since then. */
  beliefTime: Date;
  inputs: readonly ReportInput[];
  outputs: readonly ReportOutput[];
  /** How the reporter works: the same for all its reports. */
  config: Readonly<Record<string, unknown>>;
  /** The parameters of this report. */
  parameters: Readonly<Record<string, unknown>>;
  context: ReporterContext;
}

/**
 * One value per step in the unit of the output, NaN if unknown. Reporters with several outputs return values by the name of the
 * output.
 */
export type ReportValues = ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>;

/** Base class of reporters. */
export abstract class Reporter {
  /** Name of the data source of the reports; by default the name of the class. */
  static readonly author?: string;
  /** Version of the data source. */
  static readonly version?: string;

  readonly start: Date;
  readonly end: Date;
  /** Starts of the steps. */
  readonly steps: readonly Date[];
  readonly beliefTime: Date;
  readonly inputs: readonly ReportInput[];
  readonly outputs: readonly ReportOutput[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly context: ReporterContext;

  constructor(request: ReporterRequest) {
    this.start = request.start;
    this.end = request.end;
    this.steps = request.steps;
    this.beliefTime = request.beliefTime;
    this.inputs = request.inputs;
    this.outputs = request.outputs;
    this.config = request.config;
    this.parameters = request.parameters;
    this.context = request.context;
  }

  /** Computes the report. If it throws, nothing is stored, and the message of the error is shown. */
  abstract computeReport(): ReportValues | Promise<ReportValues>;
}
