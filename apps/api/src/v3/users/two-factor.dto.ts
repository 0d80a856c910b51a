import { TWO_FACTOR_POLICIES } from '#lib/accounts/model';
import { Field } from '../../http/schema/field';
import { choice, flag, integer, list, nullable, text } from '../../http/schema/kinds';

/** The second factor of a user. */
export class TwoFactor {
  @Field(choice(...TWO_FACTOR_POLICIES))
  policy!: string;

  @Field(nullable(text()))
  needed!: string | null;

  @Field(flag())
  has_app!: boolean;

  @Field(integer())
  recovery_codes_left!: number;
}

/** The secret of an app that is being set up. */
export class TwoFactorSetup {
  @Field(text())
  secret!: string;

  @Field(text())
  url!: string;
}

/** A code of the app. */
export class TwoFactorCode {
  @Field(text({ maxLength: 40 }))
  code!: string;
}

/** A code, if the user removes the own second factor. */
export class TwoFactorRemoval {
  @Field(text({ maxLength: 40 }), { optional: true })
  code?: string;
}

/** New recovery codes. */
export class RecoveryCodes {
  @Field(list(text()))
  recovery_codes!: string[];
}
