import { DomainError } from '#lib/errors';

export type UnitErrorCode =
  | 'INVALID_UNIT'
  | 'INVALID_QUANTITY'
  | 'INCONVERTIBLE_UNITS'
  | 'MISSING_RESOLUTION'
  | 'MISSING_CAPACITY'
  | 'INVALID_CAPACITY'
  | 'OFFSET_UNIT';

/** An invalid unit or quantity, or an impossible conversion. */
export class UnitError extends DomainError {
  constructor(code: UnitErrorCode, message: string, field?: string) {
    super(code, message, field);
    this.name = 'UnitError';
  }
}
