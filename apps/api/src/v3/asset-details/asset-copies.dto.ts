import { Field } from '../../http/schema/field';
import { integer, text } from '../../http/schema/kinds';

/** Where a copy of an asset goes; by default to the same account and parent. */
export class AssetCopyQuery {
  @Field(integer({ minimum: 1 }), { optional: true })
  account?: number;

  @Field(integer({ minimum: 1 }), { optional: true })
  parent?: number;
}

/** An asset was copied. */
export class AssetCopy {
  @Field(integer())
  asset!: number;

  @Field(text())
  message!: string;
}
