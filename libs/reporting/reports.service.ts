import { Inject, Injectable } from '@nestjs/common';
import { BeliefsService, knowledgeHorizonOf } from '#lib/beliefs';
import { beliefHorizonsAt, type BeliefColumns } from '#lib/beliefs/model';
import { ExtensionRegistry } from '#lib/extensions';
import type { ReportInput, ReportOutput, ReportSensor, ReportValues } from '#lib/plugin-api';
import { SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import {
  CLOCK,
  DAY_MS,
  formatDuration,
  parseDuration,
  ZoneClock,
  type Clock,
  type Duration,
} from '#lib/time';
import { converter } from '#lib/units';
import { invalid, type ReportRequest, type ReportSeries } from './report-request';
import { findReporter, REPORTERS } from './reporters';

/** The values of a report for one sensor. */
export interface ReportColumn {
  sensor: Sensor;
  /** Starts of the events, epoch ms. */
  eventStarts: Float64Array;
  /** Aligned with `eventStarts`, in the unit of the sensor; NaN if unknown. */
  values: Float64Array;
}

/** A report that is not stored yet. */
export interface Report {
  columns: ReportColumn[];
  beliefTimeMs: number;
  /** Data source of the report. */
  source: { name: string; type: 'reporter'; model: string; version: string };
}

/** Steps of a report: the events of its outputs. */
interface Steps {
  startMs: number;
  endMs: number;
  resolution: Duration;
  eventStarts: Float64Array;
  /** Aligned with `eventStarts`, epoch ms. */
  eventEnds: Float64Array;
}

/** Makes and stores reports with built-in reporters and those of plugins. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly extensions: ExtensionRegistry,
    private readonly sensors: SensorsService,
    private readonly sources: SourcesService,
    private readonly beliefs: BeliefsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Makes a report with the permissions of the host.
   * @throws DomainError REPORT_INVALID, SENSOR_NOT_FOUND, as `findReporter`; REPORTER_FAILED if the reporter throws or returns
   *   something else than values
   */
  async make(request: ReportRequest): Promise<Report> {
    const { config, parameters, startMs, endMs, beliefTimeMs = this.clock.now() } = request;
    const { name, class: CustomReporter } = findReporter(this.extensions, request.reporter);
    const outputs = await this.findSensors(request.outputs, 'output');
    const inputs = await this.findSensors(request.inputs, 'input');
    const steps = await this.stepsOf(outputs, startMs, endMs);
    const search = { beliefsBeforeMs: beliefTimeMs };
    const read: ReportInput[] = [];
    for (const [i, { name: input, sensor }] of inputs.entries()) {
      const { sourceIds } = request.inputs[i]!;
      const values = await this.readSteps(sensor, steps, { ...search, ...(sourceIds && { sourceIds }) });
      read.push({ name: input, sensor: describe(sensor), values });
    }
    const values = await REPORTERS.run(name, async () => {
      const reporter = new CustomReporter({
        ...{ config, parameters, inputs: read, outputs: outputs.map(toOutput) },
        ...{ start: new Date(startMs), end: new Date(endMs), beliefTime: new Date(beliefTimeMs) },
        steps: Array.from(steps.eventStarts, (ms) => new Date(ms)),
        context: {
          readSensor: async (id) => this.readSteps(await this.sensors.get(id), steps, search),
          convert: (column, from, to) => convertSteps(column, steps, from, to),
        },
      });
      return columnsOf(await reporter.computeReport(), outputs, steps.eventStarts);
    });
    const { author, model, version } = REPORTERS.getIdentity(CustomReporter, name);
    return { columns: values, beliefTimeMs, source: { name: author, type: 'reporter', model, version } };
  }

  /** Stores the known values of a report, all or nothing. @returns the number of beliefs saved; repeats are left out */
  async store({ columns, source, beliefTimeMs }: Report): Promise<number> {
    const sourceId = await this.sources.findOrCreate(source);
    const entries = columns.map((column) => ({
      sensor: column.sensor,
      beliefs: toBeliefs(column, sourceId, beliefTimeMs),
    }));
    const results = await this.beliefs.saveAll(entries);
    return results.reduce((sum, { saved }) => sum + saved, 0);
  }

  /** The sensors of a report, each with its name in the report. */
  private async findSensors(
    series: readonly ReportSeries[],
    field: string,
  ): Promise<{ name: string; sensor: Sensor }[]> {
    const found: { name: string; sensor: Sensor }[] = [];
    for (const [i, { sensorId, name }] of series.entries()) {
      const sensor = await this.sensors.get(sensorId, `${field}[${i}].sensor`);
      found.push({ name: name ?? sensor.name, sensor });
    }
    if (new Set(found.map(({ name }) => name)).size === found.length) return found;
    throw invalid(field, 'two sensors have the same name; give them other ones with "name".');
  }

  private async stepsOf(
    outputs: readonly { sensor: Sensor }[],
    startMs: number,
    endMs: number,
  ): Promise<Steps> {
    const [{ sensor }] = outputs as [{ sensor: Sensor }];
    const { eventResolutionMs: lengthMs, timezone } = sensor;
    if (lengthMs === 0) throw invalid('output', 'the events of the sensor must have a length.');
    const isDaily = lengthMs % DAY_MS === 0;
    const isSame = (one: Sensor): boolean =>
      one.eventResolutionMs === lengthMs && (!isDaily || one.timezone === timezone);
    if (!outputs.every((one) => isSame(one.sensor)))
      throw invalid(
        'output',
        'the sensors must have the same event resolution, and the same time zone if it is days.',
      );
    const resolution = parseDuration(isDaily ? `P${lengthMs / DAY_MS}D` : formatDuration(lengthMs));
    const clock = new ZoneClock(timezone);
    const isOnStep = (ms: number): boolean =>
      isDaily ? clock.instantToLocal(ms) % DAY_MS === 0 : ms % lengthMs === 0;
    if (!isOnStep(startMs) || !isOnStep(endMs))
      throw invalid(
        'start',
        `start and end must be on the steps of the output, which are ${formatDuration(lengthMs)} long.`,
      );
    const { eventStarts, eventEnds } = await this.beliefs.read(sensor, { startMs, endMs, resolution });
    return { startMs, endMs, resolution, eventStarts, eventEnds };
  }

  /** The values of a sensor on the steps of a report. */
  private async readSteps(
    sensor: Sensor,
    { startMs, endMs, resolution, eventStarts }: Steps,
    search: { beliefsBeforeMs: number; sourceIds?: number[] },
  ): Promise<Float64Array> {
    const read = await this.beliefs.read(sensor, { startMs, endMs, resolution }, search);
    if (read.eventStarts.every((ms, i) => ms === eventStarts[i]) && read.values.length === eventStarts.length)
      return read.values;
    throw invalid(
      'input',
      `the days of sensor ${sensor.id} are not those of the output: they have other time zones.`,
    );
  }
}

