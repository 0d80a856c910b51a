import { sortedListQuery } from '../../http/paging/sorted-list-query.dto';
import { Field, ListField } from '../../http/schema/field';
import { instant, integer, list, nullable, text } from '../../http/schema/kinds';

/** What somebody did, and when. */
export class AuditRecord {
  @Field(text())
  event!: string;

  @Field(instant())
  event_datetime!: string;

  @Field(nullable(integer()))
  active_user_id!: number | null;

  @Field(text())
  active_user_name!: string;

  @Field(nullable(text()))
  active_token_name!: string | null;

  @Field(text())
  event_type!: string;

  @Field(nullable(integer()))
  affected_account_id!: number | null;

  @Field(nullable(integer()))
  affected_user_id!: number | null;

  @Field(nullable(integer()))
  affected_asset_id!: number | null;

  @Field(nullable(integer()))
  affected_sensor_id!: number | null;

  @Field(list(text()))
  fields!: string[];
}

/** A page of an audit log. */
export class AuditRecords {
  @ListField(() => AuditRecord)
  data!: AuditRecord[];

  @Field(integer())
  'filtered-records'!: number;

  @Field(integer())
  'num-records'!: number;
}

/** Filter, order and page of an audit log. */
export class AuditLogQuery extends sortedListQuery('event_datetime') {}
