import { Field, ListField } from '../../http/schema/field';
import { choice, instant, integer, schemaOnly, text } from '../../http/schema/kinds';

/** The period of key figures. */
export class AssetKpisQuery {
  @Field(instant())
  start!: string;

  @Field(instant())
  end!: string;
}

/** A key figure of an asset. */
export class AssetKpi {
  @Field(choice('sum', 'min', 'max', 'mean'))
  downsample_function!: string;

  @Field(schemaOnly({ type: 'number', nullable: true }))
  downsample_value!: number | null;

  @Field(integer())
  sensor!: number;

  @Field(text())
  title!: string;

  @Field(text())
  unit!: string;
}

/** The key figures of an asset. */
export class AssetKpis {
  @ListField(() => AssetKpi)
  data!: AssetKpi[];
}
