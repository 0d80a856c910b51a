import { Field, OpenFields } from '../../http/schema/field';
import { integer, shown, text } from '../../http/schema/kinds';

/** Who wants a token. */
@OpenFields()
export class Credentials {
  @Field(text())
  email!: string;

  @Field(text({ format: 'password' }))
  password!: string;
}

/** A token, and whose it is. */
export class AuthToken {
  @Field(text())
  auth_token!: string;

  @Field(shown({ type: 'integer', enum: [200] }))
  status!: 200;

  @Field(integer())
  user_id!: number;
}
