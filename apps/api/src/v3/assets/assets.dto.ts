import { Field, ListField } from '../../http/schema/field';
import {
  integer,
  jsonObjectText,
  nullable,
  number,
  schemaOnly,
  text,
  type Kind,
} from '../../http/schema/kinds';

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

/** An asset; its attributes are a string that contains a JSON object. */
export class Asset {
  @Field(nullable(integer()))
  account_id!: number | null;

  @Field(jsonObjectText())
  attributes!: string;

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

  @ListField(() => AssetSensor)
  sensors!: AssetSensor[];
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

/** Changes of an asset. */
export class AssetPatch {
  @Field(text({ maxLength: 80 }), { optional: true })
  name?: string;

  @Field(latitude, { optional: true, nullable: true })
  latitude?: number | null;

  @Field(longitude, { optional: true, nullable: true })
  longitude?: number | null;

  @Field(integer(), { optional: true })
  generic_asset_type_id?: number;

  @Field(jsonObjectText(), { optional: true })
  attributes?: string;
}

/** A new asset. */
export class AssetPost {
  @Field(text({ maxLength: 80 }))
  name!: string;

  @Field(latitude, { optional: true, nullable: true })
  latitude?: number | null;

  @Field(longitude, { optional: true, nullable: true })
  longitude?: number | null;

  @Field(integer())
  generic_asset_type_id!: number;

  @Field(integer(), { optional: true, nullable: true })
  account_id?: number | null;

  @Field(jsonObjectText(), { default: '{}' })
  attributes?: string;
}
