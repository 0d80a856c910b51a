import { Field, ListField } from '../../http/schema/field';
import { schemaOnly, text } from '../../http/schema/kinds';

const textOrNull = schemaOnly({ type: 'string', nullable: true });
const ok = schemaOnly({ type: 'integer', enum: [200] });

/** A scheduler or forecaster that an attribute can name. */
export class OfferedAlgorithm {
  @Field(text())
  name!: string;

  @Field(text())
  module!: string;

  @Field(textOrNull)
  author!: string | null;

  @Field(textOrNull)
  version!: string | null;

  @Field(textOrNull)
  plugin_version!: string | null;
}

/** The schedulers that the attribute `custom-scheduler` can name. */
export class SchedulerList {
  @ListField(() => OfferedAlgorithm)
  schedulers!: OfferedAlgorithm[];

  @Field(ok)
  status!: 200;
}

/** The forecasters that the attribute `custom-forecaster` can name. */
export class ForecasterList {
  @ListField(() => OfferedAlgorithm)
  forecasters!: OfferedAlgorithm[];

  @Field(ok)
  status!: 200;
}
