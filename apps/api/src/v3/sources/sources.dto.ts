import { Field, ListField } from '../../http/schema/field';
import { flag, integer, list, schemaOnly, text } from '../../http/schema/kinds';

const textOrNull = schemaOnly({ type: 'string', nullable: true });
const idOrNull = schemaOnly({ type: 'integer', nullable: true });
const ok = schemaOnly({ type: 'integer', enum: [200] });

/** The source of a belief. */
export class DataSource {
  @Field(integer())
  id!: number;

  @Field(text())
  name!: string;

  @Field(text())
  type!: string;

  @Field(textOrNull)
  model!: string | null;

  @Field(textOrNull)
  version!: string | null;
}

/** A data source with its owner. */
export class SourceDetails extends DataSource {
  @Field(text())
  description!: string;

  @Field(idOrNull)
  account_id!: number | null;

  @Field(idOrNull)
  user_id!: number | null;
}

/** One data source. */
export class SourceAnswer extends SourceDetails {
  @Field(ok)
  status!: 200;
}

/** The data sources that a user may know. */
export class SourceList {
  @Field(list(text()))
  types!: string[];

  @ListField(() => SourceDetails)
  sources!: SourceDetails[];

  @Field(ok)
  status!: 200;
}

/** Which sources to list. */
export class SourceListQuery {
  @Field(flag(), { default: true, also: ['only-latest'] })
  only_latest?: boolean;
}
