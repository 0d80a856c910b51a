import { DomainError } from '#lib/errors';

/** An option or an argument as people type it: `--sensor-id`, or `<file>`. */
export type OptionName = `--${string}` | `<${string}>`;

/** The error for an option that cannot be used: `--until: must be later than --from.` */
export const invalidOption = (option: OptionName, reason: string): DomainError =>
  new DomainError('INVALID_OPTION', `${option}: ${reason}`, option);
