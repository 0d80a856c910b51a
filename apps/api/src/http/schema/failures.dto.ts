import { Field } from './field';
import { choice, list, schemaOnly, text } from './kinds';

const ofStatus = (...statuses: string[]) => choice(...statuses);

/** Authentication failed. */
export class NotAuthenticated {
  @Field(text())
  message!: string;

  @Field(ofStatus('UNAUTHORIZED'))
  status!: string;
}

/** A rejected request. */
export class Rejection {
  @Field(text())
  message!: string;

  @Field(choice('Rejected'))
  result!: 'Rejected';

  @Field(text())
  status!: string;
}

/** Posted data would replace stored data of the same source and belief time. */
export class ReplacementRejection {
  @Field(text())
  message!: string;

  @Field(choice('Rejected'))
  results!: 'Rejected';

  @Field(ofStatus('INVALID_REPLACEMENT'))
  status!: string;
}

const REASONS = {
  type: 'object',
  additionalProperties: {
    oneOf: [
      { type: 'array', minItems: 1, items: { type: 'string' } },
      { type: 'object', additionalProperties: true },
    ],
  },
} as const;

/** Reasons by part of the request and by field path. */
const FAILED_FIELDS = {
  type: 'object',
  minProperties: 1,
  properties: {
    json: { oneOf: [REASONS, { type: 'string' }] },
    query: REASONS,
    path: REASONS,
    form: REASONS,
    args_and_json: REASONS,
  },
} as const;

/** A request with missing, unknown or invalid fields. */
export class ValidationFailure {
  @Field(schemaOnly(FAILED_FIELDS))
  message!: object;

  @Field(choice('Rejected'))
  result!: 'Rejected';

  @Field(ofStatus('UNPROCESSABLE_ENTITY'))
  status!: string;
}

/** A login without e-mail or password. */
export class MissingCredentials {
  @Field(list(text()))
  errors!: string[];

  @Field(schemaOnly({ type: 'integer', enum: [400] }))
  status!: 400;
}

/** Any other error. */
export class Failure {
  @Field(text())
  message!: string;

  @Field(choice('Rejected'), { optional: true })
  result?: 'Rejected';

  @Field(text())
  status!: string;
}
