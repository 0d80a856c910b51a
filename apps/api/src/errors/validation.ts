import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { unprocessable, type FieldPlace, type FieldReasons } from './api-error';

/** Checks a request's fields by the rules of its class; fields that the class does not know are refused. */
export function validated(place: FieldPlace): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => unprocessable(place, reasonsOf(errors)),
  });
}

/** Groups whose fields are named without them, as clients know it. */
const GROUPS = ['flex-model', 'flex-context'];

function reasonsOf(errors: ValidationError[], prefix = ''): FieldReasons {
  const reasons: FieldReasons = {};
  for (const { property, constraints, children, value } of errors) {
    const field = prefix + property;
    if (children?.length)
      Object.assign(reasons, reasonsOf(children, GROUPS.includes(field) ? '' : `${field}.`));
    else if (constraints?.['whitelistValidation']) reasons[field] = ['Unknown field.'];
    else if (value === undefined) reasons[field] = ['Missing data for required field.'];
    else reasons[field] = Object.values(constraints ?? {});
  }
  return reasons;
}
