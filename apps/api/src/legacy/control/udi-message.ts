import { fieldOf, isObject, toList, type Message } from '../messages/message';
import { readTime } from '../messages/fields';
import { incompletePtus, invalidDatetime } from '../messages/rejections';

/** A state of charge that is wanted at a time. */
export interface SocTarget {
  value: number;
  datetime: string;
}

/** The time of an event, as it was sent and in epoch milliseconds. @throws ApiError INVALID_DATETIME, INVALID_TIMEZONE */
export function readEventTime(message: Message): { datetime: string; timeMs: number } {
  const datetime = fieldOf(message, 'datetime');
  if (datetime === undefined) throw invalidDatetime('Missing datetime parameter.');
  return { datetime: datetime as string, timeMs: readTime(datetime, invalidDatetime) };
}

/** The state of charge of an event, in the unit of the message. @throws ApiError PTUS_INCOMPLETE */
export function readSoc(message: Message): number {
  const value = fieldOf(message, 'value');
  if (value === undefined) throw incompletePtus();
  return readNumber(value, 'Request includes empty or ill-formatted value(s).');
}

/**
 * The targets of an event; undefined without the field.
 * @param latestMs end of the longest schedule
 * @throws ApiError PTUS_INCOMPLETE, INVALID_DATETIME, INVALID_TIMEZONE
 */
export function readTargets(message: Message, latestMs: number): SocTarget[] | undefined {
  const given = fieldOf(message, 'targets', 'target');
  if (given === undefined) return undefined;
  return toList(given).map((target) => {
    const fields = isObject(target) ? target : {};
    const value = fieldOf(fields, 'value');
    if (value === undefined) throw incompletePtus('Target missing value parameter.');
    const datetime = fieldOf(fields, 'datetime');
    if (datetime === undefined) throw invalidDatetime('Target missing datetime parameter.');
    if (readTime(datetime, invalidDatetime) > latestMs)
      throw invalidDatetime(
        `Target datetime exceeds ${new Date(latestMs).toISOString()}, the end of the schedule.`,
      );
    return {
      value: readNumber(value, 'Request includes empty or ill-formatted target value(s).'),
      datetime: datetime as string,
    };
  });
}

function readNumber(value: unknown, reason: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw incompletePtus(reason);
}

/** Fields of a message that are fields of flex-models as well, with their names there. */
const FLEX_FIELDS = [
  ['soc_min', 'soc-min'],
  ['soc_max', 'soc-max'],
  ['roundtrip_efficiency', 'roundtrip-efficiency'],
] as const;

/** The fields of the flex-model that a message has. They are checked where schedules are triggered. */
export const readFlexFields = (message: Message): Record<string, unknown> =>
  Object.fromEntries(
    FLEX_FIELDS.map(([name, field]): [string, unknown] => [field, fieldOf(message, name)]).filter(
      ([, value]) => value !== undefined,
    ),
  );
