import { Field, ListField } from '../../http/schema/field';
import { choice, integer, schemaOnly, text } from '../../http/schema/kinds';
import { ListQuery } from '../../http/paging/list-query.dto';

/** A sensor of an asset, as clients of 2026 read it. */
export class SensorOfAsset {
  @Field(text())
  entity_address!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  event_resolution!: string;

  @Field(integer())
  generic_asset_id!: number;

  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(text())
  timezone!: string;

  @Field(text())
  unit!: string;
}

/** The sensors of an asset, or a page of them. */
export class SensorRecords {
  @ListField(() => SensorOfAsset)
  data!: SensorOfAsset[];

  @Field(integer())
  'filtered-records'!: number;

  @Field(integer())
  'num-records'!: number;
}

const OPTIONAL = { optional: true };
const ORDER = ['id', 'name', 'resolution'] as const;

/** Filter, order and page of the sensors of an asset. */
export class AssetSensorsQuery extends ListQuery {
  @Field(integer({ minimum: 1, maximum: 1000 }), OPTIONAL)
  'per-page'?: number;

  @Field(choice(...ORDER), OPTIONAL)
  sort_by?: (typeof ORDER)[number];

  @Field(choice(...ORDER), OPTIONAL)
  'sort-by'?: (typeof ORDER)[number];

  @Field(choice('asc', 'desc'), OPTIONAL)
  sort_dir?: 'asc' | 'desc';

  @Field(choice('asc', 'desc'), OPTIONAL)
  'sort-dir'?: 'asc' | 'desc';
}
