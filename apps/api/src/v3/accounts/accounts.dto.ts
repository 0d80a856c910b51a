import { TWO_FACTOR_POLICIES, type TwoFactorPolicy } from '#lib/accounts/model';
import { sortedListQuery } from '../../http/paging/sorted-list-query.dto';
import { Field, ListField } from '../../http/schema/field';
import { jsonObject } from '../../http/schema/json-kinds';
import { anyObject, choice, integer, list, nullable, schemaOnly, text } from '../../http/schema/kinds';

/** An organisation with its users and assets. */
export class Account {
  @Field(list(integer()))
  account_roles!: number[];

  @Field(anyObject())
  attributes!: Record<string, unknown>;

  @Field(nullable(integer()))
  consultancy_account_id!: number | null;

  @Field(integer())
  id!: number;

  @Field(nullable(text()))
  logo_url!: string | null;

  @Field(text())
  name!: string;

  @Field(nullable(integer()))
  plan_id!: number | null;

  @Field(nullable(text()))
  primary_color!: string | null;

  @Field(nullable(text()))
  secondary_color!: string | null;

  @Field(choice(...TWO_FACTOR_POLICIES))
  two_factor!: TwoFactorPolicy;
}

/** One account. */
export class AccountAnswer extends Account {
  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}

/** An account in a page, with the numbers of its users and assets. */
export class AccountInPage extends Account {
  @Field(integer())
  user_count!: number;

  @Field(integer())
  asset_count!: number;
}

/** A page of a list of accounts. */
export class AccountRecords {
  @ListField(() => AccountInPage)
  data!: AccountInPage[];

  @Field(integer())
  'filtered-records'!: number;

  @Field(integer())
  'num-records'!: number;
}

const name = () => text({ maxLength: 100 });
const optionalText = (maxLength: number) => nullable(text({ maxLength }));
const accountId = () => nullable(integer({ minimum: 1 }));

/** An account to create. */
export class AccountPost {
  @Field(name())
  name!: string;

  @Field(accountId(), { optional: true })
  consultancy_account_id?: number | null;
}

/** Changes of an account. */
export class AccountPatch {
  @Field(list(integer()), { optional: true })
  account_roles?: number[];

  @Field(jsonObject(), { optional: true })
  attributes?: Record<string, unknown>;

  @Field(accountId(), { optional: true })
  consultancy_account_id?: number | null;

  @Field(optionalText(255), { optional: true })
  logo_url?: string | null;

  @Field(name(), { optional: true })
  name?: string;

  @Field(nullable(integer({ minimum: 1 })), { optional: true })
  plan_id?: number | null;

  @Field(optionalText(7), { optional: true })
  primary_color?: string | null;

  @Field(optionalText(7), { optional: true })
  secondary_color?: string | null;

  @Field(choice(...TWO_FACTOR_POLICIES), { optional: true })
  two_factor?: TwoFactorPolicy;
}

/** Filters, order and page of the list of accounts. */
export class AccountListQuery extends sortedListQuery('id', 'name', 'assets', 'users') {
  @Field(text({ maxLength: 80 }), { optional: true })
  role?: string;
}
