import { DomainError } from '#lib/errors';
import { parseInstant } from '#lib/time';

/** A sensor of a report. */
export interface ReportSeries {
  sensorId: number;
  /** Undefined: the name of the sensor. */
  name?: string;
  /** Ids of the data sources to use; undefined: all. Only for inputs. */
  sourceIds?: number[];
}

/** A report to make. */
export interface ReportRequest {
  /** Name of a built-in reporter or of a class of a plugin. */
  reporter: string;
  inputs: ReportSeries[];
  outputs: ReportSeries[];
  startMs: number;
  endMs: number;
  /** Undefined: now. */
  beliefTimeMs?: number;
  config: Record<string, unknown>;
  parameters: Record<string, unknown>;
}

const PARAMETERS = ['input', 'output', 'start', 'end', 'belief_time'];

/**
 * Reads the parameters of a report: `{ "input": [{ "sensor": 1, "name": "load" }], "output": [{ "sensor": 3 }], "start": ... }`.
 * Others are left to the reporter.
 * @param window start and end (epoch ms) that come before those of the parameters
 * @throws DomainError REPORT_INVALID with the path of the field
 */
export function readReportRequest(
  reporter: string,
  config: Record<string, unknown>,
  parameters: Record<string, unknown>,
  window: { startMs?: number; endMs?: number } = {},
): ReportRequest {
  const { input, output, start, end, belief_time: beliefTime } = parameters;
  const startMs = window.startMs ?? readInstant(start, 'start');
  const endMs = window.endMs ?? readInstant(end, 'end');
  if (endMs <= startMs) throw invalid('end', 'must be later than the start.');
  return {
    reporter,
    inputs: readSeries(input, 'input'),
    outputs: readSeries(output, 'output'),
    ...{ startMs, endMs, config },
    ...(beliefTime !== undefined && { beliefTimeMs: readInstant(beliefTime, 'belief_time') }),
    parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => !PARAMETERS.includes(name))),
  };
}

function readSeries(given: unknown, field: string): ReportSeries[] {
  if (!Array.isArray(given) || given.length === 0)
    throw invalid(field, 'a list such as [{"sensor": 1, "name": "load"}] is expected.');
  const series = given.map((one, i) => readOneSeries(one, `${field}[${i}]`));
  const names = series.flatMap(({ name }) => name ?? []);
  if (new Set(names).size < names.length) throw invalid(field, 'two have the same name.');
  return series;
}

function readOneSeries(given: unknown, field: string): ReportSeries {
  if (typeof given !== 'object' || given === null) throw invalid(field, 'an object is expected.');
  const { sensor, name, sources, ...others } = given as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw invalid(`${field}.${unknown}`, 'unknown; there are sensor, name and sources.');
  if (!isId(sensor)) throw invalid(`${field}.sensor`, 'the id of a sensor is expected.');
  if (name !== undefined && (typeof name !== 'string' || name === ''))
    throw invalid(`${field}.name`, 'a text is expected.');
  if (sources !== undefined && !(Array.isArray(sources) && sources.every(isId)))
    throw invalid(`${field}.sources`, 'a list of ids of data sources is expected.');
  return { sensorId: sensor, name, sourceIds: sources };
}

const isId = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;

function readInstant(given: unknown, field: string): number {
  if (typeof given !== 'string') throw invalid(field, 'a datetime with time zone is expected.');
  try {
    return parseInstant(given);
  } catch {
    throw invalid(field, `"${given.slice(0, 80)}" is no datetime with time zone.`);
  }
}

export const invalid = (field: string, reason: string): DomainError =>
  new DomainError('REPORT_INVALID', `${field}: ${reason}`, field);
