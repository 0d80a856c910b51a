import { isEmail } from 'class-validator';
import { shown as shortened } from '#lib/errors';
import { isTimeZone } from '#lib/time';
import { sortedListQuery } from '../../http/paging/sorted-list-query.dto';
import { Field, ListField } from '../../http/schema/field';
import { flag, integer, list, nullable, schemaOnly, text, type Kind } from '../../http/schema/kinds';

/** An e-mail address; surrounding spaces are removed. */
function email(limits: { maxLength?: number } = {}): Kind {
  const kind = text({ format: 'email', ...limits });
  return {
    ...kind,
    explain: (value) => kind.explain(value) ?? (isEmail(value) ? undefined : 'Not a valid email address.'),
    read: (value) => (typeof value === 'string' ? value.trim() : value),
  };
}

/** An IANA time zone. */
const timeZone = (): Kind => ({
  schema: { type: 'string' },
  explain: (value) => {
    if (typeof value !== 'string') return 'Not a valid string.';
    return isTimeZone(value) ? undefined : `Timezone ${shortened(value)} doesn't exist.`;
  },
});

/** A name that is not blank. */
function username(): Kind {
  const kind = text({ maxLength: 255 });
  return {
    ...kind,
    explain: (value) =>
      kind.explain(value) ?? (String(value).trim() === '' ? 'Shorter than minimum length 1.' : undefined),
  };
}

/** A user of the API or the web pages. */
export class User {
  @Field(integer())
  account_id!: number;

  @Field(flag())
  active!: boolean;

  @Field(email())
  email!: string;

  @Field(list(integer()))
  flexmeasures_roles!: number[];

  @Field(integer())
  id!: number;

  @Field(nullable(text()))
  last_login_at!: string | null;

  @Field(nullable(text()))
  last_seen_at!: string | null;

  @Field(text())
  timezone!: string;

  @Field(text())
  username!: string;
}

/** A new user. */
export class InvitedUser extends User {
  @Field(text(), { optional: true })
  message?: string;
}

/** One user. */
export class UserAnswer extends User {
  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}

/** A changed user. */
export class UserPatchAnswer extends UserAnswer {
  @Field(text(), { optional: true })
  message?: string;
}

/** Changes of a user. */
export class UserPatch {
  @Field(flag(), { optional: true })
  active?: boolean;

  @Field(email({ maxLength: 255 }), { optional: true })
  email?: string;

  @Field(list(integer()), { optional: true })
  flexmeasures_roles?: number[];

  @Field(timeZone(), { optional: true })
  timezone?: string;

  @Field(username(), { optional: true })
  username?: string;
}

/** A user to create. */
export class UserPost {
  @Field(integer({ minimum: 1 }))
  account_id!: number;

  @Field(email({ maxLength: 255 }))
  email!: string;

  @Field(timeZone(), { optional: true })
  timezone?: string;

  @Field(username())
  username!: string;
}

/** A page of a list of users. */
export class UserRecords {
  @ListField(() => User)
  data!: User[];

  @Field(integer())
  'filtered-records'!: number;

  @Field(integer())
  'num-records'!: number;
}

/** Filters, order and page of the list of users. */
export class UserListQuery extends sortedListQuery('username', 'email', 'lastLogin', 'lastSeen') {
  @Field(integer({ minimum: 1 }), { optional: true, also: ['account'] })
  account_id?: number;

  @Field(flag(), { default: false })
  include_inactive?: boolean;
}

/** A response without other content. */
export class Ok {
  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}
