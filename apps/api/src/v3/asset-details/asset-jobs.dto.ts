import { Field, ListField } from '../../http/schema/field';
import { choice, integer, nullable, schemaOnly, text } from '../../http/schema/kinds';

/** A job of an asset or of one of its sensors. */
export class AssetJob {
  @Field(choice('asset', 'sensor'))
  asset_or_sensor_type!: 'asset' | 'sensor';

  @Field(integer())
  asset_id!: number;

  @Field(schemaOnly({ type: 'string', format: 'date-time' }))
  enqueued_at!: string;

  @Field(text())
  entity!: string;

  @Field(nullable(text()))
  err!: string | null;

  @Field(schemaOnly({ type: 'string', format: 'uuid' }))
  job_id!: string;

  @Field(schemaOnly({ type: 'string', contentMediaType: 'application/json' }))
  metadata!: string;

  @Field(text())
  metadata_hash!: string;

  @Field(text())
  queue!: string;

  @Field(choice('queued', 'started', 'finished', 'failed'))
  status!: string;
}

/** The jobs of an asset. */
export class AssetJobs {
  @ListField(() => AssetJob)
  jobs!: AssetJob[];

  @Field(nullable(text()))
  redis_connection_err!: string | null;
}
