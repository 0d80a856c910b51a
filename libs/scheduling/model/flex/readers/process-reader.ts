import type { ProcessDevice, ProcessType } from '../..';
import { flexError } from '../flex-error';
import { isRecord, parseTimes } from '../values/variable-quantity';
import type { FlexReader } from './flex-reader';

type ModelReader = FlexReader<'flex-model'>;

const PROCESS_TYPES: ProcessType[] = ['INFLEXIBLE', 'SHIFTABLE', 'BREAKABLE'];

/**
 * Reads a process from its flex-model.
 * @param device its id, and its name for warnings
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function readProcess({ id, name }: { id: string; name: string }, reader: ModelReader): ProcessDevice {
  const type = PROCESS_TYPES.find((one) => one === reader.raw('process-type'));
  if (!type) throw flexError('process-type', `must be one of: ${PROCESS_TYPES.join(', ')}.`);
  const powerMw = reader.fixed('power');
  if (powerMw === undefined) throw flexError('power', 'needed for a process.');
  const { startMs, stepMs, timezone } = reader.sources.window;
  const duration = reader.raw('duration');
  const { endMs } = parseTimes({ start: new Date(startMs).toISOString(), duration }, 'duration', timezone);
  if (endMs <= startMs) throw flexError('duration', 'the duration of a process must be positive.');
  const durationSteps = (endMs - startMs) / stepMs;
  const share = durationSteps % 1;
  if (share > 0) {
    const percent = Number((100 * share).toPrecision(4));
    reader.sources.warn(
      `${name}: duration is not a whole number of steps: in one step, it runs at ${percent} % of its power.`,
    );
  }
  return {
    kind: 'process',
    id,
    type,
    powerMw,
    durationSteps,
    forbidden: readRestrictions(reader),
    preferRunningSooner: true,
  };
}

/** The steps that overlap a time restriction: 1 where the process must not run. */
function readRestrictions(reader: ModelReader): Uint8Array | undefined {
  const raw = reader.raw('time-restrictions');
  if (raw === undefined) return undefined;
  if (!Array.isArray(raw)) throw flexError('time-restrictions', 'a list of intervals is needed.');
  const { startMs, stepMs, steps, timezone } = reader.sources.window;
  const forbidden = new Uint8Array(steps);
  raw.forEach((interval: unknown, i) => {
    const path = `time-restrictions.${i}`;
    if (!isRecord(interval)) throw flexError(path, 'an interval is needed.');
    const times = parseTimes(interval, path, timezone);
    const from = Math.max(0, Math.floor((times.startMs - startMs) / stepMs));
    const to = Math.min(steps, Math.ceil((times.endMs - startMs) / stepMs));
    forbidden.fill(1, from, Math.max(from, to));
  });
  return forbidden;
}
