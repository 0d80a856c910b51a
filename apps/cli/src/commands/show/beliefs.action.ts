import { writeFileSync } from 'node:fs';
import { DomainError, errorMessage } from '#lib/errors';
import { SensorsService, SourcesService, type Sensor, type Source } from '#lib/sensors';
import { assertTimeZone, durationToMs, formatInstant, type Duration } from '#lib/time';
import { type Services, withServices } from '../../app/services';
import { durationOption, endOption, instantOption } from '../../options/parse-times';
import { formatCount, joinNames } from '../../terminal/format-lists';
import { formatDurationInWords } from '../../terminal/durations';
import { plotSeries } from '../../terminal/plot';
import { beliefsCsv } from './beliefs-csv';
import { readSeries, type SensorSeries } from './beliefs-series';
import { invalidOption } from '../../options/option-error';

export interface ShowBeliefsOptions {
  sensorId: number[];
  start: string;
  duration: string;
  beliefTimeBefore?: string;
  source?: number[];
  /** Same as `source`; the name in older versions. */
  sourceId?: number[];
  resolution?: string;
  timezone?: string;
  combineLegend: boolean;
  toFile?: string;
}

export function showBeliefs(options: ShowBeliefsOptions): Promise<void> {
  const startMs = instantOption('--start', options.start);
  const beliefsBeforeMs =
    options.beliefTimeBefore === undefined
      ? undefined
      : instantOption('--belief-time-before', options.beliefTimeBefore);
  if (options.timezone !== undefined) assertTimeZone(options.timezone);
  const resolution = options.resolution === undefined ? undefined : resolutionOption(options.resolution);
  return withServices(async (services) => {
    const sensors = await getSensors(services, options.sensorId);
    const sources = await getSources(services, [...(options.source ?? []), ...(options.sourceId ?? [])]);
    const timezone = options.timezone ?? sensors[0]!.timezone;
    const endMs = endOption('--duration', options.duration, startMs, timezone);
    const sourceIds = sources.length > 0 ? sources.map(({ id }) => id) : undefined;
    const query = { startMs, endMs, beliefsBeforeMs, sourceIds, resolution, timezone };
    const known = omitEmptySeries(await readSeries(services, sensors, query));
    if (options.toFile !== undefined) saveTo(options.toFile, known, timezone);
    const period = `${formatDurationInWords(endMs - startMs)} and starts at ${inZone(startMs, timezone)}.`;
    console.log(`Beliefs for ${sensorsInWords(known.map(({ sensor }) => sensor))}.`);
    console.log(`Data spans ${period}`);
    if (beliefsBeforeMs !== undefined)
      console.log(`Only beliefs made before: ${inZone(beliefsBeforeMs, timezone)}.`);
    if (sources.length > 0)
      console.log(`Only beliefs of ${joinNames(sources.map(({ id, name }) => `${name} (Id ${id})`))}.`);
    show(known, options.combineLegend, timezone);
    if (options.toFile !== undefined) console.log('Data saved to file.');
  });
}

function resolutionOption(text: string): Duration {
  const resolution = durationOption('--resolution', text);
  const { years, months, ...exact } = resolution;
  const isPositive = !resolution.negative && (years || months || durationToMs(exact) > 0);
  if (isPositive) return resolution;
  throw invalidOption('--resolution', `'${text}' is not a positive duration.`);
}

async function getSensors(services: Services, ids: number[]): Promise<Sensor[]> {
  const sensors = [];
  for (const id of new Set(ids)) sensors.push(await services(SensorsService).get(id, '--sensor-id'));
  return sensors;
}

async function getSources(services: Services, ids: number[]): Promise<Source[]> {
  const sources = [];
  for (const id of new Set(ids)) sources.push(await services(SourcesService).get(id, '--source'));
  return sources;
}

