import { DEVICE_SCOPES } from '#lib/device-tokens/model';
import { Field } from '../../http/schema/field';
import { choice, instant, integer, list, nullable, text } from '../../http/schema/kinds';

const scopes = () => list(choice(...DEVICE_SCOPES), { minItems: 1, maxItems: 10 });
const assets = () => list(integer({ minimum: 1 }), { minItems: 1, maxItems: 1000 });

/** A device token, without its secret. */
export class DeviceToken {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(list(choice(...DEVICE_SCOPES)))
  scopes!: string[];

  @Field(nullable(list(integer())))
  assets!: number[] | null;

  @Field(instant())
  created_at!: string;

  @Field(nullable(instant()))
  expires_at!: string | null;

  @Field(nullable(instant()))
  last_used_at!: string | null;
}

/** A new device token, with its secret. */
export class NewDeviceToken extends DeviceToken {
  @Field(text())
  token!: string;
}

/** A device token to create. */
export class DeviceTokenPost {
  @Field(text({ maxLength: 80 }))
  name!: string;

  @Field(scopes())
  scopes!: (typeof DEVICE_SCOPES)[number][];

  @Field(assets(), { optional: true })
  assets?: number[];

  @Field(instant(), { optional: true })
  expires_at?: string;
}
