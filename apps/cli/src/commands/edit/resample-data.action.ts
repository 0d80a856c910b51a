import { BeliefResamplingService, type ResamplingResult, type ResamplingWindow } from '#lib/beliefs';
import type { PartialRule } from '#lib/beliefs/model';
import { DomainError } from '#lib/errors';
import { SensorsService } from '#lib/sensors';
import { formatDuration, MINUTE_MS } from '#lib/time';
import { withServices } from '../../app/services';
import { instantOption } from '../../options/parse-times';
import { confirm } from '../../terminal/confirm';
import { formatCount } from '../../terminal/format-lists';
import { invalidOption } from '../../options/option-error';

export interface ResampleDataOptions {
  sensorId: number[];
  eventResolution: number;
  from?: string;
  until?: string;
  leaveOutside?: boolean;
  partial?: PartialRule;
  skipIntegrityCheck?: boolean;
}

export function resampleData(options: ResampleDataOptions): Promise<void> {
  const resolutionMs = options.eventResolution * MINUTE_MS;
  if (resolutionMs <= 0) {
    const message = 'must be a positive number of minutes.';
    throw invalidOption('--event-resolution', message);
  }
  const window = eventWindow(options);
  const sensorIds = [...new Set(options.sensorId)];
  return withServices(async (services) => {
    const resampling = services(BeliefResamplingService);
    const sensors = [];
    for (const id of sensorIds) sensors.push(await services(SensorsService).get(id, '--sensor-id'));
    for (const { id, name, eventResolutionMs } of sensors) {
      if (eventResolutionMs === resolutionMs)
        console.log(`Sensor ${id} (${name}) already has this event resolution.`);
    }
    if (sensors.every(({ eventResolutionMs }) => eventResolutionMs === resolutionMs)) return;
    if (!options.skipIntegrityCheck) {
      const preview = await resampling.preview(sensorIds, resolutionMs, window).catch(addOptionHint);
      for (const result of preview) console.log(describeResult(result, resolutionMs));
      await confirm('Resample these data?', { option: '--skip-integrity-check' });
    }
    const results = await resampling.resample(sensorIds, resolutionMs, window).catch(addOptionHint);
    if (options.skipIntegrityCheck)
      for (const result of results) console.log(describeResult(result, resolutionMs));
    console.log('Successfully resampled sensor data.');
  });
}

/** Rethrows the error BELIEFS_OUTSIDE with the options that solve it. */
function addOptionHint(error: unknown): never {
  if (!(error instanceof DomainError) || error.code !== 'BELIEFS_OUTSIDE') throw error;
  const advice =
    'Leave out --from and --until, or add --leave-outside if these events have that length already.';
  throw new DomainError(error.code, `${error.message} ${advice}`);
}

function eventWindow({ from, until, leaveOutside, partial }: ResampleDataOptions): ResamplingWindow {
  const startMs = from === undefined ? undefined : instantOption('--from', from);
  const endMs = until === undefined ? undefined : instantOption('--until', until);
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs)
    throw invalidOption('--until', 'must be later than --from.');
  return { startMs, endMs, leaveOutside, partial };
}

function describeResult(
  { sensor, before, after, partialEvents }: ResamplingResult,
  resolutionMs: number,
): string {
  const { id, name, eventResolutionMs } = sensor;
  const loss = resolutionMs > eventResolutionMs ? ', which loses detail' : '';
  return (
    `Sensor ${id} (${name}), ${eventResolutionMs === 0 ? 'instants' : formatDuration(eventResolutionMs)} to ${formatDuration(resolutionMs)}${loss}: ` +
    `${formatStatistics(before)} before, ${formatStatistics(after)} after.` +
    (partialEvents === 0
      ? ''
      : ` Only a part of ${formatCount(partialEvents, 'event')} is known (--partial decides what becomes of them).`)
  );
}

const formatStatistics = ({ count, mean }: ResamplingResult['before']): string =>
  formatCount(count, 'belief') + (count === 0 ? '' : ` with mean ${rounded(mean)}`);

const rounded = (value: number): string => String(Number(value.toPrecision(6)));
