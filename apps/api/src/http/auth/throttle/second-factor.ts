import type { User } from '#lib/accounts';
import type { SecondFactor } from '#lib/accounts/model';
import { ApiError } from '../../errors/api-error';

const HOW: Record<SecondFactor, string> = {
  app: 'Send the code that your app shows, or a recovery code',
  mail: 'A code was sent to you by e-mail. Send it',
};

/** The password is right, and a second factor is needed. */
export class SecondFactorNeeded extends ApiError {
  constructor(
    readonly user: User,
    readonly factor: SecondFactor,
  ) {
    super(403, {
      message: `The login needs a second factor. ${HOW[factor]} in the field 'code', with the same e-mail address and password.`,
      result: 'Rejected',
      status: 'SECOND_FACTOR_REQUIRED',
    });
  }
}

/** The password is right, and the code of the second factor is wrong, was used, or has expired. */
export const wrongSecondFactor = (): ApiError =>
  new ApiError(403, {
    message: 'The code of the second factor is wrong, was used before, or has expired.',
    result: 'Rejected',
    status: 'SECOND_FACTOR_INVALID',
  });
