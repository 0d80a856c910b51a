/**
 * An expected failure: a stable code for programs, a sentence that a user can act on and, where one field is to
 * blame, its path. The doors map codes to HTTP statuses, exit codes and job failures.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}
