import { Field } from '../../http/schema/field';
import { integer, list, schemaOnly, text } from '../../http/schema/kinds';

/** An organisation with its users and assets. */
export class Account {
  @Field(list(integer()))
  account_roles!: number[];

  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;
}

/** One account. */
export class AccountAnswer extends Account {
  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}
