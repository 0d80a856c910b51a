import { Field } from '../../http/schema/field';
import { choice, number, schemaOnly, text } from '../../http/schema/kinds';

/** A sign of life. */
export class Ping {
  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: 200;
}

/** The latest run of a task, or why it cannot be told, in the form of py-pinger. */
export class TaskRun {
  @Field(choice('OK', 'ERROR'))
  status!: 'OK' | 'ERROR';

  @Field(text())
  reason!: string;

  @Field(text())
  lastrun!: string;

  @Field(number())
  frequency!: number;

  @Field(text())
  process!: string;

  @Field(text())
  server!: string;
}

/** Form with a run of a task. */
export class TaskRunForm {
  @Field(text({ maxLength: 80 }))
  name!: string;

  @Field(text(), { default: 'True' })
  status?: string;

  @Field(text(), { optional: true })
  datetime?: string;
}

/** A run of a task was recorded. */
export class TaskRunReceipt {
  @Field(choice('OK'))
  status!: 'OK';
}

/** A run of a task was not recorded. */
export class TaskRunFailure {
  @Field(choice('ERROR'))
  status!: 'ERROR';

  @Field(text())
  reason!: string;
}
