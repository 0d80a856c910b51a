import { ApiHeader } from '../http/contract/metadata';
import { Field } from '../http/schema/field';
import { flag, type Kind } from '../http/schema/kinds';

/** More sensors or assets are not named in an address. */
const MAX_IDS = 200;

const IDS = '^[1-9]\\d{0,9}(,[1-9]\\d{0,9})*$';
const MAX_ID = 2_147_483_647;

/** Ids, separated by commas. */
const ids: Kind = {
  schema: { type: 'string', pattern: IDS, maxLength: MAX_IDS * 11 },
  explain: (value) => {
    if (typeof value !== 'string' || !new RegExp(IDS).test(value) || toIds(value).some((id) => id > MAX_ID))
      return 'Must be ids, separated by commas.';
    return toIds(value).length > MAX_IDS ? `Longer than maximum length ${MAX_IDS}.` : undefined;
  },
};

/** The ids in a valid text. */
export const toIds = (text: string): number[] => text.split(',').map(Number);

const PATTERN = '^\\d{1,19}-\\d{1,18}$';

/** The id of an event: its position in the order of all events. */
const eventId: Kind = {
  schema: { type: 'string', pattern: PATTERN },
  explain: (value) =>
    typeof value === 'string' && new RegExp(PATTERN).test(value) ? undefined : 'Not the id of an event.',
};

/** Which events a client wants, and from where on. */
export class EventStreamQuery {
  @Field(ids, { optional: true })
  sensor?: string;

  @Field(ids, { optional: true })
  asset?: string;

  @Field(eventId, { optional: true })
  last_event_id?: string;

  @Field(flag(), { default: true })
  follow?: boolean;
}

/** Declares the header with which clients resume. */
export const ResumesByHeader = (): MethodDecorator =>
  ApiHeader({ name: 'Last-Event-ID', required: false, schema: eventId.schema as { type: 'string' } });

/** Why the header is invalid; undefined if it is valid. */
export const explainEventId = (given: string): string | undefined => eventId.explain(given);
