import { Field, ListField } from '../../http/schema/field';
import { jsonList, jsonObject, jsonText, NOT_JSON } from '../../http/schema/json-kinds';
import { integer, nullable, number, schemaOnly, text, type Kind } from '../../http/schema/kinds';

/** Latitude or longitude in degrees, from -limit to limit. */
function degrees(name: 'latitude' | 'longitude', limit: number): Kind {
  const kind = number({ minimum: -limit, maximum: limit });
  const title = name === 'latitude' ? 'Latitude' : 'Longitude';
  return {
    ...kind,
    explain: (value) => {
      if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) <= limit)
        return kind.explain(value);
      const [side, bound] = value > 0 ? ['maximum', limit] : ['minimum', -limit];
      return `${title} ${value} exceeds the ${side} ${name} of ${bound} degrees.`;
    },
  };
}

const latitude = degrees('latitude', 90);
const longitude = degrees('longitude', 180);

/** A sensor of an asset. */
export class AssetSensor {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;
}

/** A type of assets, as it is named in assets. */
export class AssetTypeName {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;
}

/** The account that owns an asset. */
const OWNER = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'integer' }, name: { type: 'string' } },
} as const;

/** An asset directly below another one. */
export class ChildAsset {
  @Field(nullable(integer()))
  account_id!: number | null;

  @Field(() => AssetTypeName)
  generic_asset_type!: AssetTypeName;

  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;
}

/** An asset; its fields that contain JSON are text. */
export class Asset {
  @Field(nullable(integer()))
  account_id!: number | null;

  @Field(jsonText())
  attributes!: string;

  @ListField(() => ChildAsset)
  child_assets!: ChildAsset[];

  @Field(nullable(text()))
  description!: string | null;

  @Field(nullable(text()))
  external_id!: string | null;

  @Field(jsonText())
  flex_context!: string;

  @Field(jsonText())
  flex_model!: string;

  @Field(() => AssetTypeName)
  generic_asset_type!: AssetTypeName;

  @Field(integer())
  generic_asset_type_id!: number;

  @Field(integer())
  id!: number;

  @Field(schemaOnly({ type: 'number', nullable: true }))
  latitude!: number | null;

  @Field(schemaOnly({ type: 'number', nullable: true }))
  longitude!: number | null;

  @Field(text())
  name!: string;

  @Field(schemaOnly({ oneOf: [OWNER, { type: 'null' }] }))
  owner!: { id: number; name: string } | null;

  @Field(nullable(integer()))
  parent_asset_id!: number | null;

  @ListField(() => AssetSensor)
  sensors!: AssetSensor[];

  @Field(jsonText())
  sensors_to_show!: string;

  @Field(jsonText())
  sensors_to_show_as_kpis!: string;
}

/** One asset. */
export class AssetAnswer extends Asset {
  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}

/** A type of assets, such as a battery. */
export class AssetType {
  @Field(text())
  description!: string;

  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;
}

const OPTIONAL = { optional: true };

/** Fields that a new asset and changes of an asset have in common. */
class AssetFields {
  @Field(latitude, { optional: true, nullable: true })
  latitude?: number | null;

  @Field(longitude, { optional: true, nullable: true })
  longitude?: number | null;

  @Field(integer({ minimum: 1 }), { optional: true, nullable: true })
  parent_asset_id?: number | null;

  @Field(text({ maxLength: 10_000 }), { optional: true, nullable: true })
  description?: string | null;

  @Field(text({ maxLength: 80 }), { optional: true, nullable: true })
  external_id?: string | null;

  @Field(jsonObject(), OPTIONAL)
  flex_context?: Record<string, unknown>;

  @Field(jsonObject(), OPTIONAL)
  flex_model?: Record<string, unknown>;

  @Field(jsonList(), OPTIONAL)
  sensors_to_show?: unknown[];

  @Field(jsonList(), OPTIONAL)
  sensors_to_show_as_kpis?: unknown[];
}

/** Changes of an asset. */
export class AssetPatch extends AssetFields {
  @Field(text({ maxLength: 80 }), OPTIONAL)
  name?: string;

  @Field(integer(), OPTIONAL)
  generic_asset_type_id?: number;

  @Field(jsonObject(NOT_JSON), OPTIONAL)
  attributes?: Record<string, unknown>;
}

/** A new asset. */
export class AssetPost extends AssetFields {
  @Field(text({ maxLength: 80 }))
  name!: string;

  @Field(integer())
  generic_asset_type_id!: number;

  @Field(integer(), { optional: true, nullable: true })
  account_id?: number | null;

  @Field(jsonObject(NOT_JSON), { default: '{}' })
  attributes?: Record<string, unknown>;
}