/** Converts values of steps, which have 23 or 25 hours if they are days on which the clocks change. */
function convertSteps(
  values: Float64Array,
  { eventStarts, eventEnds }: Steps,
  from: string,
  to: string,
): Float64Array {
  const lengthsMs = eventEnds.map((endMs, step) => endMs - eventStarts[step]!);
  const converters = new Map(
    [...new Set(lengthsMs)].map((eventResolutionMs) => [
      eventResolutionMs,
      converter(from, to, { eventResolutionMs }),
    ]),
  );
  return values.map((value, step) => converters.get(lengthsMs[step]!)!(value));
}

const toOutput = ({ name, sensor }: { name: string; sensor: Sensor }): ReportOutput => ({
  name,
  sensor: describe(sensor),
});

const describe = ({ id, name, unit, eventResolutionMs, timezone, attributes }: Sensor): ReportSensor => ({
  ...{ id, name, unit, timezone, attributes },
  resolution: eventResolutionMs,
});

/** @throws RangeError if these are no values for the outputs */
function columnsOf(
  given: ReportValues,
  outputs: readonly { name: string; sensor: Sensor }[],
  eventStarts: Float64Array,
): ReportColumn[] {
  const isList = typeof (given as { length?: unknown } | null)?.length === 'number';
  const byName = (isList ? { [outputs[0]!.name]: given } : given) as Readonly<
    Record<string, ArrayLike<number>>
  > | null;
  return outputs.map(({ name, sensor }) => {
    const values = Float64Array.from(byName?.[name] ?? []);
    if (values.length !== eventStarts.length)
      throw new RangeError(
        `it returned ${values.length} values for ${name}, and there are ${eventStarts.length} steps.`,
      );
    return { sensor, eventStarts, values };
  });
}

function toBeliefs(
  { sensor, ...column }: ReportColumn,
  sourceId: number,
  beliefTimeMs: number,
): BeliefColumns {
  const known = Array.from(column.values.keys()).filter((step) => !Number.isNaN(column.values[step]!));
  const eventStarts = Float64Array.from(known, (step) => column.eventStarts[step]!);
  return {
    eventStarts,
    beliefHorizons: beliefHorizonsAt(
      eventStarts,
      beliefTimeMs,
      sensor.eventResolutionMs,
      knowledgeHorizonOf(sensor),
    ),
    sourceIds: new Int32Array(known.length).fill(sourceId),
    cumulativeProbabilities: new Float64Array(known.length).fill(0.5),
    values: Float64Array.from(known, (step) => column.values[step]!),
  };
}
