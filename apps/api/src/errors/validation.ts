import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { kindOf } from '../contract/field';
import { unprocessable, type FieldPlace, type FieldReasons } from './api-error';

/**
 * Checks a request's fields by the rules of its class. Fields that the class does not know are refused in a body and
 * left out of a query, where a token may stand beside them.
 */
export function validated(place: FieldPlace): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: place !== 'query',
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => unprocessable(place, reasonsOf(errors)),
  });
}

/** Groups whose fields are named without them, as clients know it. */
const GROUPS = ['flex-model', 'flex-context'];

function reasonsOf(errors: ValidationError[], prefix = ''): FieldReasons {
  const reasons: FieldReasons = {};
  for (const error of errors) {
    const { property, children } = error;
    const field = prefix + property;
    if (children?.length)
      Object.assign(reasons, reasonsOf(children, GROUPS.includes(field) ? '' : `${field}.`));
    else Object.assign(reasons, reasonsOfField(error, field));
  }
  return reasons;
}

function reasonsOfField(
  { property, constraints, value, target }: ValidationError,
  field: string,
): FieldReasons {
  if (constraints?.['whitelistValidation']) return { [field]: ['Unknown field.'] };
  if (value === undefined) return { [field]: ['Missing data for required field.'] };
  if (value === null) return { [field]: ['Field may not be null.'] };
  const items = target && kindOf(target, property)?.items;
  const ofItems: FieldReasons = {};
  if (items && Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      const reason = items.explain(item);
      if (reason !== undefined) ofItems[`${field}.${index}`] = [reason];
    });
  }
  return Object.keys(ofItems).length > 0 ? ofItems : { [field]: Object.values(constraints ?? {}) };
}
