import { DomainError } from '#lib/errors';

export type TimeErrorCode =
  | 'INVALID_DATETIME'
  | 'NAIVE_DATETIME'
  | 'INVALID_DURATION'
  | 'NOMINAL_DURATION'
  | 'INVALID_TIMEZONE'
  | 'AMBIGUOUS_LOCAL_TIME'
  | 'MISSING_LOCAL_TIME';

/** An invalid datetime, duration or time zone. */
export class TimeError extends DomainError {
  constructor(code: TimeErrorCode, message: string, field?: string) {
    super(code, message, field);
    this.name = 'TimeError';
  }
}
