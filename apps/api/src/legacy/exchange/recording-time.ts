import type { RecordingTime } from '#lib/beliefs/model';
import { readHorizon, readPrior } from '../messages/fields';
import type { Message } from '../messages/message';
import { invalidHorizon } from '../messages/rejections';
import type { VersionRules } from './version-rules';

/** When posted values were recorded. Times in epoch milliseconds; the domain fills in what is missing. */
export type Recording = Pick<RecordingTime, 'priorMs' | 'horizonMs'>;

/** What a post is about. */
export type PostedKind = 'measurements' | 'prognosis' | 'other';

const MEASURED = 'Meter data must have a zero or negative horizon to indicate observations after the fact.';

/**
 * Reads when values were recorded.
 * @returns a function of the end of the last event and of the time of the request
 * @throws ApiError INVALID_HORIZON, INVALID_TIMEZONE
 */
export function readRecording(
  message: Message,
  { horizonFrom, acceptsPrior }: Pick<VersionRules, 'horizonFrom' | 'acceptsPrior'>,
  kind: PostedKind,
): (endMs: number, nowMs: number) => Recording {
  const horizon = readHorizon(message);
  if (kind === 'measurements' && horizon && horizon.horizonMs > 0) throw invalidHorizon(MEASURED);
  if (acceptsPrior) {
    if (horizon?.isRepeating)
      throw invalidHorizon(
        'Since version 2.0 it is a duration, not a repeating interval: PT6H instead of R/PT6H.',
      );
    return withPrior(readPrior(message), horizon?.horizonMs, kind);
  }
  if (!horizon && kind === 'prognosis')
    throw invalidHorizon('Please specify the horizon field using an ISO 8601 duration (such as PT24H).');
  if (!horizon || horizon.isRepeating || horizonFrom === 'each-event') {
    return () => ({ horizonMs: horizon?.horizonMs ?? 0 });
  }
  return (endMs) => ({ priorMs: endMs - horizon.horizonMs });
}

function withPrior(priorMs: number | undefined, horizonMs: number | undefined, kind: PostedKind) {
  return (endMs: number, nowMs: number): Recording => {
    if (kind === 'measurements' && priorMs !== undefined && priorMs < endMs)
      throw invalidHorizon('Meter data can only be observed after the fact.');
    // In play mode, the domain records values without a time right after their events. That is no time of a prognosis.
    const isUnknown = priorMs === undefined && horizonMs === undefined;
    return { priorMs: isUnknown && kind === 'prognosis' ? nowMs : priorMs, horizonMs };
  };
}
