import { partOf } from '../../http/contract/metadata';
import { Field, ListField } from '../../http/schema/field';
import { flag, integer, text, type Kind } from '../../http/schema/kinds';
import { ListQuery } from '../../http/paging/list-query.dto';
import { sortedListQuery } from '../../http/paging/sorted-list-query.dto';
import { Asset } from './assets.dto';

/** An asset in a list, with the fields that were asked for. */
export class AssetInList extends partOf(Asset) {
  @Field(integer())
  override id!: number;
}

/** A page of a list of assets. */
export class AssetRecords {
  @ListField(() => AssetInList)
  data!: AssetInList[];

  @Field(integer())
  'filtered-records'!: number;

  @Field(integer())
  'num-records'!: number;
}

/** Names of the fields of an asset. */
const FIELDS: readonly string[] = [
  'account_id',
  'attributes',
  'child_assets',
  'description',
  'external_id',
  'flex_context',
  'flex_model',
  'generic_asset_type',
  'generic_asset_type_id',
  'id',
  'latitude',
  'longitude',
  'name',
  'owner',
  'parent_asset_id',
  'sensors',
  'sensors_to_show',
  'sensors_to_show_as_kpis',
] satisfies (keyof Asset)[];

/** Names of fields, separated by `|`. */
const fieldNames: Kind = {
  schema: text({ maxLength: 500 }).schema,
  explain: (value) => {
    const reason = text({ maxLength: 500 }).explain(value);
    if (reason !== undefined) return reason;
    const unknown = namesIn(value as string).find((name) => !FIELDS.includes(name));
    return unknown === undefined ? undefined : `Parameter '${unknown}' is not a valid asset field.`;
  },
};

/** The names in `id|name`. */
export const namesIn = (fields: string): string[] =>
  fields
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const OPTIONAL = { optional: true };

/** Filters and page of the public assets. */
export class PublicAssetListQuery extends ListQuery {
  @Field(fieldNames, OPTIONAL)
  fields?: string;
}

/** Filters, order and page of a list of assets. */
export class AssetListQuery extends sortedListQuery('id', 'name', 'owner') {
  @Field(fieldNames, OPTIONAL)
  fields?: string;

  @Field(integer({ minimum: 1 }), { optional: true, also: ['account'] })
  account_id?: number;

  @Field(integer({ minimum: 1 }), OPTIONAL)
  root?: number;

  @Field(integer({ minimum: 0 }), OPTIONAL)
  depth?: number;

  @Field(integer({ minimum: 1 }), OPTIONAL)
  asset_type?: number;

  @Field(flag(), { default: false })
  all_accessible?: boolean;

  @Field(flag(), { default: false })
  include_public?: boolean;
}
