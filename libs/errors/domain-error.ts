/**
 * An expected failure: a stable code for programs, a message that a user can act on, and the path of the invalid field if
 * there is one. Codes are mapped to HTTP statuses, exit codes and job failures.
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
