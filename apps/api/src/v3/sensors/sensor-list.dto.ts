import { ListQuery } from '../../http/paging/list-query.dto';
import { Field, ListField } from '../../http/schema/field';
import { flag, integer, text, type Kind } from '../../http/schema/kinds';
import { Sensor } from './sensors.dto';

/** An id. Ids that are too large for the database are unknown, as in paths. */
const id: Kind = { ...integer({ minimum: 1 }), explain: integer({ minimum: 1, format: 'int64' }).explain };

/** Selects the sensors to list. */
export class SensorListQuery extends ListQuery {
  @Field(id, { optional: true, also: ['account'] })
  account_id?: number;

  @Field(id, { optional: true, also: ['asset'] })
  asset_id?: number;

  @Field(flag(), { default: false, also: ['include-public-assets'] })
  include_public_assets?: boolean;

  @Field(flag(), { default: false, also: ['include-consultancy-clients'] })
  include_consultancy_clients?: boolean;

  @Field(text(), { optional: true })
  unit?: string;
}

/** A page of sensors. */
export class SensorPage {
  @ListField(() => Sensor)
  data!: Sensor[];

  @Field(integer())
  'num-records'!: number;

  @Field(integer())
  'filtered-records'!: number;
}
