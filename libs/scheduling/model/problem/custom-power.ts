/** A window in steps of equal length. */
interface Steps {
  startMs: number;
  stepMs: number;
  steps: number;
}

/**
 * Reads the schedule that a custom scheduler returned: a list of one number per step, or a list of one event per step,
 * each with its start and its value.
 *
 * @param given MW, in whatever form the custom scheduler returned it
 * @returns MW per step
 * @throws RangeError that says what is wrong
 */
export function readCustomPower(given: unknown, window: Steps): Float64Array {
  if (!isList(given)) throw new RangeError(`expected a list of numbers, but got ${typeName(given)}.`);
  const first = given.length > 0 ? given[0] : undefined;
  const power =
    typeof first === 'object' && first !== null ? fromEvents(given, window) : fromNumbers(given, window);
  const wrong = power.findIndex((mw) => !Number.isFinite(mw));
  if (wrong >= 0) throw new RangeError(`step ${wrong}: expected a number, but got ${String(given[wrong])}.`);
  return power;
}

function fromNumbers(given: ArrayLike<unknown>, { steps }: Steps): Float64Array {
  if (given.length !== steps) {
    throw new RangeError(`expected ${steps} numbers, one per step, but got ${given.length}.`);
  }
  return Float64Array.from({ length: steps }, (_, t) => (typeof given[t] === 'number' ? given[t] : NaN));
}

function fromEvents(given: ArrayLike<unknown>, { startMs, stepMs, steps }: Steps): Float64Array {
  const power = new Float64Array(steps).fill(NaN);
  const seen = new Set<number>();
  for (let i = 0; i < given.length; i++) {
    const { start, value } = (given[i] ?? {}) as { start?: unknown; value?: unknown };
    const t = (toMs(start) - startMs) / stepMs;
    if (!Number.isInteger(t) || t < 0 || t >= steps) {
      throw new RangeError(`event ${i} starts at ${String(start)}, which is not the start of a step.`);
    }
    if (seen.has(t)) throw new RangeError(`two events start at ${String(start)}.`);
    seen.add(t);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new RangeError(`event ${i}: expected a number, but got ${String(value)}.`);
    }
    power[t] = value;
  }
  if (seen.size < steps) {
    throw new RangeError(`expected ${steps} events, one per step, but got ${seen.size}.`);
  }
  return power;
}

function toMs(start: unknown): number {
  if (start instanceof Date) return start.getTime();
  if (typeof start === 'string') return Date.parse(start);
  return typeof start === 'number' ? start : NaN;
}

const isList = (given: unknown): given is ArrayLike<unknown> =>
  typeof given === 'object' && given !== null && typeof (given as { length?: unknown }).length === 'number';

const typeName = (given: unknown): string =>
  given === null || given === undefined ? 'nothing' : typeof given;