/** Removes sensors without values. Warns about them, and about values that the resolution omits. */
function omitEmptySeries(series: SensorSeries[]): SensorSeries[] {
  const known = series.filter(({ values }) => values.length > 0);
  const notes = series.flatMap(({ sensor: { id, name }, omittedCount: leftOut }) =>
    leftOut === 0
      ? []
      : `Sensor ${id} (${name}): ${formatCount(leftOut, 'instant')} between the steps of --resolution omitted.`,
  );
  for (const { sensor, partialSteps } of series) {
    if (partialSteps === 0) continue;
    const steps = formatCount(partialSteps, 'step');
    notes.push(
      `Sensor ${sensor.id} (${sensor.name}): only a part of ${steps} is known, so that the whole is not shown.`,
    );
  }
  const unknown = series.filter(
    ({ values, omittedCount: leftOut, partialSteps }) => values.length + leftOut + partialSteps === 0,
  );
  if (unknown.length > 0) {
    const names = joinNames(unknown.map(({ sensor: { id, name } }) => `${id} (${name})`));
    const word = unknown.length === 1 ? 'sensor' : 'sensors';
    notes.push(`No beliefs found for ${word} ${names} in that period.`);
  }
  if (known.length === 0) throw new DomainError('NO_BELIEFS', notes.join(' '));
  for (const note of notes) console.error(`Warning: ${note}`);
  return known;
}

function show(all: SensorSeries[], isCombined: boolean, timezone: string): void {
  const series = finiteSeries(all);
  if (series.length === 0) return;
  const withSteps = series.find(({ stepMs }) => stepMs > 0);
  if (withSteps) console.log(`The time resolution (x-axis) is ${withSteps.resolutionInWords}.`);
  const labels = labelsOf(series);
  if (!isCombined) {
    series.forEach((one, index) => {
      if (series.length > 1) console.log(`\n${labels[index]!}`);
      console.log(plotSeries([{ ...one, label: labels[index]! }], one.sensor.unit, timezone));
    });
    return;
  }
  const unit = sharedUnit(series);
  if (unit === undefined)
    console.error(
      'Warning: The y-axis shows no unit, because the selected sensors do not share the same unit.',
    );
  const plotted = series.map((one, index) => ({
    ...one,
    label:
      unit === undefined && one.sensor.unit !== ''
        ? `${labels[index]!} in ${one.sensor.unit}`
        : labels[index]!,
  }));
  console.log(plotSeries(plotted, unit ?? '', timezone));
}

/** Series with finite values. Warns about infinite values, which cannot be plotted. */
function finiteSeries(series: SensorSeries[]): SensorSeries[] {
  for (const { sensor, values } of series) {
    const infinite = values.filter((value) => !Number.isFinite(value)).length;
    if (infinite > 0)
      console.error(
        `Warning: ${formatCount(infinite, 'infinite value')} of sensor ${sensor.id} (${sensor.name}) cannot be plotted.`,
      );
  }
  return series.filter(({ values }) => values.some(Number.isFinite));
}

function saveTo(path: string, series: SensorSeries[], timezone: string): void {
  const labels = labelsOf(series);
  const columns = series.map((one, index) => {
    const { unit } = one.sensor;
    return { ...one, header: unit === '' ? labels[index]! : `${labels[index]!} [${unit}]` };
  });
  try {
    writeFileSync(path, beliefsCsv(columns, timezone));
  } catch (error) {
    const reason = errorMessage(error);
    throw invalidOption('--to-file', `cannot write ${path}: ${reason}`);
  }
}

/** Names of the sensors, with their ids if names are equal. */
function labelsOf(series: SensorSeries[]): string[] {
  const names = series.map(({ sensor }) => sensor.name);
  return series.map(({ sensor: { id, name } }) =>
    names.filter((other) => other === name).length > 1 ? `${name} (Id ${id})` : name,
  );
}

function sharedUnit(series: SensorSeries[]): string | undefined {
  const units = new Set(series.map(({ sensor }) => sensor.unit));
  return units.size === 1 ? [...units][0] : undefined;
}

const sensorsInWords = (sensors: Sensor[]): string =>
  `Sensor${sensors.length > 1 ? 's' : ''} ${joinNames(sensors.map(({ id, name }) => `'${name}' (Id ${id})`))}`;

const inZone = (ms: number, timezone: string): string => formatInstant(ms, timezone).replace('T', ' ');
