import { isPowerUnit } from '#lib/units';
import { Field } from '../../http/schema/field';
import { instant, integer, number, text, type Kind } from '../../http/schema/kinds';

const OPTIONAL = { optional: true };
const NULLABLE = { optional: true, nullable: true };

/** Fields of assets of version 2.0 that may always be left out. */
class OptionalAssetFields {
  @Field(text({ minLength: 4, maxLength: 80 }), OPTIONAL)
  display_name?: string;

  @Field(number({ minimum: -90, maximum: 90 }), NULLABLE)
  latitude?: number | null;

  @Field(number({ minimum: -180, maximum: 180 }), NULLABLE)
  longitude?: number | null;

  @Field(number({ minimum: 0 }), NULLABLE)
  min_soc_in_mwh?: number | null;

  @Field(number({ minimum: 0 }), NULLABLE)
  max_soc_in_mwh?: number | null;

  @Field(number(), NULLABLE)
  soc_in_mwh?: number | null;

  @Field(instant(), NULLABLE)
  soc_datetime?: string | null;

  @Field(integer({ minimum: 0 }), NULLABLE)
  soc_udi_event_id?: number | null;
}

const name = text({ minLength: 1, maxLength: 80 });
const assetType = text({ maxLength: 80 });
const ASSET_TYPE = { also: ['asset_type_name'] };
const unitName = text({ maxLength: 80 });
/** Sensors with other units are no assets of this version. */
const unit: Kind = {
  ...unitName,
  explain: (value) =>
    unitName.explain(value) ??
    (isPowerUnit(value as string) ? undefined : 'Not a unit of power, such as MW.'),
};
/** Minutes. */
const eventResolution = integer({ minimum: 0, maximum: 5_000_000 });
const capacity = number({ minimum: 0.0001 });
const reference = integer({ minimum: 1 });

/** A new asset of version 2.0. */
export class LegacyAssetPost extends OptionalAssetFields {
  @Field(name)
  name!: string;

  @Field(assetType, ASSET_TYPE)
  asset_type!: string;

  @Field(unit)
  unit!: string;

  @Field(eventResolution)
  event_resolution!: number;

  @Field(capacity)
  capacity_in_mw!: number;

  @Field(reference)
  owner_id!: number;

  @Field(reference)
  market_id!: number;
}

/** Changes of an asset of version 2.0. */
export class LegacyAssetPatch extends OptionalAssetFields {
  @Field(name, OPTIONAL)
  name?: string;

  @Field(assetType, { ...ASSET_TYPE, optional: true })
  asset_type?: string;

  @Field(unit, OPTIONAL)
  unit?: string;

  @Field(eventResolution, OPTIONAL)
  event_resolution?: number;

  @Field(capacity, OPTIONAL)
  capacity_in_mw?: number;

  @Field(reference, OPTIONAL)
  owner_id?: number;

  @Field(reference, OPTIONAL)
  market_id?: number;
}
