import { Field, OpenFields } from '../../http/schema/field';
import { integer, schemaOnly, text } from '../../http/schema/kinds';

/** Credentials of a user. */
@OpenFields()
export class Credentials {
  @Field(text())
  email!: string;

  @Field(text({ format: 'password' }))
  password!: string;

  @Field(text(), { optional: true })
  code?: string;
}

/** An authentication token with the id of its user. */
export class AuthToken {
  @Field(text())
  auth_token!: string;

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;

  @Field(integer())
  user_id!: number;
}
