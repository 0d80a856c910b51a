import { Field, ListField } from '../../http/schema/field';
import { integer, schemaOnly, text } from '../../http/schema/kinds';
import { sortedListQuery } from '../../http/paging/sorted-list-query.dto';

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

/** Filter, order and page of the sensors of an asset. */
export class AssetSensorsQuery extends sortedListQuery('id', 'name', 'resolution') {}
